import type { Random } from "@/lib/testing/sample-site/random";

// Words from which the pages of the generated site are made. The numbers differ from page to page, so every page has facts of its own.
const CULTIVARS = [
  "Amber",
  "Basalt",
  "Cinder",
  "Dapple",
  "Ember",
  "Flint",
  "Garnet",
  "Heron",
  "Indigo",
  "Juniper",
  "Kestrel",
  "Linden",
  "Marble",
  "Nutmeg",
  "Opal",
  "Pewter",
  "Quartz",
  "Russet",
  "Saffron",
  "Teal",
];
const SPECIES = [
  "basil",
  "butterhead",
  "chard",
  "chervil",
  "cress",
  "dill",
  "dwarf bean",
  "fennel",
  "kale",
  "komatsuna",
  "lovage",
  "marjoram",
  "mizuna",
  "mustard",
  "oregano",
  "pak choi",
  "purslane",
  "radicchio",
  "rocket",
  "sage",
  "savory",
  "shiso",
  "sorrel",
  "spinach",
  "strawberry",
  "tarragon",
  "tatsoi",
  "thyme",
];
const TOPICS = [
  "Sowing",
  "Watering",
  "Feeding",
  "Light",
  "Pruning",
  "Harvest",
  "Pests",
  "Storage",
  "Seed saving",
  "Transplanting",
];
const PLACES = [
  "a cool hallway",
  "a bright kitchen",
  "an office shelf",
  "a north-facing room",
  "a heated conservatory",
  "a student flat",
  "a cellar with lamps",
  "a classroom",
];
const SIGNS = [
  "pale veins",
  "curled edges",
  "soft stems",
  "a bitter taste",
  "purple undersides",
  "slow roots",
  "dry tips",
  "a faint smell of pond",
];
const ACTIONS = [
  "change the water",
  "raise the lamp by two centimetres",
  "cut back a third of the leaves",
  "move the pod to the end of the row",
  "skip one dose of plant food",
  "open the cover for an hour a day",
  "rinse the filter",
  "lower the water to half",
];

const SENTENCES: readonly ((name: string, random: Random) => string)[] = [
  (name, r) =>
    `${name} germinates in ${r.between(3, 9)} to ${r.between(10, 19)} days when the water has ${r.between(17, 25)} °C.`,
  (name, r) =>
    `In our trial in ${r.pick(PLACES)}, ${r.between(8, 48)} plants of ${name} gave ${r.between(90, 640)} grams of leaves in ${r.between(5, 14)} weeks.`,
  (name, r) =>
    `Keep the lamp ${r.between(4, 18)} centimetres above the tips, and give ${name} between ${r.between(9, 12)} and ${r.between(13, 16)} hours of light.`,
  (name, r) =>
    `If you notice ${r.pick(SIGNS)}, ${r.pick(ACTIONS)} and look at ${name} again after ${r.between(2, 9)} days.`,
  (_, r) => `A dose of ${r.between(2, 15)} millilitres is enough for ${r.between(2, 6)} litres of water at this stage.`,
  (name, r) =>
    `Growers who kept ${name} in ${r.pick(PLACES)} reported ${r.pick(SIGNS)} in ${r.between(2, 31)} per cent of all cases.`,
  (name, r) =>
    `The first cut of ${name} comes in week ${r.between(4, 12)}, and the plant recovers within ${r.between(5, 16)} days.`,
  (_, r) =>
    `Before you ${r.pick(ACTIONS)}, check that the roots are white and at least ${r.between(3, 14)} centimetres long.`,
  (name, r) =>
    `Do not plant ${name} beside ${r.pick(SPECIES)}: the taller of the two takes about ${r.between(12, 45)} per cent of the light.`,
  (name, r) =>
    `Seed of ${name} keeps for ${r.between(1, 7)} years if it is stored below ${r.between(8, 20)} °C and away from damp.`,
  (_, r) => `When in doubt, ${r.pick(ACTIONS)}; it rarely does harm and often saves a week.`,
];

export interface GeneratedText {
  title: string;
  topic: string;
  description: string;
  /** Markdown. */
  body: string;
}

function paragraph(name: string, random: Random): string {
  return Array.from({ length: random.between(3, 5) }, () => random.pick(SENTENCES)(name, random)).join(" ");
}

/** The text of page `index`: a title that no other page has, and 250 to 700 words with lists and a table. */
export function generateText(index: number, random: Random): GeneratedText {
  const topic = TOPICS[index % TOPICS.length] ?? "Sowing";
  const species = SPECIES[Math.floor(index / TOPICS.length) % SPECIES.length] ?? "basil";
  const round = Math.floor(index / (TOPICS.length * SPECIES.length));
  const cultivar = CULTIVARS[round % CULTIVARS.length] ?? "Amber";
  const generation = Math.floor(round / CULTIVARS.length);
  const name = `${cultivar} ${species}${generation > 0 ? ` no. ${generation + 1}` : ""}`;
  const sections = Array.from({ length: random.between(3, 6) }, (_, section) => {
    const heading = `## ${random.pick(["What we found", "Step by step", "Common mistakes", "In numbers", "For beginners", "When it goes wrong", "Notes from the trial"])} ${section + 1}`;
    const steps = Array.from(
      { length: random.between(2, 4) },
      (_, step) => `${step + 1}. ${random.pick(SENTENCES)(name, random)}`,
    ).join("\n");
    return [heading, paragraph(name, random), section % 2 === 0 ? paragraph(name, random) : steps].join("\n\n");
  });
  const rows = Array.from(
    { length: random.between(3, 6) },
    (_, week) => `| ${week * 2 + 1} | ${random.between(2, 38)} cm | ${random.between(1, 95)} g |`,
  );
  const table = `| Week | Height | Weight |\n|---|---|---|\n${rows.join("\n")}`;
  return {
    title: `${topic}: ${name}`,
    topic,
    description: `${topic} for ${name}, from trial ${1_000 + index}.`,
    body: [paragraph(name, random), ...sections, "## Growth in the trial", table].join("\n\n"),
  };
}
