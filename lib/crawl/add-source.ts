import type { SupabaseClient } from "@supabase/supabase-js";
import { AppError } from "@/lib/core/errors";
import type { Database } from "@/lib/db/types.gen";
import { checkUrl } from "@/lib/net";
import type { CrawlDeps } from "./deps";
import { MAX_URLS, type SourceLimits } from "./schema";
import { writeError } from "./sources";
import { startRun } from "./start-run";
import { normalizeUrl } from "./url";

type Members = SupabaseClient<Database>;
type Agent = { tenantId: string; agentId: string };
type Added = { sourceId: string; runId: string };

const UNIQUE = "23505";
/** Hosts of a list whose names are looked up side by side: a name server that does not answer costs seconds. */
const LOOKUPS_AT_ONCE = 20;

/**
 * Adds a website to an agent and starts its first crawl.
 * @param members the member's own client: row-level security decides whether they may
 * @throws AppError url_invalid, url_blocked, host_unreachable (in words for the person who typed it), conflict, forbidden, rate_limited
 */
export async function addWebsite(
  deps: CrawlDeps,
  members: Members,
  { url, ...agent }: Agent & SourceLimits & { url: string },
): Promise<Added> {
  const { href, host } = await reachable(deps, url);
  return add(deps, members, agent, { kind: "website", name: host, url: href });
}

/** Adds the pages that a sitemap names, and nothing else. Like `addWebsite` otherwise. */
export async function addSitemap(
  deps: CrawlDeps,
  members: Members,
  { url, ...agent }: Agent & SourceLimits & { url: string },
): Promise<Added> {
  const { href, host } = await reachable(deps, url);
  return add(deps, members, agent, { kind: "sitemap", name: `Sitemap of ${host}`, url: href });
}

/**
 * Adds single pages, of one site or many. Like `addWebsite` otherwise.
 * @throws AppError "url_invalid" that names the first address that cannot be read
 */
export async function addUrls(
  deps: CrawlDeps,
  members: Members,
  { urls, ...agent }: Agent & SourceLimits & { urls: string[] },
): Promise<Added> {
  const pages = new Set<string>();
  const hosts = new Map<string, string>();
  for (const typed of urls) {
    const url = normalizeUrl(typed);
    if (!url) throw new AppError("url_invalid", `“${typed}” is not the address of a web page.`);
    pages.add(url);
    // One look-up a host: the addresses of one host differ in nothing that the check looks at but their scheme.
    const { host } = new URL(url);
    if (!hosts.has(host)) hosts.set(host, url);
  }
  if (pages.size === 0) throw new AppError("url_invalid", "Enter at least one address.");
  if (pages.size > MAX_URLS)
    throw new AppError("bad_request", `Enter at most ${MAX_URLS} addresses; for more, add their website or sitemap.`);
  const lookUps = [...hosts.values()];
  for (let i = 0; i < lookUps.length; i += LOOKUPS_AT_ONCE)
    await Promise.all(lookUps.slice(i, i + LOOKUPS_AT_ONCE).map((url) => reachable(deps, url)));
  const [first] = hosts.keys();
  const name = `${pages.size} ${pages.size === 1 ? "page" : "pages"} of ${first}${hosts.size > 1 ? " and others" : ""}`;
  return add(
    deps,
    members,
    { ...agent, maxPages: agent.maxPages ?? pages.size },
    { kind: "urls", name, config: { urls: [...pages] } },
  );
}

async function reachable({ config }: CrawlDeps, typed: string): Promise<{ href: string; host: string }> {
  const { allowHosts, lookup } = config;
  const check = await checkUrl(typed, { allowHosts, ...(lookup ? { lookup } : {}) });
  if (!check.ok) throw new AppError(check.code, check.reason);
  return { href: normalizeUrl(check.url.href) ?? check.url.href, host: check.url.host };
}

async function add(
  deps: CrawlDeps,
  members: Members,
  { tenantId, agentId, ...limits }: Agent & SourceLimits,
  source: { kind: string; name: string; url?: string; config?: { urls: string[] } },
): Promise<Added> {
  const {
    maxPages = deps.config.maxPages,
    maxDepth,
    maxPageBytes,
    maxRunMinutes,
    include,
    exclude,
    schedule,
    readDocuments,
  } = limits;
  const { data, error } = await members
    .from("sources")
    .insert({
      tenant_id: tenantId,
      agent_id: agentId,
      ...source,
      max_pages: maxPages,
      ...(maxDepth !== undefined && { max_depth: maxDepth }),
      ...(maxPageBytes !== undefined && { max_page_bytes: maxPageBytes }),
      ...(maxRunMinutes !== undefined && { max_run_minutes: maxRunMinutes }),
      ...(include && { include_patterns: include }),
      ...(exclude && { exclude_patterns: exclude }),
      ...(schedule && { refresh_schedule: schedule }),
      ...(readDocuments !== undefined && { read_documents: readDocuments }),
    })
    .select("id")
    .single();
  if (error?.code === UNIQUE)
    throw new AppError("conflict", "This agent has this address already. Refresh it instead.", { cause: error });
  if (error) throw writeError(error);
  try {
    const { runId } = await startRun(deps, { tenantId, sourceId: data.id }, { limited: true });
    return { sourceId: data.id, runId };
  } catch (startError) {
    // A source that was never read would only be in the way of the next try.
    await members.from("sources").delete().eq("tenant_id", tenantId).eq("id", data.id);
    throw startError;
  }
}
