import type { Page } from "@/lib/testing/sample-site/content";
import { generateText } from "@/lib/testing/sample-site/generated-text";
import { escapeHtml, html } from "@/lib/testing/sample-site/html";
import { layout } from "@/lib/testing/sample-site/layout";
import { slug } from "@/lib/testing/sample-site/markdown";
import { seededRandom } from "@/lib/testing/sample-site/random";
import { page as htmlPage, type Reply, text } from "@/lib/testing/sample-site/reply";
import { asset } from "@/lib/testing/sample-site/routes";
import { type SampleSite, type SampleSiteOptions, serve } from "@/lib/testing/sample-site/server";
import { articleTemplate } from "@/lib/testing/sample-site/templates";

export interface GeneratedSiteOptions extends SampleSiteOptions {
  /** HTML pages in all, the start page included; 2,000 unless told. */
  pages?: number;
  seed?: number;
  /** So many pages link to one each under /private/, which robots.txt forbids to read; none unless told. */
  blocked?: number;
}

/** Each page links to its eight children in a tree, so that all are found from the start page in a few steps. */
const FAN_OUT = 8;
const UPDATED = "2026-11-01";

function makePage(index: number, seed: number): Page {
  const generated = generateText(index, seededRandom(seed + index * 7_919));
  return {
    path: index === 0 ? "/" : `/kb/${slug(generated.topic)}/${index}-${slug(generated.title)}`,
    kind: "page",
    section: "kb",
    title: generated.title,
    description: generated.description,
    lang: "en",
    charset: "utf-8",
    discover: "both",
    updated: UPDATED,
    noindex: false,
    related: [],
    recommend: [],
    alternate: null,
    body: generated.body,
    data: {},
  };
}

function makePages(count: number, seed: number): Page[] {
  const pages = Array.from({ length: count }, (_, index) => makePage(index, seed));
  const random = seededRandom(seed ^ 0x5eed);
  for (const [index, page] of pages.entries()) {
    const children = Array.from({ length: FAN_OUT }, (_, child) => index * FAN_OUT + child + 1);
    const others = Array.from({ length: 3 }, () => random.between(0, count - 1));
    page.related = [...children, ...others].flatMap((target) => pages[target]?.path ?? []);
  }
  return pages;
}

const BLOCKED = "/private/";

const withBlockedLink = (document: string, index: number, blocked: number): string =>
  index < blocked
    ? document.replace("</main>", `<p><a href="${BLOCKED}${index}">For members</a></p></main>`)
    : document;

/** The links of header and footer lead to pages of the written site; here each of them leads to some generated page. */
function keepInside(document: string, pages: readonly Page[]): string {
  return document.replace(/(<a [^>]*?href=")(\/[^"]*)"/g, (whole: string, before: string, href: string) => {
    if (href === "/" || href.startsWith("/kb/") || href.startsWith("/assets/")) return whole;
    const sum = [...href].reduce((total, character) => (total * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003, 7);
    return `${before}${pages[sum % pages.length]?.path ?? "/"}"`;
  });
}

function renderPage(page: Page, pages: readonly Page[], byPath: ReadonlyMap<string, Page>, origin: string): string {
  const { main } = articleTemplate(page, byPath);
  const breadcrumb = page.path === "/" ? [] : ([["Home", "/"]] as const);
  return keepInside(layout({ page, origin, area: "", breadcrumb, main }, byPath), pages);
}

function sitemap(pages: readonly Page[], origin: string): string {
  const rows = pages.map(
    (page) => `<url><loc>${escapeHtml(origin + page.path)}</loc><lastmod>${page.updated}</lastmod></url>\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${rows.join("")}</urlset>\n`;
}

/**
 * A large site in the same layout for measuring: 8 to 25 kB of HTML per page, no edge cases, the same text for the same seed.
 * All pages are rendered before this returns (about 1 ms each), so that serving one costs next to nothing.
 */
export async function startGeneratedSite(options: GeneratedSiteOptions = {}): Promise<SampleSite> {
  const { pages: count = 2_000, seed = 2_026, blocked = 0, ...serverOptions } = options;
  const pages = makePages(count, seed);
  const byPath = new Map(pages.map((page) => [page.path, page]));
  const rendered = new Map<string, string>();
  const documentOf = (page: Page, origin: string): string => {
    const key = `${origin}${page.path}`;
    const known = rendered.get(key);
    if (known !== undefined) return known;
    const document = withBlockedLink(renderPage(page, pages, byPath, origin), pages.indexOf(page), blocked);
    rendered.set(key, document);
    return document;
  };
  const respondTo = ({ url, origin }: { url: URL; origin: string }): Reply => {
    const page = byPath.get(url.pathname);
    if (page) return htmlPage(documentOf(page, origin), { lastModified: page.updated });
    if (url.pathname === "/robots.txt")
      return text(`User-agent: *\nDisallow: ${BLOCKED}\nAllow: /\n\nSitemap: ${origin}/sitemap.xml\n`);
    if (url.pathname.startsWith(BLOCKED))
      return htmlPage(html`<!doctype html><title>For members</title><h1>For members of ${url.pathname}</h1>`.value);
    if (url.pathname === "/sitemap.xml") return text(sitemap(pages, origin), "application/xml; charset=utf-8");
    const file = url.pathname.startsWith("/assets/") ? asset(url.pathname) : undefined;
    return file ?? htmlPage(html`<!doctype html><title>Not found</title><h1>Not found</h1>`.value, { status: 404 });
  };
  const site = await serve(respondTo, serverOptions);
  for (const page of pages) documentOf(page, site.url);
  return site;
}
