import { type Random, seededRandom } from "@/lib/testing/sample-site/random";

/** Greens from deep to bright, and the accents of flowers and fruit. */
export const GREENS = ["#1f5b3f", "#2d7350", "#3f8f5f", "#5aa868", "#7cbf78"] as const;
export const TONES = {
  soil: "#5b4636",
  pod: "#cdb491",
  tomato: "#d9482f",
  chilli: "#c7361f",
  viola: "#7461b8",
  sun: "#f0a92e",
  sky: "#8fb7d8",
};

const round = (value: number): string => value.toFixed(1).replace(/\.0$/, "");

/** One pointed leaf from (x, y) in the direction of `angle` (degrees, 0 = right, -90 = up). */
export function leaf(x: number, y: number, length: number, width: number, angle: number, fill: string): string {
  const path = `M0 0C${round(length * 0.25)} ${round(-width)} ${round(length * 0.75)} ${round(-width)} ${round(length)} 0C${round(length * 0.75)} ${round(width)} ${round(length * 0.25)} ${round(width)} 0 0Z`;
  const vein = `M${round(length * 0.12)} 0H${round(length * 0.82)}`;
  return `<g transform="translate(${round(x)} ${round(y)}) rotate(${round(angle)})"><path d="${path}" fill="${fill}"/><path d="${vein}" stroke="#fff" stroke-opacity=".22" stroke-width="1.4" stroke-linecap="round"/></g>`;
}

function stem(x: number, y: number, height: number, lean: number, width = 4): string {
  return `<path d="M${round(x)} ${round(y)}q${round(lean)} ${round(-height / 2)} ${round(lean / 2)} ${round(-height)}" fill="none" stroke="${GREENS[1]}" stroke-width="${width}" stroke-linecap="round"/>`;
}

function basil(x: number, y: number, height: number, random: Random): string {
  const lean = random.between(-6, 6);
  const pairs = Math.max(2, Math.round(height / 26));
  let markup = stem(x, y, height, lean);
  for (let pair = 0; pair < pairs; pair++) {
    const share = (pair + 1) / pairs;
    const size = height * (0.42 - share * 0.12);
    const top = y - height * share;
    const middle = x + (lean / 2) * share;
    markup += leaf(middle, top, size, size * 0.36, -28 - random.between(0, 22), random.pick(GREENS.slice(1, 4)));
    markup += leaf(middle, top, size, size * 0.36, -152 + random.between(0, 22), random.pick(GREENS.slice(1, 4)));
  }
  return markup + leaf(x + lean / 2, y - height, height * 0.26, height * 0.1, -90 + lean, GREENS[4]);
}

function chives(x: number, y: number, height: number, random: Random): string {
  let markup = "";
  for (let blade = -5; blade <= 5; blade++) {
    const tall = height * (0.72 + random.next() * 0.34);
    markup += `<path d="M${round(x + blade * 1.6)} ${round(y)}q${round(blade * 1.2)} ${round(-tall * 0.6)} ${round(blade * 4.2)} ${round(-tall)}" fill="none" stroke="${random.pick(GREENS.slice(0, 4))}" stroke-width="3.4" stroke-linecap="round"/>`;
  }
  return markup;
}

function lettuce(x: number, y: number, height: number, random: Random, reddish = false): string {
  const fills = reddish ? ["#7b3b47", "#8f4a4f", "#5f7a48"] : [GREENS[3], GREENS[4], "#98cf86"];
  let markup = "";
  for (const angle of [-165, -15, -148, -32, -128, -52, -108, -72, -90]) {
    markup += leaf(x, y, height * (0.74 + random.next() * 0.2), height * 0.2, angle, random.pick(fills));
  }
  return markup;
}

function parsley(x: number, y: number, height: number, random: Random): string {
  let markup = "";
  for (const lean of [-26, -12, 2, 14, 27]) {
    const tall = height * (0.7 + random.next() * 0.3);
    const tipX = x + lean * 1.1;
    const tipY = y - tall;
    markup += `<path d="M${round(x)} ${round(y)}Q${round(x + lean * 0.2)} ${round(y - tall * 0.6)} ${round(tipX)} ${round(tipY)}" fill="none" stroke="${GREENS[2]}" stroke-width="3"/>`;
    for (const angle of [-150, -90, -30])
      markup += leaf(tipX, tipY, height * 0.2, height * 0.085, angle, random.pick(GREENS.slice(1, 4)));
  }
  return markup;
}

function fruiting(x: number, y: number, height: number, random: Random, fruit: "tomato" | "chilli"): string {
  let markup = basil(x, y, height, random);
  for (let index = 0; index < 5; index++) {
    const fruitX = x + random.between(-24, 24);
    const fruitY = y - height * (0.25 + 0.14 * index);
    markup +=
      fruit === "tomato"
        ? `<circle cx="${round(fruitX)}" cy="${round(fruitY)}" r="${random.between(7, 10)}" fill="${TONES.tomato}"/><circle cx="${round(fruitX - 2.5)}" cy="${round(fruitY - 3)}" r="2" fill="#fff" fill-opacity=".5"/>`
        : `<path d="M${round(fruitX)} ${round(fruitY)}c7 2 8 15 1 25c-4-6-8-18-1-25Z" fill="${TONES.chilli}"/>`;
  }
  return markup;
}

function flowers(x: number, y: number, height: number, random: Random): string {
  let markup = "";
  for (const [lean, colour] of [
    [-20, TONES.viola],
    [2, TONES.sun],
    [20, "#d96f4d"],
  ] as const) {
    const tall = height * (0.72 + random.next() * 0.28);
    markup +=
      stem(x, y, tall, lean, 3) +
      leaf(x, y - tall * 0.3, height * 0.26, height * 0.1, lean < 0 ? -150 : -30, GREENS[2]);
    const centreX = x + lean / 2;
    for (let petal = 0; petal < 5; petal++) markup += leaf(centreX, y - tall, 15, 6.4, petal * 72 - 90, colour);
    markup += `<circle cx="${round(centreX)}" cy="${round(y - tall)}" r="4" fill="#fbe3a1"/>`;
  }
  return markup;
}

export type Plant =
  | "basil"
  | "chives"
  | "lettuce"
  | "redlettuce"
  | "parsley"
  | "tomato"
  | "chilli"
  | "flowers"
  | "seedling";

/** A plant that stands with its foot at (x, y). The same arguments give the same drawing. */
export function plant(kind: Plant, x: number, y: number, height: number): string {
  const random = seededRandom(Math.round(x * 31 + y * 7 + height));
  switch (kind) {
    case "basil":
      return basil(x, y, height, random);
    case "chives":
      return chives(x, y, height, random);
    case "lettuce":
      return lettuce(x, y, height, random);
    case "redlettuce":
      return lettuce(x, y, height, random, true);
    case "parsley":
      return parsley(x, y, height, random);
    case "tomato":
    case "chilli":
      return fruiting(x, y, height, random, kind);
    case "flowers":
      return flowers(x, y, height, random);
    case "seedling":
      return (
        stem(x, y, height, 0, 3) +
        leaf(x, y - height, 15, 6, -35, GREENS[3]) +
        leaf(x, y - height, 15, 6, -145, GREENS[3])
      );
  }
}
