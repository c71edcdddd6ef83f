import { z } from "zod";
import { type CrawlDeps, crashPoint } from "./deps";
import { crawlPageJob } from "./jobs";

/** Pages that the database hands out for the queue. `nudge` > 0: a page that comes again within its run, so its job needs a new id. */
export const NewPages = z.array(z.object({ id: z.uuid(), nudge: z.number() }));

export async function enqueuePages(
  deps: CrawlDeps,
  { tenantId, runId }: { tenantId: string; runId: string },
  pages: z.infer<typeof NewPages>,
): Promise<void> {
  const payload = (pageId: string) => ({ tenantId, runId, pageId });
  const first = pages.filter((page) => page.nudge === 0);
  await deps.queues.addBulk(
    crawlPageJob,
    first.map(({ id }) => payload(id)),
  );
  for (const { id, nudge } of pages) if (nudge > 0) await deps.queues.add(crawlPageJob, payload(id), { nudge });
  crashPoint(deps, "enqueue");
}
