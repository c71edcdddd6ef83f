import { z } from "zod";
import { persistently } from "@/lib/db/persistently";
import { call } from "@/lib/db/pool";
import { type CrawlDeps, crashPoint } from "./deps";
import { enqueuePages, NewPages } from "./enqueue-pages";
import { enqueueStart } from "./start-run";

type RunRef = { tenantId: string; runId: string };

const Resumed = z.object({ resumed: z.boolean(), startNudge: z.number().nullable(), newPages: NewPages });

/** Stops a crawl: what is published stays. False when it had ended. */
export const cancelRun = (deps: Pick<CrawlDeps, "db">, run: RunRef): Promise<boolean> =>
  persistently(() => call<boolean>(deps.db, "cancel_crawl_run", args(run)));

/** Holds a crawl: nothing is fetched from now on. False when it had ended or is held already. */
export const holdRun = (deps: Pick<CrawlDeps, "db">, run: RunRef): Promise<boolean> =>
  call<boolean>(deps.db, "pause_crawl_run", args(run));

/** Goes on where a held crawl was. False when it was not held. */
export async function releaseRun(deps: CrawlDeps, run: RunRef): Promise<boolean> {
  const { resumed, startNudge, newPages } = Resumed.parse(
    await persistently(() => call(deps.db, "resume_crawl_run", args(run))),
  );
  crashPoint(deps, "resume");
  if (startNudge !== null) await enqueueStart(deps, run, startNudge);
  await enqueuePages(deps, run, newPages);
  return resumed;
}

const args = ({ tenantId, runId }: RunRef) => ({ tenant_id: tenantId, run_id: runId });
