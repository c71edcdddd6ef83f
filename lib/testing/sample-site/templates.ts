import type { Page } from "@/lib/testing/sample-site/content";
import { type Html, html } from "@/lib/testing/sample-site/html";
import { type Heading, renderMarkdown } from "@/lib/testing/sample-site/markdown";
import { areaOf, BRAND, HELP_SECTIONS } from "@/lib/testing/sample-site/structure";

type Pages = ReadonlyMap<string, Page>;

export interface Rendered {
  main: Html;
  structuredData: unknown[];
}

const LABELS = {
  en: {
    updated: "Last updated",
    helpful: "Was this article helpful?",
    yes: "Yes",
    no: "No",
    related: "Related articles",
    like: "You might also like",
    add: "Add to basket",
    vat: "VAT included, plus delivery",
    contents: "On this page",
  },
  de: {
    updated: "Zuletzt aktualisiert",
    helpful: "War dieser Artikel hilfreich?",
    yes: "Ja",
    no: "Nein",
    related: "Ähnliche Artikel",
    like: "Das könnte dir auch gefallen",
    add: "In den Warenkorb",
    vat: "inkl. MwSt., zzgl. Versand",
    contents: "Auf dieser Seite",
  },
  fr: {
    updated: "Mise à jour",
    helpful: "Cette page vous a-t-elle aidé ?",
    yes: "Oui",
    no: "Non",
    related: "Articles liés",
    like: "Vous aimerez aussi",
    add: "Ajouter au panier",
    vat: "TVA comprise, hors livraison",
    contents: "Sur cette page",
  },
} as const;

export const MONTHS = {
  en: [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
  ],
  de: [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
  ],
  fr: [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
  ],
} as const;

/** 2026-10-05 → 5 October 2026 */
export function longDate(date: string, lang: Page["lang"] = "en"): string {
  const [year, month, day] = date.split("-").map(Number);
  return `${day}${lang === "de" ? "." : ""} ${MONTHS[lang][(month ?? 1) - 1]} ${year}`;
}

/** €129 or €9.50; German pages write 129 €. */
export function formatPrice(price: string, lang: Page["lang"] = "en"): string {
  return lang === "de" ? `${price.replace(".", ",")} €` : `€${price}`;
}

const existing = (paths: readonly string[], pages: Pages): Page[] => paths.flatMap((path) => pages.get(path) ?? []);

function relatedArticles(page: Page, pages: Pages): Html | false {
  const items = existing(page.related, pages);
  if (items.length === 0) return false;
  return html`<aside class="related-articles" aria-label="${LABELS[page.lang].related}"><p class="related-title">${LABELS[page.lang].related}</p><ul>${items.map(
    (item) => html`<li><a href="${item.path}"><strong>${item.title}</strong><span>${item.description}</span></a></li>`,
  )}</ul></aside>`;
}

function feedback(page: Page): Html {
  const label = LABELS[page.lang];
  return html`<div class="article-feedback"><p>${label.helpful}</p><div class="feedback-buttons"><button type="button">${label.yes}</button><button type="button">${label.no}</button></div></div>`;
}

function tableOfContents(headings: readonly Heading[], page: Page): Html | false {
  const entries = headings.filter((heading) => heading.level === 2);
  if (entries.length < 2) return false;
  return html`<nav class="toc" aria-label="${LABELS[page.lang].contents}"><p>${LABELS[page.lang].contents}</p><ul>${entries.map(
    (heading) =>
      html`<li><a href="#${heading.id}">${heading.text.replaceAll("&#39;", "'").replaceAll("&amp;", "&").replaceAll("&quot;", '"')}</a></li>`,
  )}</ul></nav>`;
}

