import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import { persistently } from "@/lib/db/persistently";
import { call } from "@/lib/db/pool";
import type { CrawlDeps } from "./deps";
import { enqueuePages, NewPages } from "./enqueue-pages";
import { enqueueStart, missingSource, tooManyStarts } from "./start-run";

const Retried = z.object({
  state: z.enum(["created", "joined", "paused", "nothing", "limited", "not_crawled"]),
  runId: z.uuid().optional(),
  waitMs: z.number().optional(),
  pages: z.number(),
  newPages: NewPages,
});

/**
 * Visits pages again that did not make it; the caller has shown that the member may do so. They join the crawl under way (a paused one
 * reads them once it is resumed), else get a run of their own, which removes nothing.
 * @throws AppError "not_found" when the tenant has no such source, "conflict" when its kind is not crawled, "rate_limited" with the wait
 */
export async function retry(
  deps: CrawlDeps,
  { tenantId, sourceId, pageIds }: { tenantId: string; sourceId: string; pageIds?: string[] },
): Promise<{ pages: number; runId: string | null }> {
  const ask = () =>
    call(deps.db, "retry_pages", {
      tenant_id: tenantId,
      source_id: sourceId,
      page_ids: pageIds ?? null,
      run_id: newId(),
      limited: deps.config.limitStarts,
    });
  const { state, runId, waitMs, pages, newPages } = Retried.parse(await persistently(ask).catch(missingSource));
  if (state === "limited") throw tooManyStarts(waitMs ?? 0);
  if (state === "not_crawled") throw new AppError("conflict", "This source is not read from the web.");
  if (!runId) return { pages: 0, runId: null };
  if (state === "created") await enqueueStart(deps, { tenantId, runId });
  await enqueuePages(deps, { tenantId, runId }, newPages);
  return { pages, runId };
}
