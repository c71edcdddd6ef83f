import { GREENS, leaf, type Plant, plant, TONES } from "@/lib/testing/sample-site/illustrations/plants";

export const rect = (
  x: number,
  y: number,
  width: number,
  height: number,
  radius: number,
  fill: string,
  extra = "",
): string => `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill}" ${extra}/>`;

export const ellipse = (x: number, y: number, rx: number, ry: number, fill: string, extra = ""): string =>
  `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${fill}" ${extra}/>`;

const shadow = (x: number, y: number, rx: number): string => ellipse(x, y, rx, 13, "#2b2a20", 'fill-opacity=".13"');

function glow(x: number, y: number, width: number, height: number): string {
  return `<path d="M${x} ${y}h${width}l40 ${height}h${-(width + 80)}Z" fill="#fff6d8" fill-opacity=".62"/>`;
}

const MIXED: readonly Plant[] = ["basil", "parsley", "lettuce", "chives", "basil", "redlettuce"];

/** The Sill, its base standing on y = `floor`. */
export function sill(x: number, floor: number, body = "#f7f4ec", plants: readonly Plant[] = MIXED): string {
  let markup = shadow(x + 190, floor + 4, 215) + rect(x + 176, floor - 286, 18, 220, 6, "#d9d4c6");
  markup += glow(x + 12, floor - 272, 356, 186);
  for (const [index, kind] of plants.entries())
    markup += plant(kind, x + 44 + index * 58, floor - 84, kind === "chives" ? 112 : 98);
  markup += rect(x, floor - 90, 380, 90, 26, body) + rect(x, floor - 90, 380, 26, 13, "#fff", 'fill-opacity=".55"');
  for (let hole = 0; hole < 6; hole++) markup += ellipse(x + 44 + hole * 58, floor - 84, 20, 6, TONES.soil);
  markup += `<circle cx="${x + 346}" cy="${floor - 32}" r="11" fill="none" stroke="${GREENS[3]}" stroke-width="4"/>`;
  return markup + rect(x - 4, floor - 290, 388, 20, 10, "#3a423c") + rect(x + 10, floor - 274, 360, 5, 2, "#ffe9a8");
}

/** The Table with its display. */
export function table(
  x: number,
  floor: number,
  plants: readonly Plant[] = ["tomato", "basil", "tomato", "lettuce", "parsley", "redlettuce"],
): string {
  let markup = shadow(x + 220, floor + 4, 250);
  markup += rect(x + 14, floor - 330, 14, 260, 6, "#cfcabd") + rect(x + 412, floor - 330, 14, 260, 6, "#cfcabd");
  markup += glow(x + 12, floor - 322, 416, 212);
  for (const [index, kind] of plants.entries())
    markup += plant(kind, x + 66 + index * 62, floor - 118, kind === "tomato" ? 158 : 104);
  for (const [index, kind] of [...plants].reverse().entries()) {
    if (kind !== "tomato") markup += plant(kind, x + 40 + index * 62, floor - 104, 78);
  }
  markup +=
    rect(x, floor - 116, 440, 116, 22, "#474f49") + rect(x, floor - 116, 440, 20, 10, "#fff", 'fill-opacity=".14"');
  markup +=
    rect(x + 168, floor - 82, 104, 54, 10, "#141a17") +
    `<text x="${x + 220}" y="${floor - 48}" text-anchor="middle" font-family="Inter, sans-serif" font-size="22" font-weight="600" fill="#bfe5b4">62 %</text>`;
  markup += rect(x + 360, floor - 70, 44, 30, 8, "#5a635d");
  return markup + rect(x - 4, floor - 344, 448, 24, 12, "#2e3531") + rect(x + 12, floor - 325, 416, 5, 2, "#ffe9a8");
}