function sidebar(page: Page, pages: Pages): Html | false {
  const area = areaOf(page);
  if (area !== "help" && area !== "developers") return false;
  const groups =
    area === "help"
      ? HELP_SECTIONS.map((section) => [section.id, section.name] as const)
      : ([["developers", "API documentation"]] as const);
  return html`<aside class="sidebar"><nav aria-label="${area === "help" ? "Help topics" : "API documentation"}">${groups.map(
    ([id, name]) => {
      const items = [...pages.values()]
        .filter(
          (item) => item.section === id && item.lang === "en" && item.kind !== "product" && item.discover === "both",
        )
        .sort((a, b) => Number(a.data.order ?? 0) - Number(b.data.order ?? 0));
      const open = page.section === id;
      return html`<details${open ? html` open` : ""}><summary>${name}</summary><ul>${items.map(
        (item) =>
          html`<li><a href="${item.path}"${item.path === page.path ? html` aria-current="page"` : ""}>${item.title}</a></li>`,
      )}</ul></details>`;
    },
  )}</nav></aside>`;
}

/** A product as a card, for listings and recommendations. `href` may carry a campaign parameter. */
export function productCard(product: Page, href = product.path): Html {
  return html`<article class="product-card"><a href="${href}"><img src="/assets/img/${product.data.image}.svg" alt="" width="640" height="480"><h3>${product.title.replace(`${BRAND} `, "")}</h3><p class="card-tagline">${product.data.tagline}</p><p class="card-price">${product.data.sku === "SW-GIFT-CARD" ? "from " : ""}${formatPrice(product.data.price ?? "0")}</p></a></article>`;
}

function recommendations(page: Page, pages: Pages): Html | false {
  const items = existing(page.recommend, pages);
  if (items.length === 0) return false;
  return html`<section class="recommendations" aria-label="${LABELS[page.lang].like}"><p class="section-title">${LABELS[page.lang].like}</p><div class="card-grid">${items.map(
    (item) => productCard(item, `${item.path}?ref=recommended`),
  )}</div></section>`;
}

const HELP_BY_IMAGE: Record<string, readonly (readonly [label: string, href: string])[]> = {
  sill: [
    ["Set up your Sill", "/help/set-up-sill"],
    ["Choose a good spot", "/help/choose-a-spot"],
  ],
  table: [
    ["Set up your Table", "/help/set-up-table"],
    ["Choose a good spot", "/help/choose-a-spot"],
  ],
  tower: [
    ["Put the Tower together", "/help/set-up-tower"],
    ["Water under the garden", "/help/leaks"],
  ],
  dew: [
    ["Pair and place a Dew", "/help/pair-dew"],
    ["Choose your notifications", "/help/notifications"],
  ],
};

function productHelp(page: Page): Html | false {
  if (page.lang !== "en") return false;
  const own = HELP_BY_IMAGE[page.data.image ?? ""] ?? [["Questions before buying", "/help/faq/buying"]];
  const links = [
    ...own,
    ["Warranty", "/help/warranty"],
    ["Repairs and spare parts", "/help/repairs"],
    ["Ask a person", "/contact"],
  ] as const;
  return html`<aside class="product-help"><p>Help with this product</p><ul>${links.map(([label, href]) => html`<li><a href="${href}">${label}</a></li>`)}</ul></aside>`;
}

/** Product page: picture and buy box, description, recommendations. */
export function productTemplate(page: Page, pages: Pages, origin: string): Rendered {
  const { body } = renderMarkdown(page.body);
  const { price = "0", sku = "", tagline = "", image = "", stock = "" } = page.data;
  const label = LABELS[page.lang];
  const main = html`<div class="product-top"><figure class="product-picture"><img src="/assets/img/${image}.svg" alt="${page.title}" width="640" height="480"></figure>
<div class="buy-box"><h1>${page.title}</h1><p class="product-tagline">${tagline}</p><p class="product-price">${formatPrice(price, page.lang)} <small>${label.vat}</small></p><p class="stock">${stock}</p>
<form action="/cart/add" method="post"><input type="hidden" name="sku" value="${sku}"><button type="submit" class="button-primary">${label.add}</button></form>
<ul class="buy-notes"><li><a href="/help/shipping">${page.lang === "de" ? "Versand und Lieferzeiten" : "Shipping and delivery times"}</a></li><li><a href="/help/returns">${page.lang === "de" ? "Rückgabe" : "Returns"}</a></li></ul></div></div>
<div class="product-body"><article class="product-description prose">${body}</article>${productHelp(page)}</div>
${recommendations(page, pages)}`;
  const product = {
    "@context": "https://schema.org",
    "@type": "Product",
    name: page.title,
    description: page.description,
    sku,
    brand: { "@type": "Brand", name: BRAND },
    image: `${origin}/assets/img/${image}.svg`,
    offers: {
      "@type": "Offer",
      price: Number(price).toFixed(2),
      priceCurrency: "EUR",
      url: origin + page.path,
      availability: stock.startsWith("Back on") ? "https://schema.org/BackOrder" : "https://schema.org/InStock",
    },
  };
  return { main, structuredData: [product] };
}

