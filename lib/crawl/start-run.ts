import { AppError } from "@/lib/core/errors";
import { newId, sha256 } from "@/lib/core/ids";
import { log } from "@/lib/core/log";
import { call, callRows } from "@/lib/db/pool";
import type { CrawlDeps } from "./deps";
import { startCrawlJob } from "./jobs";
import { normalizeUrl } from "./url";

const NO_DATA_FOUND = "P0002";
const DEADLOCK = "40P01";

/** The frontier's row for a URL. */
export const linkRow = (url: string, depth: number) => ({ url, hash: sha256(url), host: new URL(url).host, depth });

/**
 * Begins a crawl of a source, or joins the one under way.
 * The caller has shown by a write under row-level security that the member may do so.
 * @throws AppError "url_invalid", or "not_found" when the tenant has no such source
 */
export async function startRun(
  deps: CrawlDeps,
  { tenantId, sourceId, url }: { tenantId: string; sourceId: string; url: string },
): Promise<{ runId: string; created: boolean }> {
  const start = normalizeUrl(url);
  if (!start) throw new AppError("url_invalid", "This is not the address of a web page.");
  const { hash, host } = linkRow(start, 0);
  const [row] = await callRows<{ run_id: string; created: boolean }>(deps.db, "start_crawl_run", {
    tenant_id: tenantId,
    source_id: sourceId,
    run_id: newId(),
    url: start,
    url_hash: hash,
    host,
  }).catch((error: Error & { code?: string }) => {
    if (error.code === NO_DATA_FOUND) return [];
    throw error;
  });
  if (!row) throw new AppError("not_found", "This source no longer exists.");
  // The row is the truth: a nudge that is lost now is given by the sweep.
  if (row.created)
    await deps.queues
      .add(startCrawlJob, { tenantId, runId: row.run_id })
      .catch((error: Error) =>
        log.warn({ event: "crawl.start_not_queued", tenantId, runId: row.run_id, reason: error.message }),
      );
  return { runId: row.run_id, created: row.created };
}

/** Stops a crawl: what is published stays. False when it had ended. */
export async function cancelRun(
  deps: Pick<CrawlDeps, "db">,
  { tenantId, runId }: { tenantId: string; runId: string },
): Promise<boolean> {
  for (let tries = 1; ; tries++) {
    try {
      return await call<boolean>(deps.db, "cancel_crawl_run", { tenant_id: tenantId, run_id: runId });
    } catch (error) {
      // A page that was queued and stored within the same moments can hold what this waits for.
      if ((error as { code?: string }).code !== DEADLOCK || tries === 3) throw error;
    }
  }
}
