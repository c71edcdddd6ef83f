import type { Page } from "@/lib/testing/sample-site/content";
import { type Html, html } from "@/lib/testing/sample-site/html";
import { renderMarkdown } from "@/lib/testing/sample-site/markdown";
import { HELP_SECTIONS, SHOP_CATEGORIES } from "@/lib/testing/sample-site/structure";
import { longDate, MONTHS, productCard, type Rendered } from "@/lib/testing/sample-site/templates";

type Pages = ReadonlyMap<string, Page>;

const products = (pages: Pages): Page[] =>
  [...pages.values()].filter((page) => page.kind === "product" && page.lang === "en");

const listed = (pages: Pages, section: string): Page[] =>
  [...pages.values()].filter(
    (page) => page.section === section && page.kind !== "product" && page.lang === "en" && page.discover === "both",
  );

function posts(pages: Pages): Page[] {
  return listed(pages, "journal")
    .filter((page) => page.kind === "post")
    .sort((a, b) => b.updated.localeCompare(a.updated));
}

function postCard(post: Page): Html {
  return html`<article class="post-card"><a href="${post.path}"><img src="/assets/img/${post.data.image}.svg" alt="" width="640" height="480"><h3>${post.title}</h3><p>${post.description}</p><time datetime="${post.updated}">${longDate(post.updated)}</time></a></article>`;
}

const listingIntro = (page: Page): Html =>
  html`<div class="prose listing-intro">${renderMarkdown(page.body).body}</div>`;
const listingHead = (page: Page): Html => html`<h1>${page.title}</h1>${listingIntro(page)}`;

/** The start page. */
export function homeTemplate(page: Page, pages: Pages, origin: string): Rendered {
  const gardens = ["/products/sill", "/products/table", "/products/tower"].flatMap((path) => pages.get(path) ?? []);
  const pods = ["herb-starter-set", "salad-set", "chilli-tomato-set", "edible-flower-set"].flatMap(
    (name) => pages.get(`/products/${name}`) ?? [],
  );
  const facts = [
    [
      "Waters itself",
      "A full tank lasts ten days in a Sill and three weeks in a Tower. The app calls before it is empty.",
      "/help/watering-and-tank",
    ],
    [
      "Brings its own light",
      "Full-spectrum lamps follow the height of your plants, so any room will do, even one without a window.",
      "/help/light-schedule",
    ],
    [
      "Made to be mended",
      "Spare parts for ten years, guides for changing them yourself, fixed prices if we do it.",
      "/help/repairs",
    ],
    [
      "Yours without a subscription",
      "Every garden works with the free plan. Paid plans add history, people and a monthly box of pods.",
      "/plans?utm_source=home&utm_medium=tile",
    ],
  ] as const;
  const quotes = [
    ["I have killed every plant I ever owned. The Sill and I are in month fourteen.", "Mareike, Bremen"],
    ["Our children eat salad because it comes out of “their” Table. I ask no questions.", "Joost and Lien, Breda"],
    ["The pump broke after four years. A new one was in the letter box two days later.", "Camille, Lille"],
  ] as const;
  const main = html`<section class="hero"><div class="hero-text"><h1>${page.title}</h1>${renderMarkdown(page.body).body}<p class="hero-actions"><a class="button-primary" href="/products?ref=hero">Shop gardens</a><a class="button-quiet" href="/compare">Compare the three</a></p></div><img src="/assets/img/hero.svg" alt="A Table and a Tower in a kitchen" width="640" height="480"></section>
<section class="band"><h2>Three gardens, one idea</h2><div class="card-grid three">${gardens.map((product) => productCard(product, product.path === "/products/sill" ? "/p/sill?ref=home" : product.path))}</div></section>
<section class="band"><h2>What a Sprigwell does for you</h2><div class="fact-grid">${facts.map(([title, text, href]) => html`<div class="fact"><h3>${title}</h3><p>${text}</p><a href="${href}">Read more<span class="sr-only"> about: ${title}</span></a></div>`)}</div></section>
<section class="band"><h2>Something to plant</h2><div class="card-grid">${pods.map((product) => productCard(product))}</div></section>
<section class="band"><h2>From the journal</h2><div class="card-grid three">${posts(pages).slice(0, 3).map(postCard)}</div></section>
<section class="band testimonials"><h2>What people write to us</h2><div class="card-grid three">${quotes.map(([quote, name]) => html`<blockquote><p>${quote}</p><footer>${name}</footer></blockquote>`)}</div></section>`;
  const organisation = {
    "@context": "https://schema.org",
    "@type": "Organization",
    name: "Sprigwell",
    url: `${origin}/`,
    foundingDate: "2017-03",
    address: "Stapelhuiskaai 14, 9000 Ghent, Belgium",
  };
  return { main, structuredData: [organisation] };
}

