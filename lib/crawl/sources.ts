import type { SupabaseClient } from "@supabase/supabase-js";
import { AppError } from "@/lib/core/errors";
import type { Database } from "@/lib/db/types.gen";
import { checkUrl } from "@/lib/net";
import type { CrawlDeps } from "./deps";
import { cancelRun, startRun } from "./start-run";
import { normalizeUrl } from "./url";

type Members = SupabaseClient<Database>;
type SourceRef = { tenantId: string; sourceId: string };

const FORBIDDEN = "42501";
const UNIQUE = "23505";
const DEADLOCK = "40P01";

/**
 * Adds a website to an agent and starts its first crawl.
 * @param members the member's own client: row-level security decides whether they may
 * @throws AppError url_invalid, url_blocked, host_unreachable (in words for the person who typed it), conflict, forbidden
 */
export async function addWebsite(
  deps: CrawlDeps,
  members: Members,
  { tenantId, agentId, url, maxPages }: { tenantId: string; agentId: string; url: string; maxPages?: number },
): Promise<{ sourceId: string; runId: string }> {
  const { allowHosts, lookup } = deps.config;
  const check = await checkUrl(url, { allowHosts, ...(lookup ? { lookup } : {}) });
  if (!check.ok) throw new AppError(check.code, check.reason);
  const start = normalizeUrl(check.url.href) ?? check.url.href;
  const { data, error } = await members
    .from("sources")
    .insert({
      tenant_id: tenantId,
      agent_id: agentId,
      name: check.url.host,
      url: start,
      max_pages: maxPages ?? deps.config.maxPages,
    })
    .select("id")
    .single();
  if (error?.code === UNIQUE)
    throw new AppError("conflict", "This agent has this website already. Refresh it instead.", { cause: error });
  if (error) throw writeError(error);
  const { runId } = await startRun(deps, { tenantId, sourceId: data.id, url: start });
  return { sourceId: data.id, runId };
}

/** Crawls a source again: unchanged pages cost a conditional request, vanished ones leave the knowledge at the end. */
export async function refreshSource(
  deps: CrawlDeps,
  members: Members,
  { tenantId, sourceId }: SourceRef,
): Promise<{ runId: string }> {
  const { data, error } = await members
    .from("sources")
    .update({ refresh_requested_at: new Date().toISOString() })
    .eq("tenant_id", tenantId)
    .eq("id", sourceId)
    .select("url")
    .maybeSingle();
  if (error) throw writeError(error);
  if (!data) throw new AppError("not_found", "This source no longer exists, or your role may not refresh it.");
  if (data.url === null) throw new AppError("conflict", "This kind of source is not read from the web.");
  return startRun(deps, { tenantId, sourceId, url: data.url });
}

/** Stops the crawl of a source that is under way. */
export async function stopRun(deps: CrawlDeps, members: Members, { tenantId, sourceId }: SourceRef): Promise<void> {
  const { data, error } = await members
    .from("sources")
    .update({ refresh_requested_at: null })
    .eq("tenant_id", tenantId)
    .eq("id", sourceId)
    .select("last_run_id")
    .maybeSingle();
  if (error) throw writeError(error);
  if (!data) throw new AppError("not_found", "This source no longer exists, or your role may not stop it.");
  if (data.last_run_id) await cancelRun(deps, { tenantId, runId: data.last_run_id });
}

/**
 * Deletes a source with all that came from it: pages, versions, chunks, and their share of the statistics.
 * Tried again when it and a worker that is storing a page of it wait for one another: the database then lets one of them fail.
 */
export async function deleteSource(members: Members, { tenantId, sourceId }: SourceRef, triesLeft = 3): Promise<void> {
  const { data, error } = await members
    .from("sources")
    .delete()
    .eq("tenant_id", tenantId)
    .eq("id", sourceId)
    .select("id")
    .maybeSingle();
  if (error?.code === DEADLOCK && triesLeft > 1) return deleteSource(members, { tenantId, sourceId }, triesLeft - 1);
  if (error) throw writeError(error);
  if (!data) throw new AppError("not_found", "This source no longer exists, or your role may not delete it.");
}

function writeError(error: { code: string; message: string }): AppError {
  if (error.code === FORBIDDEN)
    return new AppError("forbidden", "Your role may not change sources. Ask an admin of this workspace.", {
      cause: error,
    });
  return new AppError("internal", "The source could not be saved. Try again in a moment.", { cause: error });
}
