import { z } from "zod";
import type { Queues } from "@/lib/queue";
import { type CrawlDeps, crashPoint } from "./deps";
import { crawlPageJob } from "./jobs";

/** Pages that the database hands out for the queue. `nudge` > 0: a page that comes again within its run, so its job needs a new id. */
export const NewPages = z.array(z.object({ id: z.uuid(), nudge: z.number(), place: z.number() }));

export async function enqueuePages(
  deps: { queues: Pick<Queues, "addBulk">; config: Pick<CrawlDeps["config"], "crashAt"> },
  { tenantId, runId }: { tenantId: string; runId: string },
  pages: z.infer<typeof NewPages>,
): Promise<void> {
  await deps.queues.addBulk(
    crawlPageJob,
    pages.map(({ id: pageId, nudge, place }) => ({ payload: { tenantId, runId, pageId }, nudge, place })),
  );
  crashPoint(deps, "enqueue");
}