/** Questions as an accordion, with FAQPage data. */
export function faqTemplate(page: Page, pages: Pages): Rendered {
  const [intro = "", ...rest] = page.body.split(/^## /m);
  const items = rest.map((block) => {
    const [question = "", ...answer] = block.split("\n");
    return { question: question.trim(), answer: answer.join("\n").trim() };
  });
  const main = html`<div class="with-sidebar">${sidebar(page, pages)}<article class="article-body prose"><h1>${page.title}</h1><p class="lead">${page.description}</p>${renderMarkdown(intro).body}
<div class="faq-list">${items.map((item, index) => html`<details class="faq-item"${index < 3 ? html` open` : ""}><summary><h2>${item.question}</h2></summary><div class="faq-answer">${renderMarkdown(item.answer).body}</div></details>`)}</div>${feedback(page)}${relatedArticles(page, pages)}</article></div>`;
  const data = {
    "@context": "https://schema.org",
    "@type": "FAQPage",
    mainEntity: items.map((item) => ({
      "@type": "Question",
      name: item.question,
      acceptedAnswer: { "@type": "Answer", text: item.answer },
    })),
  };
  return { main, structuredData: [data] };
}

/** Journal entry with picture and author. */
export function postTemplate(page: Page, pages: Pages, origin: string): Rendered {
  const { body } = renderMarkdown(page.body);
  const { author = "", image = "", published = page.updated } = page.data;
  const main = html`<article class="post prose"><header class="post-header"><h1>${page.title}</h1><p class="lead">${page.description}</p><p class="byline">By ${author}, <time datetime="${published}">${longDate(published)}</time></p></header>
<figure class="post-picture"><img src="/assets/img/${image}.svg" alt="" width="640" height="480"></figure><div class="post-content">${body}</div>
<div class="share-bar"><span>Share</span><a href="mailto:?subject=${encodeURIComponent(page.title)}">by e-mail</a></div>${relatedArticles(page, pages)}</article>`;
  const data = {
    "@context": "https://schema.org",
    "@type": "BlogPosting",
    headline: page.title,
    datePublished: published,
    author: { "@type": "Person", name: author },
    image: `${origin}/assets/img/${image}.svg`,
  };
  return { main, structuredData: [data] };
}

/** Everything else: help, documentation, legal, company and community pages. */
export function articleTemplate(page: Page, pages: Pages, extra: Html | false = false): Rendered {
  const { body, headings } = renderMarkdown(page.body);
  const hasFeedback = page.kind === "help" || page.kind === "api";
  const aside = sidebar(page, pages);
  const meta = page.kind === "help" || page.kind === "api" || page.kind === "legal";
  const main = html`<div class="${aside ? "with-sidebar" : "single-column"} kind-${page.kind}">${aside}<article class="article-body prose"><h1>${page.title}</h1>${meta && html`<p class="article-meta last-updated">${LABELS[page.lang].updated}: <time datetime="${page.updated}">${longDate(page.updated, page.lang)}</time></p>`}
${meta && tableOfContents(headings, page)}${body}${extra}${hasFeedback && feedback(page)}${relatedArticles(page, pages)}</article></div>`;
  return { main, structuredData: [] };
}
