import {
  bottle,
  ellipse,
  podBox,
  pottedPlant,
  rect,
  sill,
  table,
  tower,
} from "@/lib/testing/sample-site/illustrations/devices";
import { GREENS, leaf, plant, TONES } from "@/lib/testing/sample-site/illustrations/plants";

const WIDTH = 640;
const HEIGHT = 480;

function frame(background: string, floor: string, content: string, horizon = 400): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" fill="none">${rect(0, 0, WIDTH, HEIGHT, 0, background)}${rect(0, horizon, WIDTH, HEIGHT - horizon, 0, floor)}${content}</svg>\n`;
}

const scaled = (content: string, scale: number, x: number, y: number): string =>
  `<g transform="translate(${x} ${y}) scale(${scale})">${content}</g>`;
const line = (path: string, stroke: string, width: number): string =>
  `<path d="${path}" fill="none" stroke="${stroke}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`;

const windowPane = (x: number, y: number, sky: string): string =>
  rect(x, y, 190, 230, 10, "#fff") + rect(x + 12, y + 12, 78, 206, 4, sky) + rect(x + 100, y + 12, 78, 206, 4, sky);

const trellis = (): string =>
  [0, 1, 2, 3].map((index) => line(`M${250 + index * 48} 404V130`, "#b98d57", 7)).join("") +
  [170, 230, 290].map((y) => line(`M240 ${y}H404`, "#8a8f88", 5)).join("") +
  plant("tomato", 290, 404, 210) +
  plant("chilli", 356, 404, 180);

const autofill = (): string =>
  scaled(table(0, 400), 0.66, 40, 140) +
  line("M330 376C420 376 380 250 470 262", "#b9c7c4", 7) +
  rect(440, 262, 140, 142, 22, "#f7f4ec") +
  rect(452, 316, 116, 78, 14, TONES.sky, 'fill-opacity=".75"') +
  rect(482, 246, 56, 22, 8, "#3a423c");

const pump = (): string =>
  ellipse(320, 408, 150, 13, "#2b2a20", 'fill-opacity=".13"') +
  rect(230, 230, 180, 176, 34, "#474f49") +
  rect(296, 170, 48, 70, 10, "#5a635d") +
  `<circle cx="320" cy="320" r="58" fill="#5f6963"/><circle cx="320" cy="320" r="14" fill="#dfe5df"/>` +
  [0, 60, 120, 180, 240, 300].map((angle) => leaf(320, 320, 52, 11, angle, "#c3cdc5")).join("") +
  rect(444, 340, 64, 64, 32, "#c8653b") +
  rect(460, 356, 32, 32, 16, "#eadfca");

const sachets = (): string =>
  [0, 1, 2, 3]
    .map(
      (index) =>
        `<g transform="translate(${150 + index * 88} ${214 - (index % 2) * 22}) rotate(${index * 5 - 8})">${rect(0, 0, 112, 168, 8, "#f7f4ec")}${rect(0, 0, 112, 30, 8, "#8fb7b0")}<circle cx="56" cy="92" r="30" fill="#dff0c8"/>${leaf(44, 100, 32, 12, -40, GREENS[3])}</g>`,
    )
    .join("");

const gift = (): string =>
  ellipse(330, 408, 210, 13, "#2b2a20", 'fill-opacity=".13"') +
  `<g transform="rotate(-6 320 280)">${rect(150, 170, 340, 210, 18, "#1f5b3f")}${rect(150, 250, 340, 34, 0, "#c8653b")}${plant("flowers", 408, 372, 90)}<text x="176" y="222" font-family="Inter, sans-serif" font-size="30" font-weight="650" fill="#fdfbf5">Sprigwell</text></g>`;

const bench = (): string =>
  rect(60, 372, 520, 26, 6, "#a87b4f") +
  rect(90, 398, 22, 82, 0, "#8a6440") +
  rect(528, 398, 22, 82, 0, "#8a6440") +
  scaled(sill(0, 400), 0.6, 110, 132) +
  line("M420 372l44-92", "#8a8f88", 9) +
  rect(404, 352, 34, 22, 6, "#c8653b") +
  line("M500 372V286", "#6d746f", 8) +
  rect(486, 252, 28, 44, 8, "#1f5b3f") +
  rect(60, 96, 520, 10, 4, "#d8c8ae") +
  [120, 190, 260, 420, 500].map((x) => line(`M${x} 106v54`, "#8a8f88", 8)).join("");

const server = (): string =>
  [0, 1, 2]
    .map(
      (index) =>
        rect(190, 150 + index * 84, 260, 68, 14, "#474f49") +
        rect(214, 176 + index * 84, 110, 14, 7, "#6d746f") +
        `<circle cx="414" cy="${184 + index * 84}" r="9" fill="${index === 0 ? TONES.tomato : GREENS[4]}"/>`,
    )
    .join("") +
  plant("basil", 508, 402, 120) +
  plant("chives", 132, 402, 110);

const chart = (): string =>
  [190, 110, 87, 81, 69, 62]
    .map(
      (share, index) =>
        rect(110 + index * 74, 390 - share * 1.25, 48, share * 1.25, 8, GREENS[index % 4] ?? GREENS[0]) +
        plant("seedling", 134 + index * 74, 390 - share * 1.25, 22),
    )
    .join("") + line("M90 392H560", "#6d746f", 3);

const lights = (): string =>
  (["#b4578f", "#c6a24a", "#efe7cf"] as const)
    .map((light, index) => {
      const x = 70 + index * 178;
      return (
        rect(x, 96, 142, 16, 8, "#3a423c") +
        `<path d="M${x + 6} 112h130l22 270h-174Z" fill="${light}" fill-opacity=".38"/>` +
        plant("lettuce", x + 71, 388, 82 + index * 16) +
        rect(x + 20, 384, 102, 26, 10, "#f7f4ec")
      );
    })
    .join("");

