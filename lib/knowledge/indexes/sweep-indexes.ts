import { z } from "zod";
import { crashPoint } from "@/lib/core/crash-point";
import { log } from "@/lib/core/log";
import { call } from "@/lib/db/pool";
import type { KnowledgeDeps } from "../deps";
import { buildIndexJob } from "../jobs";
import { fillGraphs } from "./fill-graph";

const Swept = z.object({
  work: z.array(z.object({ tenantId: z.uuid(), indexId: z.uuid(), nudge: z.number() })),
  removed: z.number(),
  /** Live indexes of large agents not all of whose vectors are in a graph. */
  graphs: z.array(z.object({ tenantId: z.uuid(), indexId: z.uuid() })),
});

const BATCH_VECTORS = 2_000;
/** A sweep is for many things; what is left waits for the next. */
const MAX_BATCHES = 10;
const GRAPHS_MS = 5_000;

/**
 * Enqueues again builds that nobody works on, removes the vectors of retired indexes in batches, brings those of agents that became large into
 * their graph, and the statistics of words up to date where publishing left them behind. Returns how many nudges it gave.
 */
export async function sweepIndexes(
  deps: Pick<KnowledgeDeps, "db" | "queues" | "config">,
  { idleMs = 30_000, graceMs = 120_000 } = {},
): Promise<number> {
  await call(deps.db, "sweep_lexicons", {});
  let nudges = 0;
  let large: z.infer<typeof Swept>["graphs"] = [];
  for (let batch = 0; batch < MAX_BATCHES; batch++) {
    const { work, removed, graphs } = Swept.parse(
      await call(deps.db, "sweep_indexes", {
        idle: `${idleMs} milliseconds`,
        limit: BATCH_VECTORS,
        grace: `${graceMs} milliseconds`,
      }),
    );
    if (removed > 0) crashPoint(deps, "index_remove");
    for (const { nudge, ...payload } of work) await deps.queues.add(buildIndexJob, payload, { nudge });
    nudges += work.length;
    large = graphs;
    if (removed > 0) log.info({ event: "knowledge.vectors_removed", vectors: removed });
    if (removed < BATCH_VECTORS) break;
  }
  await fillGraphs(deps, large, GRAPHS_MS);
  return nudges;
}