/** The shop, grouped by category. */
export function productsTemplate(page: Page, pages: Pages): Rendered {
  const main = html`<div class="listing">${listingHead(page)}
<ul class="chip-list">${SHOP_CATEGORIES.map((category) => html`<li><a href="#${category.id}">${category.name}</a></li>`)}</ul>
${SHOP_CATEGORIES.map(
  (category) =>
    html`<section class="listing-section" id="${category.id}"><h2>${category.name}</h2><div class="card-grid">${products(
      pages,
    )
      .filter((product) => product.data.category === category.id)
      .map((product) => productCard(product))}</div></section>`,
)}</div>`;
  return { main, structuredData: [] };
}

/** The start page of the help centre. A few links are as untidy as in real help centres. */
export function helpHubTemplate(page: Page, pages: Pages): Rendered {
  const untidy = new Map([
    ["/help/track-order", "/help/track-order?sid=8f3a91c04d"],
    ["/help/returns", "/help/returns/"],
    ["/help/connect-wifi", "/help/wi-fi"],
  ]);
  const main = html`<div class="help-hero"><h1>${page.title}</h1><form class="search-form" action="/search" role="search"><label class="sr-only" for="q">Search the help centre</label><input id="q" name="q" type="search" placeholder="Search, for instance “pump is loud”"><button type="submit">Search</button></form></div>
${listingIntro(page)}
<div class="topic-grid">${HELP_SECTIONS.map(
    (section) =>
      html`<section class="topic" id="${section.id}"><h2>${section.name}</h2><ul>${listed(pages, section.id).map(
        (item) => html`<li><a href="${untidy.get(item.path) ?? item.path}">${item.title}</a></li>`,
      )}</ul></section>`,
  )}</div>
<p class="small-links">Older texts: <a href="/help/legacy-hub">help for the hub of 2017</a>, <a href="/help/drafts/new-table">new Table (draft)</a>, <a href="/help/print/error-codes">error codes for printing</a>, <a href="/my-garden">my garden</a>.</p>`;
  return { main, structuredData: [] };
}

/** The overview of the journal. */
export function postsTemplate(page: Page, pages: Pages): Rendered {
  const main = html`<div class="listing">${listingHead(page)}<div class="card-grid three">${posts(pages).map(postCard)}</div>
<p class="small-links"><a href="/journal/workshop-notes-2018">Workshop notes from 2018</a> · <a href="/campaign/spring-thanks?utm_source=journal&amp;utm_campaign=spring">Spring prize draw</a> · <a href="/internal/press-kit">Press kit</a> · <a href="/internal/editorial-calendar">Editorial calendar</a></p></div>`;
  return { main, structuredData: [] };
}

/** The threads below the intro of the community page. */
export function threadList(pages: Pages): Html {
  return html`<ul class="thread-list">${[...pages.values()]
    .filter((page) => page.kind === "thread")
    .map((thread) => html`<li><a href="${thread.path}">${thread.title}</a></li>`)}</ul>`;
}

/** "2026-11" → the month before or after it. */
function shiftMonth(month: string, by: number): string {
  const [year = 2026, number = 1] = month.split("-").map(Number);
  const index = year * 12 + number - 1 + by;
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, "0")}`;
}

/** One month of the endless calendar. Links lead on for ever in both directions. */
export function calendarMonth(month: string): Html {
  const [year = 2026, number = 1] = month.split("-").map(Number);
  const days = new Date(Date.UTC(year, number, 0)).getUTCDate();
  const firstWeekday = (new Date(Date.UTC(year, number - 1, 1)).getUTCDay() + 6) % 7;
  const cells = [
    ...Array.from({ length: firstWeekday }, () => ""),
    ...Array.from({ length: days }, (_, day) => String(day + 1)),
  ];
  const weeks = Array.from({ length: Math.ceil(cells.length / 7) }, (_, week) =>
    Array.from({ length: 7 }, (_, day) => cells[week * 7 + day] ?? ""),
  );
  return html`<section class="calendar" id="calendar"><h2>${MONTHS.en[number - 1]} ${year}</h2><table><thead><tr>${["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"].map((day) => html`<th scope="col">${day}</th>`)}</tr></thead><tbody>${weeks.map(
    (week) => html`<tr>${week.map((day) => html`<td>${day}</td>`)}</tr>`,
  )}</tbody></table><nav class="calendar-nav" aria-label="Months"><a href="/events?month=${shiftMonth(month, -1)}">Previous month</a><a href="/events?month=${shiftMonth(month, 1)}">Next month</a></nav></section>`;
}

/** "2031-03" from a query, or undefined for anything that is not a month. */
export function parseMonth(value: string | null): string | undefined {
  return value && /^\d{4}-(0[1-9]|1[0-2])$/.test(value) ? value : undefined;
}
