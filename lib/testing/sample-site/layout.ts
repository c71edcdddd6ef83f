import type { Page } from "@/lib/testing/sample-site/content";
import { type Html, html, jsonScript, raw } from "@/lib/testing/sample-site/html";
import {
  areaOf,
  BRAND,
  FOOTER,
  HELP_SECTIONS,
  SECTION_HOME,
  SHOP_CATEGORIES,
} from "@/lib/testing/sample-site/structure";

export interface Frame {
  page: Pick<Page, "path" | "title" | "description" | "lang" | "noindex" | "alternate" | "charset">;
  /** Scheme, host and port of this request, for canonical and hreflang. */
  origin: string;
  /** The area whose entry in the main menu is marked. */
  area: string;
  breadcrumb: readonly (readonly [label: string, href: string])[];
  main: Html;
  /** Objects for JSON-LD. */
  structuredData?: readonly unknown[];
  /** Canonical path with query, when it is not `page.path`. */
  canonical?: string;
}

const icon = (path: string): Html =>
  raw(
    `<svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="${path}"/></svg>`,
  );

const ICONS = {
  search: icon("M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 4.5 4.5"),
  account: icon("M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-8 9c.6-4.2 3.8-6 8-6s7.4 1.8 8 6"),
  cart: icon("M3 4h2.5l2 11h10.5l2-8H6.2M9.5 20h.01M16.5 20h.01"),
  menu: icon("M4 7h16M4 12h16M4 17h16"),
  leaf: icon("M5 19C5 9 11 5 20 4c0 9-4 15-13 13M5 19c2-4 5-7 9-9"),
};

const logo = raw(
  '<svg viewBox="0 0 28 28" width="28" height="28" aria-hidden="true"><path d="M14 26V12" stroke="#1f6f4a" stroke-width="2.6" stroke-linecap="round"/><path d="M14 15C6 15 3 10 3 4c7 0 11 4 11 11Z" fill="#3f8f5f"/><path d="M14 19c0-6 3-9.5 10-9.5C24 15 21 19 14 19Z" fill="#1f6f4a"/></svg>',
);

function megaMenu(pages: ReadonlyMap<string, Page>): Html {
  const products = [...pages.values()].filter((page) => page.kind === "product" && page.lang === "en");
  const column = (id: string, name: string): Html => html`
<div class="mega-column"><p class="mega-title">${name}</p><ul>${products
    .filter((product) => product.data.category === id)
    .map(
      (product) => html`<li><a href="${product.path}">${product.title.replace(`${BRAND} `, "")}</a></li>`,
    )}</ul></div>`;
  return html`<div class="mega-menu" role="menu"><div class="mega-inner">${SHOP_CATEGORIES.slice(0, 4).map((category) => column(category.id, category.name))}
<div class="mega-promo"><img src="/assets/img/tower.svg" alt="" width="640" height="480" loading="lazy"><p>New: the Tower, thirty-two plants on a quarter of a square metre.</p><a href="/products/tower?ref=mega-menu">See the Tower</a></div></div></div>`;
}

function helpMenu(): Html {
  return html`<div class="mega-menu mega-small" role="menu"><div class="mega-inner">${HELP_SECTIONS.map(
    (section) =>
      html`<a class="mega-topic" href="/help#${section.id}"><strong>${section.name}</strong><span>${section.blurb}</span></a>`,
  )}</div></div>`;
}

function header(frame: Frame, pages: ReadonlyMap<string, Page>): Html {
  const current = (area: string): Html | false => frame.area === area && raw(' aria-current="true"');
  return html`<a class="skip-link" href="#content">Skip to content</a>
<div class="announcement-bar"><p>Free delivery from €60 in Belgium, the Netherlands and Luxembourg. <a href="/help/shipping?utm_source=topbar&amp;utm_campaign=autumn">Shipping costs</a></p></div>
<header class="site-header" role="banner"><div class="header-inner">
<a class="logo" href="/" aria-label="${BRAND}, home">${logo}<span>${BRAND}</span></a>
<button class="nav-toggle" type="button" aria-expanded="false" aria-controls="main-nav">${ICONS.menu}<span class="sr-only">Menu</span></button>
<nav class="main-nav" id="main-nav" role="navigation" aria-label="Main"><ul class="nav-list">
<li class="has-menu"><a href="/products"${current("shop")}>Shop</a>${megaMenu(pages)}</li>
<li class="has-menu"><a href="/help"${current("help")}>Help</a>${helpMenu()}</li>
<li><a href="/plans"${current("plans")}>Plans</a></li>
<li><a href="/developers"${current("developers")}>Developers</a></li>
<li><a href="/journal"${current("journal")}>Journal</a></li>
<li><a href="/stores"${current("company")}>Stores</a></li>
</ul></nav>
<div class="header-tools"><a href="/search?q=" aria-label="Search">${ICONS.search}</a><a href="/account/login" aria-label="Account">${ICONS.account}</a><a href="/cart" aria-label="Basket">${ICONS.cart}</a></div>
</div></header>`;
}

function breadcrumb(frame: Frame): Html | false {
  if (frame.breadcrumb.length === 0) return false;
  return html`<nav class="breadcrumb" aria-label="Breadcrumb"><ol>${frame.breadcrumb.map(
    ([label, href]) => html`<li><a href="${href}">${label}</a></li>`,
  )}<li aria-current="page">${frame.page.title}</li></ol></nav>`;
}

