import { AppError } from "@/lib/core/errors";
import { safeFetch } from "@/lib/net";
import { type FetchConfig, reach } from "./deps";
import type { HostRules } from "./fetch-robots";
import { mayFollow, type Scope } from "./scope";
import { parseSitemap, SITEMAP_MAX_BYTES, type SitemapEntry } from "./sitemap";
import { normalizeUrl, sameSite } from "./url";

const MAX_SITEMAPS = 50;
/** Where sitemaps lie when robots.txt names none; the next is tried only if those before it name nothing. */
const WELL_KNOWN = ["/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml", "/sitemap.xml.gz"];

/** A page that a sitemap names. */
export interface FoundPage {
  url: string;
  /** ISO 8601: it has not changed after this moment. */
  changedBy?: string;
}

export interface SitemapRequest {
  scope: Scope;
  rules: HostRules;
  /** Pages at most. */
  limit: number;
  /** The one sitemap to read, instead of those of robots.txt and of the well-known places. */
  given?: string;
}

/**
 * Pages named by a site's sitemaps, normalised, within the scope, at most `limit`, each once.
 * A sitemap that is missing, broken, forbidden or on another site is passed over.
 * @param beforeEach awaited before each request, for the pause between them
 * @returns `problem`: why a given sitemap names no page, in words for the member; `isIncomplete`: a sitemap did not answer, for a reason that
 *   may pass, so that pages may be missing
 */
export async function readSitemaps(
  config: FetchConfig,
  { scope, rules, limit, given }: SitemapRequest,
  signal: AbortSignal,
  beforeEach: (url: string) => Promise<void> = async () => {},
): Promise<{ pages: FoundPage[]; problem?: string; isIncomplete: boolean }> {
  const absolute = (loc: string) => URL.parse(loc, scope.sourceUrl)?.href ?? [];
  const attempts = given
    ? [[given]]
    : [rules.sitemaps.flatMap(absolute), ...WELL_KNOWN.map((path) => [absolute(path)].flat())];
  const seen = new Set<string>();
  const pages = new Map<string, FoundPage>();
  let problem: string | undefined;
  let isIncomplete = false;
  for (const pending of attempts) {
    while (pending.length > 0 && seen.size < MAX_SITEMAPS && pages.size < limit) {
      const sitemap = pending.shift()!;
      if (seen.has(sitemap) || !sameSite(sitemap, scope.sourceUrl) || !rules.allowed(sitemap)) continue;
      seen.add(sitemap);
      await beforeEach(sitemap);
      const answer = await readSitemap(config, sitemap, signal);
      if ("problem" in answer) {
        problem ??= answer.problem;
        isIncomplete ||= answer.mayPass;
      } else if (answer.kind === "index") pending.push(...answer.entries.map((entry) => entry.loc));
      else collect(pages, answer.entries, sitemap, scope);
    }
    if (pages.size > 0) break;
  }
  const found = [...pages.values()].slice(0, limit);
  if (!given || found.length > 0) return { pages: found, isIncomplete };
  return {
    pages: [],
    isIncomplete,
    problem: problem ?? `No page that this source covers is named by the sitemap ${given}.`,
  };
}

function collect(pages: Map<string, FoundPage>, entries: SitemapEntry[], sitemap: string, scope: Scope): void {
  for (const { loc, changedBy } of entries) {
    const url = normalizeUrl(loc, sitemap);
    if (url && !pages.has(url) && mayFollow(url, 1, scope)) pages.set(url, changedBy ? { url, changedBy } : { url });
  }
}

type Answer = { kind: "urlset" | "index"; entries: SitemapEntry[] } | { problem: string; mayPass: boolean };

async function readSitemap(config: FetchConfig, url: string, signal: AbortSignal): Promise<Answer> {
  try {
    const response = await safeFetch(url, {
      ...reach(config),
      headers: { "user-agent": config.userAgent },
      signal,
      maxBodyBytes: SITEMAP_MAX_BYTES,
    });
    if (response.status !== 200)
      return {
        problem: `The sitemap ${url} could not be read (HTTP ${response.status}). Check that it opens in a browser.`,
        mayPass: response.status === 429 || response.status >= 500,
      };
    const sitemap = parseSitemap(response.body, url);
    return sitemap.entries.length > 0
      ? sitemap
      : { problem: `${url} is no sitemap, or an empty one: no address was found in it.`, mayPass: false };
  } catch (error) {
    if (signal.aborted || !(error instanceof AppError)) throw error;
    return { problem: `The sitemap ${url} could not be read. ${error.message}`, mayPass: error.policy.retry };
  }
}