/** The Tower, `height` 420 at scale 1. */
export function tower(x: number, floor: number, body = "#f7f4ec"): string {
  let markup =
    shadow(x + 90, floor + 4, 130) +
    rect(x + 12, floor - 96, 156, 92, 22, body) +
    rect(x + 12, floor - 96, 156, 22, 11, "#e4dfd2");
  const rows: readonly Plant[][] = [
    ["tomato", "chilli"],
    ["lettuce", "basil"],
    ["parsley", "redlettuce"],
    ["lettuce", "flowers"],
  ];
  markup += rect(x + 72, floor - 410, 36, 330, 14, "#e4dfd2");
  for (const [index, [left, right]] of rows.entries()) {
    const y = floor - 336 + index * 78;
    markup +=
      plant(left ?? "basil", x + 44, y + 4, 62) +
      plant(right ?? "basil", x + 136, y + 4, 62) +
      plant("basil", x + 90, y + 2, 48);
    markup +=
      rect(x + 22, y, 136, 34, 15, body) +
      rect(x + 22, y, 136, 10, 5, "#fff", 'fill-opacity=".7"') +
      rect(x + 22, y + 26, 136, 8, 4, "#ddd7c8");
  }
  markup += rect(x - 22, floor - 404, 12, 296, 6, "#3a423c") + rect(x + 190, floor - 404, 12, 296, 6, "#3a423c");
  markup += rect(x - 10, floor - 398, 4, 284, 2, "#ffe9a8") + rect(x + 186, floor - 398, 4, 284, 2, "#ffe9a8");
  return (
    markup +
    rect(x + 62, floor - 424, 56, 22, 11, "#3a423c") +
    `<circle cx="${x + 90}" cy="${floor - 413}" r="5" fill="#9fd0e8"/>`
  );
}

/** An ordinary pot with a Dew sensor in it. */
export function pottedPlant(x: number, floor: number): string {
  let markup = shadow(x, floor + 4, 110);
  for (const [angle, length] of [
    [-160, 120],
    [-135, 150],
    [-112, 176],
    [-90, 186],
    [-66, 172],
    [-42, 148],
    [-20, 116],
  ] as const) {
    markup += leaf(x, floor - 128, length, 25, angle, GREENS[Math.abs(angle) % 4] ?? GREENS[1]);
  }
  markup +=
    `<path d="M${x - 86} ${floor - 140}h172l-22 140h-128Z" fill="#c8714f"/>` +
    rect(x - 94, floor - 152, 188, 30, 8, "#d98362");
  markup +=
    rect(x + 44, floor - 268, 20, 124, 10, "#f7f4ec") +
    `<circle cx="${x + 54}" cy="${floor - 252}" r="5" fill="${GREENS[3]}"/>`;
  return markup;
}

/** A cardboard box of six pods with the plant on its front. */
export function podBox(x: number, floor: number, kind: Plant, colour: string, label: string): string {
  let markup = shadow(x + 160, floor + 4, 220);
  markup +=
    rect(x, floor - 250, 210, 250, 12, colour) + rect(x, floor - 250, 210, 44, 12, "#000", 'fill-opacity=".08"');
  markup +=
    `<circle cx="${x + 105}" cy="${floor - 112}" r="72" fill="#fff" fill-opacity=".9"/>` +
    plant(kind, x + 105, floor - 62, 96);
  markup += `<text x="${x + 105}" y="${floor - 220}" text-anchor="middle" font-family="Inter, sans-serif" font-size="20" font-weight="650" fill="#fff">${label}</text>`;
  for (let pod = 0; pod < 3; pod++) {
    const podX = x + 244 + pod * 58;
    markup +=
      plant("seedling", podX, floor - 66, 24) +
      `<path d="M${podX - 23} ${floor - 66}h46l-9 66h-28Z" fill="${TONES.pod}"/>` +
      ellipse(podX, floor - 66, 23, 7, TONES.soil);
  }
  return markup;
}

export function bottle(x: number, floor: number, colour: string, label: string, size = 1): string {
  const width = 124 * size;
  const height = 236 * size;
  let markup =
    shadow(x, floor + 4, width * 0.75) + rect(x - width / 2, floor - height, width, height, 26 * size, colour);
  markup += rect(x - 24 * size, floor - height - 46 * size, 48 * size, 54 * size, 9, "#2e3531");
  markup += rect(x - width / 2, floor - height * 0.72, width, height * 0.5, 0, "#fdfbf5");
  markup +=
    leaf(x - 4, floor - height * 0.44, 34 * size, 13 * size, -60, GREENS[2]) +
    leaf(x - 4, floor - height * 0.44, 26 * size, 10 * size, -140, GREENS[3]);
  return `${markup}<text x="${x}" y="${floor - height * 0.31}" text-anchor="middle" font-family="Inter, sans-serif" font-size="${16 * size}" font-weight="600" fill="#2e3531">${label}</text>`;
}
