import { safeFetch } from "@/lib/net";
import { type FetchConfig, reach } from "./deps";
import type { HostRules } from "./fetch-robots";
import { mayFollow, type Scope } from "./scope";
import { parseSitemap, SITEMAP_MAX_BYTES, type Sitemap } from "./sitemap";
import { normalizeUrl, sameSite } from "./url";

const MAX_SITEMAPS = 50;

/**
 * Pages named by a site's sitemaps, normalised, within the scope, at most `limit`. Without any in robots.txt, /sitemap.xml is tried.
 * A sitemap that is missing, broken, forbidden or on another site is passed over.
 * @param beforeEach awaited before each request, for the pause between them
 */
export async function readSitemaps(
  config: FetchConfig,
  { scope, rules, limit }: { scope: Scope; rules: HostRules; limit: number },
  signal: AbortSignal,
  beforeEach: (url: string) => Promise<void> = async () => {},
): Promise<string[]> {
  const named = rules.sitemaps.flatMap((loc) => URL.parse(loc, scope.sourceUrl)?.href ?? []);
  const pending = named.length > 0 ? named : [new URL("/sitemap.xml", scope.sourceUrl).href];
  const seen = new Set<string>();
  const urls = new Set<string>();
  while (pending.length > 0 && seen.size < MAX_SITEMAPS && urls.size < limit) {
    const sitemap = pending.shift()!;
    if (seen.has(sitemap) || !sameSite(sitemap, scope.sourceUrl) || !rules.allowed(sitemap)) continue;
    seen.add(sitemap);
    await beforeEach(sitemap);
    const { kind, entries } = await readSitemap(config, sitemap, signal);
    if (kind === "index") pending.push(...entries.map((entry) => entry.loc));
    else
      for (const { loc } of entries) {
        const url = normalizeUrl(loc, sitemap);
        if (url && mayFollow(url, 1, scope)) urls.add(url);
      }
  }
  return [...urls].slice(0, limit);
}

async function readSitemap(config: FetchConfig, url: string, signal: AbortSignal): Promise<Sitemap> {
  try {
    const response = await safeFetch(url, {
      ...reach(config),
      headers: { "user-agent": config.userAgent },
      signal,
      maxBodyBytes: SITEMAP_MAX_BYTES,
    });
    if (response.status === 200) return parseSitemap(response.body, url);
  } catch (error) {
    if (signal.aborted) throw error;
  }
  return { kind: "urlset", entries: [] };
}
