// The garden planner is an application of this script alone: its pages exist in the browser, their addresses come from the history
// interface, and no link to them stands in any HTML that the server sends.
const root = document.getElementById("root");
const BASE = "/garden-planner";

const layout = (title, content, plants) => `<header><a href="/">Sprigwell</a>
<nav><a href="${BASE}">Planner</a> <a href="${BASE}/plants">Plants</a> <a href="${BASE}/calendar">Calendar</a> <a href="${BASE}/households">Households</a></nav></header>
<main class="planner"><h1>${title}</h1>${content}</main>
<footer><p>${plants.length} plants in the planner</p></footer>`;

function overview(plants) {
  const rows = plants.map(({ name, pods, harvest }) => `<tr><td>${name}</td><td>${pods}</td><td>${harvest}</td></tr>`);
  return [
    "Garden planner",
    `<p>The planner suggests how many pods of each plant you need for the number of people in your household. For three people who eat salad twice a week, eleven pods are enough, and a Table has room for one more.</p>
<p>Plant half of them today and the other half in two weeks, so that not everything is ripe on the same day. Replace lettuce after eight weeks and basil after four months.</p>
<div class="table-scroll"><table><thead><tr><th>Plant</th><th>Pods</th><th>Harvest</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>
<p><a href="/products">To the shop</a></p>`,
  ];
}

const list = (plants) => [
  "Plants of the planner",
  `<p>These are the plants that the planner reckons with. Each has a page of its own, which says how far apart its pods stand, how long it takes to the first harvest and what to do when it grows too high.</p>
<ul>${plants.map(({ slug, name, harvest }) => `<li><a href="${BASE}/plants/${slug}">${name}</a>, harvest ${harvest}</li>`).join("")}</ul>`,
];

const calendar = () => [
  "Planting calendar",
  `<p>The calendar spreads your pods over the year. In January and February the lamp burns for sixteen hours, from May to August for twelve. Sow lettuce every fourth week, always two pods at a time, and take the dwarf tomato out in November.</p>
<p>Print the calendar and hang it next to the Table, or let the planner send a reminder on the morning of each planting day.</p>`,
];

const households = () => [
  "Pods for your household",
  `<p>One person needs five pods, a couple eight, a family of three eleven and a family of five seventeen. Whoever makes pesto adds three pods of basil; whoever keeps rabbits adds four of lettuce.</p>
<p>Children like dwarf tomatoes best, so the planner counts one more pod of them for each child under twelve.</p>`,
];

const plantPage = (plant) => [
  plant.name,
  `<p>${plant.about}</p><p>In the planner: ${plant.pods} pods for three people, harvest ${plant.harvest}.</p><p><a href="${BASE}/plants">All plants</a></p>`,
];

function viewOf(path, plants) {
  if (path === BASE) return overview(plants);
  if (path === `${BASE}/plants`) return list(plants);
  if (path === `${BASE}/calendar`) return calendar();
  if (path === `${BASE}/households`) return households();
  const plant = plants.find(({ slug }) => path === `${BASE}/plants/${slug}`);
  return plant ? plantPage(plant) : ["Nothing grows here", "<p>The planner has no such page.</p>"];
}

async function show() {
  const plants = await (await fetch(`${BASE}/data/plants.json`)).json();
  const [title, content] = viewOf(location.pathname, plants);
  document.title = `${title} | Sprigwell`;
  root.innerHTML = layout(title, content, plants);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link?.pathname.startsWith(BASE)) return;
  event.preventDefault();
  history.pushState(null, "", link.pathname);
  show();
});
addEventListener("popstate", show);
show();
