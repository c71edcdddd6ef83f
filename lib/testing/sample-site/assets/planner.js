// The garden planner is drawn by this script alone: without JavaScript the page is an empty element.
const root = document.getElementById("root");

const PLANTS = [
  ["Basil", 2, "every week"],
  ["Lettuce", 4, "two bowls a week"],
  ["Parsley", 2, "every ten days"],
  ["Dwarf tomato", 2, "from week eleven"],
  ["Chives", 1, "every four weeks"],
];

function render() {
  const rows = PLANTS.map(
    ([name, pods, harvest]) => `<tr><td>${name}</td><td>${pods}</td><td>${harvest}</td></tr>`,
  ).join("");
  root.innerHTML = `<main class="planner"><h1>Garden planner</h1>
<p>The planner suggests how many pods of each plant you need for the number of people in your household. For three people who eat salad twice a week, eleven pods are enough, and a Table has room for one more.</p>
<p>Plant half of them today and the other half in two weeks, so that not everything is ripe on the same day. Replace lettuce after eight weeks and basil after four months.</p>
<div class="table-scroll"><table><thead><tr><th>Plant</th><th>Pods</th><th>Harvest</th></tr></thead><tbody>${rows}</tbody></table></div>
<p><a href="/products">To the shop</a></p></main>`;
}

render();
