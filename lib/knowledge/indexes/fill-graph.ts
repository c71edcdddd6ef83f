import { z } from "zod";
import { crashPoint } from "@/lib/core/crash-point";
import { log } from "@/lib/core/log";
import { call } from "@/lib/db/pool";
import type { KnowledgeDeps } from "../deps";

const Step = z.enum(["more", "ready", "held", "over"]);

/** Putting a vector into a graph takes a millisecond or more, and the index is locked for a batch. */
const BATCH_VECTORS = 250;

type Deps = Pick<KnowledgeDeps, "db" | "config">;
type IndexRef = { tenantId: string; indexId: string };

/** The next step towards all vectors of a large agent being in its graph; "more" when there are further ones. Each is kept, whoever does the next. */
export async function fillGraph(deps: Deps, { tenantId, indexId }: IndexRef): Promise<z.infer<typeof Step>> {
  const step = Step.parse(
    await call(deps.db, "fill_graph", { tenant_id: tenantId, index_id: indexId, limit: BATCH_VECTORS }),
  );
  crashPoint(deps, "index_graph");
  if (step === "ready") log.info({ event: "knowledge.graph_ready", tenantId, indexId });
  return step;
}

/** Works on the graphs of several indexes in turns, so that a giant does not keep the others waiting, for about so long. */
export async function fillGraphs(deps: Deps, indexes: IndexRef[], limitMs: number): Promise<void> {
  const startedAt = performance.now();
  let waiting = indexes;
  while (waiting.length > 0) {
    const unfinished: IndexRef[] = [];
    for (const index of waiting) {
      if (performance.now() - startedAt > limitMs) return;
      if ((await fillGraph(deps, index)) === "more") unfinished.push(index);
    }
    waiting = unfinished;
  }
}
