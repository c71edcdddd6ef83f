import { z } from "zod";
import { defineJob } from "@/lib/queue";

const run = { tenantId: z.uuid(), runId: z.uuid() };

/** Reads robots.txt and the sitemaps of a run, and queues its first pages. */
export const startCrawlJob = defineJob({
  name: "crawl-start",
  payload: z.object(run),
  id: (p) => `crawl-start_${p.runId}`,
  // It mostly waits for sites. A tenant has four runs at most in this step, so that it does not hold up another's.
  concurrency: 16,
});

/** Fetches one page of a run. */
export const crawlPageJob = defineJob({
  name: "crawl-page",
  payload: z.object({ ...run, pageId: z.uuid() }),
  // The run is in the id, because a finished job that is kept would swallow the page's next visit.
  id: (p) => `crawl-page_${p.runId}_${p.pageId}`,
});

/** Embeds what is missing of one page version and publishes it. */
export const embedPageJob = defineJob({
  name: "embed-page",
  payload: z.object({ tenantId: z.uuid(), versionId: z.uuid() }),
  id: (p) => `embed-page_${p.versionId}`,
  concurrency: 2,
});

/** Finds work whose nudge was lost, and answers whose process died. */
export const sweepJob = defineJob({
  name: "sweep",
  payload: z.object({}),
  id: () => "sweep",
  attempts: 1,
  concurrency: 1,
});

export const crawlJobs = [startCrawlJob, crawlPageJob, embedPageJob, sweepJob];
