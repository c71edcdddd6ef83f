import { html } from "@/lib/testing/sample-site/html";
import { page, type Reply, text } from "@/lib/testing/sample-site/reply";

const BASE = "/garden-planner";

/** What the planner's script asks for. */
const PLANTS = [
  {
    slug: "basil",
    name: "Basil",
    pods: 2,
    harvest: "every week",
    about:
      "Basil wants warmth and stands badly in a draught. Its pods stand two holes apart. Cut whole tips above a pair of leaves, from the fifth week on, and it branches; after four months it turns woody and is replaced.",
  },
  {
    slug: "lettuce",
    name: "Lettuce",
    pods: 4,
    harvest: "two bowls a week",
    about:
      "Lettuce is the fastest of all: first leaves after three weeks. Pick from the outside and leave the heart alone. Above 24 degrees it shoots up and tastes bitter, so keep it on the cooler side of the Table.",
  },
  {
    slug: "parsley",
    name: "Parsley",
    pods: 2,
    harvest: "every ten days",
    about:
      "Parsley needs patience, as its seeds take nineteen days to come up. Do not put it where parsley grew before. Both the flat and the curly kind grow to thirty centimetres under the lamp.",
  },
  {
    slug: "dwarf-tomato",
    name: "Dwarf tomato",
    pods: 2,
    harvest: "from week eleven",
    about:
      "The dwarf tomato is the only plant of the planner that must be pollinated: tap the flowers with a finger at noon, for a week. It carries about sixty fruits and drinks twice as much as any other plant.",
  },
  {
    slug: "chives",
    name: "Chives",
    pods: 1,
    harvest: "every four weeks",
    about:
      "Chives live for years. Cut the whole bunch three centimetres above the pod and give it a month. A frost in autumn makes them stronger: put the pod on the balcony for one night in November.",
  },
];

/** Pages that are found and read only by a crawler that runs scripts. */
export const plannerPages: readonly string[] = [
  BASE,
  `${BASE}/calendar`,
  `${BASE}/households`,
  `${BASE}/plants`,
  ...PLANTS.map(({ slug }) => `${BASE}/plants/${slug}`),
].sort();

/** The planner's answers: its data, and for every other address of it the same document, an empty element and a script. */
export function planner(path: string, origin: string): Reply | undefined {
  if (path === `${BASE}/data/plants.json`)
    return {
      ...text(JSON.stringify(PLANTS), "application/json; charset=utf-8"),
      headers: { "cache-control": "public, max-age=3600" },
    };
  if (path !== BASE && !path.startsWith(`${BASE}/`)) return undefined;
  const shell = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Garden planner | Sprigwell</title>
<link rel="canonical" href="${origin}${BASE}">
<link rel="stylesheet" href="/assets/site.css">
</head>
<body>
<div id="root"></div>
<noscript>You need to enable JavaScript to run this app.</noscript>
<script type="module" src="/assets/planner.js"></script>
</body>
</html>
`;
  return page(shell.value, { lastModified: "2026-05-04" });
}
