import { gunzipSync } from "node:zlib";

/** One fetched page of a walk through a site. */
export interface WalkedPage {
  status: number;
  contentType: string;
  html: string;
  /** Targets of `<a href>` below the same origin, as path and query without fragment. */
  links: string[];
}

const HREF = /<a\s[^>]*?href=(?:"([^"]*)"|'([^']*)'|([^\s>]+))/gi;

/** The links of a page that stay on the site. */
export function internalLinks(html: string, pageUrl: string): string[] {
  const links = new Set<string>();
  for (const match of html.matchAll(HREF)) {
    const href = (match[1] ?? match[2] ?? match[3] ?? "").replaceAll("&amp;", "&");
    const url = URL.parse(href, pageUrl);
    if (url && url.origin === new URL(pageUrl).origin) links.add(url.pathname + url.search);
  }
  return [...links];
}

/** All `<loc>` of a sitemap or of an index and its children, as paths. Reads gzip by its first bytes. */
export async function sitemapPaths(address: string): Promise<string[]> {
  const bytes = Buffer.from(await (await fetch(address)).arrayBuffer());
  const xml = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString("utf8");
  const locations = [...xml.matchAll(/<loc>([^<]+)<\/loc>/g)].map((match) => (match[1] ?? "").replaceAll("&amp;", "&"));
  if (!xml.includes("<sitemapindex")) return locations.map((location) => new URL(location).pathname);
  return (await Promise.all(locations.map(sitemapPaths))).flat();
}

/**
 * Follows links from `start`, one page after the other and without any politeness: a plain walker for tests of the site itself.
 * @param visit says which paths to fetch; redirects are not followed
 */
export async function walk(
  origin: string,
  start: readonly string[],
  visit: (path: string) => boolean,
): Promise<Map<string, WalkedPage>> {
  const pages = new Map<string, WalkedPage>();
  const queue = [...start];
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    if (pages.has(path) || !visit(path)) continue;
    const response = await fetch(origin + path, { redirect: "manual" });
    const contentType = response.headers.get("content-type") ?? "";
    const html = contentType.startsWith("text/html") ? await response.text() : "";
    const links = internalLinks(html, origin + path);
    pages.set(path, { status: response.status, contentType, html, links });
    queue.push(...links);
  }
  return pages;
}