const DRAWINGS: Record<string, () => string> = {
  sill: () => frame("#e6ecdf", "#d3dccb", sill(130, 412)),
  table: () => frame("#eee4d6", "#e0d2be", table(100, 420)),
  tower: () => frame("#dfe8e6", "#cbd8d5", tower(230, 446), 420),
  dew: () => frame("#f3e4da", "#e8d0c0", pottedPlant(320, 418)),
  "pods-herb": () => frame("#e4eddd", "#d0dec7", podBox(120, 408, "basil", "#2d7350", "Herbs")),
  "pods-salad": () => frame("#edf1d9", "#dfe6c0", podBox(120, 408, "lettuce", "#6f9a3c", "Salad")),
  "pods-fruit": () => frame("#f6e1d8", "#ebcabc", podBox(120, 408, "tomato", "#b8452f", "Tomato, chilli")),
  "pods-flower": () => frame("#e9e3f1", "#d9cfe6", podBox(120, 408, "flowers", "#6a57a5", "Flowers")),
  "pods-blank": () => frame("#efe9dd", "#e0d6c4", podBox(120, 408, "seedling", "#a3845c", "Blank")),
  "leaf-food": () =>
    frame("#e4eddd", "#d0dec7", bottle(270, 410, "#3f8f5f", "Leaf") + bottle(424, 410, "#3f8f5f", "Leaf", 0.72)),
  "fruit-food": () => frame("#f8e8d2", "#eed5b2", bottle(320, 410, "#d08a2c", "Fruit")),
  trellis: () => frame("#ece7da", "#ddd4c0", trellis()),
  autofill: () => frame("#e0e9ec", "#ccdade", autofill()),
  bracket: () =>
    frame(
      "#ebe6dc",
      "#ebe6dc",
      scaled(sill(130, 330, "#c8714f"), 0.9, 30, 40) +
        rect(140, 337, 360, 12, 4, "#3a423c") +
        line("M180 349v34M460 349v34", "#3a423c", 8),
    ),
  pump: () => frame("#e2e6e4", "#d0d6d3", pump()),
  sachets: () => frame("#e1edea", "#cddfda", sachets()),
  gift: () => frame("#f3e4da", "#e8d0c0", gift()),
  "scene-tower": () =>
    frame(
      "#dbe5e2",
      "#c4b497",
      windowPane(60, 70, "#cfe3ee") + tower(310, 446) + scaled(pottedPlant(100, 400), 0.7, 480, 160),
      410,
    ),
  "scene-light": () => frame("#2a3440", "#222b35", lights()),
  "scene-pesto": () =>
    frame(
      "#eaeedb",
      "#c9a77c",
      `<path d="M170 300h300c0 70-60 108-150 108s-150-38-150-108Z" fill="#f7f4ec"/>${ellipse(320, 300, 150, 30, "#6f9a3c")}${plant("basil", 270, 292, 86)}${plant("basil", 366, 290, 104)}${rect(488, 250, 66, 156, 14, "#d8c15a")}`,
    ),
  "scene-winter": () =>
    frame(
      "#dde6ee",
      "#f2f4f6",
      windowPane(90, 60, "#a9c0d6") +
        windowPane(330, 60, "#a9c0d6") +
        [
          [120, 110],
          [160, 190],
          [230, 130],
          [360, 160],
          [420, 110],
          [480, 200],
          [240, 230],
        ]
          .map(([x = 0, y = 0]) => ellipse(x, y, 5, 5, "#fff"))
          .join("") +
        scaled(sill(120, 412), 0.9, 40, 42),
    ),
  "scene-seeds": () =>
    frame(
      "#f1e8d6",
      "#ddcba8",
      [0, 1, 2]
        .map(
          (index) =>
            `<g transform="translate(${110 + index * 150} ${150 + (index % 2) * 20}) rotate(${index * 4 - 4})">${rect(0, 0, 126, 180, 8, ["#2d7350", "#b8452f", "#a3845c"][index] ?? "#2d7350")}<circle cx="63" cy="100" r="44" fill="#fff" fill-opacity=".9"/>${plant((["parsley", "tomato", "lettuce"] as const)[index] ?? "basil", 63, 130, 60)}</g>`,
        )
        .join("") +
        [200, 240, 282, 330, 376, 420].map((x, index) => ellipse(x, 420 + (index % 3) * 9, 6, 4, TONES.soil)).join(""),
    ),
  "scene-bench": () => frame("#e9e2d4", "#cdbf9f", bench(), 440),
  "scene-server": () => frame("#dfe6ea", "#c9d4da", server()),
  "scene-school": () =>
    frame(
      "#e3ecd9",
      "#d8b98a",
      rect(60, 50, 240, 130, 10, "#1f5b3f") +
        line("M90 150l40-50 30 24 50-52 40 30", "#dff0c8", 5) +
        scaled(table(100, 420), 0.82, 120, 68),
    ),
  "scene-year": () => frame("#eef0df", "#dfe3c6", chart()),
  hero: () =>
    frame(
      "#e7ecdf",
      "#c9a77c",
      windowPane(40, 44, "#cfe3ee") + scaled(table(0, 400), 0.74, 20, 122) + scaled(tower(0, 446), 0.98, 420, -18),
      404,
    ),
};

/** Names of all drawings; each is served as `/assets/img/<name>.svg`. */
export const illustrationNames: readonly string[] = Object.keys(DRAWINGS);

/** The SVG text of a drawing (640 × 480), or undefined when there is none of that name. */
export function illustration(name: string): string | undefined {
  return DRAWINGS[name]?.();
}
