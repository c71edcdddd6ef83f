import { gzipSync } from "node:zlib";
import type { Page } from "@/lib/testing/sample-site/content";
import { escapeHtml } from "@/lib/testing/sample-site/html";
import { areaOf } from "@/lib/testing/sample-site/structure";

/** The rules of the site. Of its longest matching rules, an Allow inside /internal/ wins; `$` ends the pattern. */
export function robotsTxt(origin: string): string {
  return `# robots.txt of the Sprigwell sample site
User-agent: *
Disallow: /account
Disallow: /cart
Disallow: /search
Disallow: /internal/
Allow: /internal/press-kit
Disallow: /*.pdf$

# Comes too often and too fast
User-agent: PriceHarvester
Crawl-delay: 10
Disallow: /products/
Disallow: /plans

User-agent: ImageScraper
User-agent: OldArchiver
Disallow: /

Sitemap: ${origin}/sitemap.xml
`;
}

const XML = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"';

function urlset(entries: readonly { path: string; updated: string }[], origin: string): string {
  const rows = entries.map(
    (entry) => `  <url><loc>${escapeHtml(origin + entry.path)}</loc><lastmod>${entry.updated}</lastmod></url>\n`,
  );
  return `${XML}<urlset ${NAMESPACE}>\n${rows.join("")}</urlset>\n`;
}

const inSitemap = (page: Page): boolean => !page.noindex && (page.discover === "both" || page.discover === "sitemap");
const inHelpSitemap = (page: Page): boolean => ["help", "developers", "de"].includes(areaOf(page));

export const helpSitemapEntries = (pages: ReadonlyMap<string, Page>): Page[] =>
  [...pages.values()].filter((page) => inSitemap(page) && inHelpSitemap(page));
export const pageSitemapEntries = (pages: ReadonlyMap<string, Page>): Page[] =>
  [...pages.values()].filter((page) => inSitemap(page) && !inHelpSitemap(page));

/** The index with its two children, the second of them compressed. */
export function sitemapIndex(pages: ReadonlyMap<string, Page>, origin: string): string {
  const newest = (entries: readonly Page[]): string =>
    entries
      .map((page) => page.updated)
      .sort()
      .at(-1) ?? "2026-01-01";
  const row = (name: string, entries: readonly Page[]): string =>
    `  <sitemap><loc>${escapeHtml(`${origin}/${name}`)}</loc><lastmod>${newest(entries)}</lastmod></sitemap>\n`;
  return `${XML}<sitemapindex ${NAMESPACE}>\n${row("sitemap-pages.xml", pageSitemapEntries(pages))}${row("sitemap-help.xml.gz", helpSitemapEntries(pages))}</sitemapindex>\n`;
}

export const sitemapPages = (pages: ReadonlyMap<string, Page>, origin: string): string =>
  urlset(pageSitemapEntries(pages), origin);

/** gzip without a time in its header, so that the bytes are the same each time. */
export const sitemapHelpGzip = (pages: ReadonlyMap<string, Page>, origin: string): Buffer =>
  gzipSync(Buffer.from(urlset(helpSitemapEntries(pages), origin)), { level: 9 });
