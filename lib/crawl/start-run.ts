import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { newId, sha256 } from "@/lib/core/ids";
import { log } from "@/lib/core/log";
import { call } from "@/lib/db/pool";
import type { CrawlDeps } from "./deps";
import { startCrawlJob } from "./jobs";

const NO_DATA_FOUND = "P0002";

const Started = z.discriminatedUnion("state", [
  z.object({ state: z.enum(["created", "joined", "paused"]), runId: z.uuid() }),
  z.object({ state: z.literal("limited"), waitMs: z.number() }),
  z.object({ state: z.literal("not_crawled") }),
]);

/** The frontier's row for a URL. */
export const linkRow = (url: string, depth: number) => ({ url, hash: sha256(url), host: new URL(url).host, depth });

/**
 * Begins a crawl of a source, or joins the one under way.
 * The caller has shown by a write under row-level security that the member may do so.
 * @param options.limited counts against the starts that members have: 10 in 15 minutes a tenant
 * @throws AppError "not_found" when the tenant has no such source, "conflict" when its crawl is paused or its kind is not crawled,
 *   "rate_limited" with the wait
 */
export async function startRun(
  deps: CrawlDeps,
  { tenantId, sourceId }: { tenantId: string; sourceId: string },
  { limited = false } = {},
): Promise<{ runId: string; created: boolean }> {
  const answer = await call(deps.db, "start_crawl_run", {
    tenant_id: tenantId,
    source_id: sourceId,
    run_id: newId(),
    limited: limited && deps.config.limitStarts,
  }).catch(missingSource);
  const started = Started.parse(answer);
  if (started.state === "limited") throw tooManyStarts(started.waitMs);
  if (started.state === "not_crawled")
    throw new AppError("conflict", "This source is not read from the web, so there is nothing to refresh.");
  if (started.state === "paused")
    throw new AppError("conflict", "The crawl of this source is paused. Resume it, or stop it first and then refresh.");
  const created = started.state === "created";
  if (created) await enqueueStart(deps, { tenantId, runId: started.runId });
  return { runId: started.runId, created };
}

/** The row is the truth: a nudge that is lost now is given by the sweep. */
export async function enqueueStart(
  deps: Pick<CrawlDeps, "queues">,
  run: { tenantId: string; runId: string },
  nudge = 0,
): Promise<void> {
  await deps.queues
    .add(startCrawlJob, run, nudge > 0 ? { nudge } : {})
    .catch((error: Error) => log.warn({ event: "crawl.start_not_queued", ...run, reason: error.message }));
}

export function missingSource(error: Error & { code?: string }): never {
  if (error.code === NO_DATA_FOUND) throw new AppError("not_found", "This source no longer exists.", { cause: error });
  throw error;
}

export const tooManyStarts = (waitMs: number): AppError =>
  new AppError(
    "rate_limited",
    `Your workspace has started 10 crawls within 15 minutes. Try again in ${minutes(waitMs)}.`,
    { retryAfterMs: waitMs },
  );

function minutes(ms: number): string {
  const count = Math.ceil(ms / 60_000);
  return count === 1 ? "a minute" : `${count} minutes`;
}
