import { z } from "zod";
import { log } from "@/lib/core/log";
import { call } from "@/lib/db/pool";
import { ingestDocumentJob } from "@/lib/files/jobs";
import type { CrawlDeps } from "./deps";
import { crawlPageJob, embedPageJob, startCrawlJob } from "./jobs";
import { enqueueStart } from "./start-run";

const Work = z.array(
  z.object({
    kind: z.enum(["start", "page", "document", "embed"]),
    tenantId: z.uuid(),
    runId: z.uuid(),
    id: z.uuid(),
    nudge: z.number(),
    place: z.number(),
  }),
);

const Started = z.array(z.object({ tenantId: z.uuid(), runId: z.uuid() }));

/** Starts the refreshes that are due, each once however many sweep. A start whose job is lost is nudged like any other. */
async function startDueRuns(deps: Pick<CrawlDeps, "db" | "queues">): Promise<number> {
  const runs = Started.parse(await call(deps.db, "start_due_runs", {}));
  for (const run of runs) await enqueueStart(deps, run);
  if (runs.length > 0) log.info({ event: "crawl.refreshes_started", runs: runs.length });
  return runs.length;
}

/** Enqueues again what the rows say is unfinished and no job seems to hold. Returns how many nudges it gave. */
export async function sweepCrawls(deps: Pick<CrawlDeps, "db" | "queues">, { idleMs = 30_000 } = {}): Promise<number> {
  await startDueRuns(deps);
  const work = Work.parse(await call(deps.db, "sweep_crawls", { idle: `${idleMs} milliseconds` }));
  for (const { kind, tenantId, runId, id, nudge, place } of work) {
    if (kind === "start") await deps.queues.add(startCrawlJob, { tenantId, runId }, { nudge });
    else if (kind === "page") await deps.queues.add(crawlPageJob, { tenantId, runId, pageId: id }, { nudge, place });
    else if (kind === "document")
      await deps.queues.add(ingestDocumentJob, { tenantId, runId, pageId: id }, { nudge, place });
    else await deps.queues.add(embedPageJob, { tenantId, versionId: id }, { nudge, place });
  }
  if (work.length > 0) log.info({ event: "crawl.swept", nudges: work.length });
  return work.length;
}