function footer(): Html {
  return html`<section class="newsletter" aria-label="Newsletter"><div class="newsletter-inner"><div><p class="newsletter-title">Letters from the growing room</p><p>Twice a month: what to plant, what we broke, one recipe. No discounts, no drama.</p></div>
<form class="newsletter-form" action="/account/newsletter" method="post"><label class="sr-only" for="newsletter-email">E-mail address</label><input id="newsletter-email" name="email" type="email" placeholder="you@example.com" autocomplete="email"><button type="submit">Subscribe</button></form></div></section>
<footer class="site-footer" role="contentinfo"><div class="footer-inner"><div class="footer-brand"><a class="logo" href="/">${logo}<span>${BRAND}</span></a><p>Indoor gardens from Ghent since 2017.</p><ul class="language-switcher"><li><a href="/" hreflang="en">English</a></li><li><a href="/de/produkte/sill" hreflang="de">Deutsch</a></li><li><a href="/fr/reparateurs" hreflang="fr">Français</a></li></ul></div>
${FOOTER.map(
  (group) =>
    html`<div class="footer-group"><p class="footer-title">${group.title}</p><ul>${group.links.map(
      ([label, href, rel]) => html`<li><a href="${href}"${rel ? html` rel="${rel}"` : ""}>${label}</a></li>`,
    )}</ul></div>`,
)}</div>
<div class="footer-legal"><p>© 2026 Sprigwell BV, Stapelhuiskaai 14, 9000 Ghent</p><ul><li><a href="/legal/terms-and-privacy">Terms</a></li><li><a href="/legal/terms-and-privacy#part-e-privacy-notice">Privacy</a></li><li><a href="/legal/terms-and-privacy#part-f-cookies-and-similar-techniques">Cookies</a></li><li><a href="#cookie-settings" id="cookie-settings">Cookie settings</a></li><li><a href="mailto:support@sprigwell.example">E-mail</a></li><li><a href="tel:+3290004170">Call us</a></li></ul></div></footer>
<div class="cookie-banner" id="cookie-banner" role="dialog" aria-label="Cookies" hidden><p class="cookie-title">A few cookies, no crumbs</p><p>We store what the shop needs to work. With your consent the film player also remembers your volume. <a href="/legal/terms-and-privacy#part-f-cookies-and-similar-techniques">More about cookies</a></p><div class="cookie-actions"><button type="button" data-consent="all">Allow all</button><button type="button" data-consent="necessary">Only necessary</button></div></div>`;
}

function breadcrumbData(frame: Frame): unknown {
  const items = [...frame.breadcrumb, [frame.page.title, frame.page.path] as const];
  return {
    "@context": "https://schema.org",
    "@type": "BreadcrumbList",
    itemListElement: items.map(([name, path], index) => ({
      "@type": "ListItem",
      position: index + 1,
      name,
      item: frame.origin + path,
    })),
  };
}

/** The whole document around `frame.main`. */
export function layout(frame: Frame, pages: ReadonlyMap<string, Page>): string {
  const { page, origin } = frame;
  const english = page.lang === "en" ? page.path : page.alternate?.path;
  const data = [...(frame.breadcrumb.length > 0 ? [breadcrumbData(frame)] : []), ...(frame.structuredData ?? [])];
  return html`<!doctype html>
<html lang="${page.lang}">
<head>
${page.charset !== "windows-1252" && html`<meta charset="${page.charset}">\n`}<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.path === "/" ? `${BRAND}: ${page.title}` : `${page.title} | ${BRAND}`}</title>
<meta name="description" content="${page.description}">
${page.noindex && raw('<meta name="robots" content="noindex">\n')}<link rel="canonical" href="${origin}${frame.canonical ?? page.path}">
${page.alternate && html`<link rel="alternate" hreflang="${page.lang}" href="${origin}${page.path}"><link rel="alternate" hreflang="${page.alternate.lang}" href="${origin}${page.alternate.path}"><link rel="alternate" hreflang="x-default" href="${origin}${english ?? page.path}">\n`}<meta property="og:site_name" content="${BRAND}">
<meta property="og:title" content="${page.title}">
<link rel="icon" href="/assets/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/site.css">
<script src="/assets/site.js" defer></script>
${data.map((item) => html`<script type="application/ld+json">${jsonScript(item)}</script>\n`)}</head>
<body>
${header(frame, pages)}
<div class="page-wrap">${breadcrumb(frame)}
<main id="content" class="main-content">
${frame.main}
</main></div>
${footer()}
</body>
</html>
`.value;
}

/** The trail from the home page to the parent of a page. */
export function breadcrumbOf(page: Page): (readonly [string, string])[] {
  if (page.path === "/") return [];
  const area = areaOf(page);
  const home = SECTION_HOME[area];
  const trail: (readonly [string, string])[] = [["Home", "/"]];
  if (home && home.path !== page.path) trail.push([home.name, home.path]);
  const section = area === "help" ? HELP_SECTIONS.find((item) => item.id === page.section) : undefined;
  if (section) trail.push([section.name, `/help#${section.id}`]);
  return trail;
}
