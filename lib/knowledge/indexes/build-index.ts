import { z } from "zod";
import { crashPoint } from "@/lib/core/crash-point";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import { log } from "@/lib/core/log";
import { call, json } from "@/lib/db/pool";
import { type RunAgain, runAgainIn } from "@/lib/queue";
import type { KnowledgeDeps } from "../deps";
import { embedTexts } from "../embed-texts";
import { fillGraph } from "./fill-graph";

const Claim = z.discriminatedUnion("state", [
  z.object({ state: z.enum(["over", "held", "covered"]) }),
  z.object({
    state: z.literal("embed"),
    agentId: z.uuid(),
    model: z.string(),
    /** All passages of the batch; `chunks` are those whose text the index does not know yet. */
    chunkIds: z.array(z.uuid()),
    chunks: z.array(z.object({ id: z.uuid(), text: z.string() })),
  }),
]);
type Batch = Extract<z.infer<typeof Claim>, { state: "embed" }>;

/** Vectors of a batch are one call's worth of work that a crash may cost: two requests of the largest providers. */
const BATCH_CHUNKS = 512;
/** Longer than a batch takes; a dead worker's build goes on after this. */
const LEASE_MS = 120_000;
/** Then another job has a turn. */
const TURN_MS = 60_000;
const LONGEST_WAIT_MS = 10 * 60_000;
/** Somebody has the last vectors that are missing in the graph. */
const HELD_MS = 1_000;

type Deps = Omit<KnowledgeDeps, "queues">;
type IndexRef = { tenantId: string; indexId: string };

/**
 * Works on an index that is being built: passages without a vector in it, batch by batch, for a large agent its graph, then the switch. Each batch
 * is stored as it comes, so a job that dies loses one at most. A model that will refuse again next time ends the build with that reason; the live
 * index stays.
 */
export async function buildIndex(deps: Deps, ref: IndexRef, signal: AbortSignal): Promise<RunAgain | undefined> {
  const lease = newId();
  const startedAt = performance.now();
  try {
    while (performance.now() - startedAt < TURN_MS) {
      signal.throwIfAborted();
      const next = await step(deps, ref, lease, signal);
      if (next === "over") return;
      if (next === "wait") {
        await release(deps, ref, lease);
        return runAgainIn(HELD_MS);
      }
    }
    await release(deps, ref, lease);
    return runAgainIn(0);
  } catch (error) {
    await release(deps, ref, lease).catch(() => {});
    if (signal.aborted || !(error instanceof AppError)) throw error;
    if (error.code === "upstream_busy" && error.retryAfterMs !== undefined)
      return runAgainIn(Math.min(error.retryAfterMs, LONGEST_WAIT_MS));
    if (error.policy.retry) throw error;
    await fail(deps, ref, error.code, error.message);
    return;
  }
}

async function step(deps: Deps, ref: IndexRef, lease: string, signal: AbortSignal): Promise<"on" | "wait" | "over"> {
  const index = { tenant_id: ref.tenantId, index_id: ref.indexId, lease };
  const claim = Claim.parse(
    await call(deps.db, "claim_index_batch", { ...index, lease_ms: LEASE_MS, limit: BATCH_CHUNKS }),
  );
  crashPoint(deps, "index_claim");
  if (claim.state === "embed") return embedBatch(deps, ref, lease, claim, signal);
  if (claim.state !== "covered") return "over";
  const switched = await call<string>(deps.db, "switch_index", index);
  crashPoint(deps, "index_switch");
  if (switched === "switched") log.info({ event: "knowledge.index_switched", ...ref });
  if (switched === "graph") return fillOwnGraph(deps, ref, signal);
  return switched === "more" ? "on" : "over";
}

async function embedBatch(deps: Deps, ref: IndexRef, lease: string, batch: Batch, signal: AbortSignal) {
  const { model, chunks, agentId, chunkIds } = batch;
  // The run of the bill is the index: what the change cost can be summed up.
  const meta = { tenantId: ref.tenantId, agentId, runId: ref.indexId, step: "embed_chunks" as const };
  const { embeddings, costMicroUsd } = await embedTexts(deps.gateway, { model, chunks, meta, signal });
  crashPoint(deps, "index_embed");
  const stored = await call<string>(deps.db, "store_index_batch", {
    tenant_id: ref.tenantId,
    index_id: ref.indexId,
    lease,
    lease_ms: LEASE_MS,
    chunk_ids: chunkIds,
    embeddings: json(embeddings),
    cost_micro_usd: costMicroUsd,
  });
  crashPoint(deps, "index_store");
  if (stored === "dimensions")
    throw new AppError("model_misconfigured", `${model} gave vectors of different lengths. Choose another model.`);
  return stored === "stored" ? ("on" as const) : ("over" as const);
}

/** The vectors that were stored before the index had a graph: those of the first batch, or of all while the agent was small. */
async function fillOwnGraph(deps: Deps, ref: IndexRef, signal: AbortSignal): Promise<"on" | "wait"> {
  for (;;) {
    signal.throwIfAborted();
    const filled = await fillGraph(deps, ref);
    if (filled !== "more") return filled === "held" ? "wait" : "on";
  }
}

const release = (deps: Deps, ref: IndexRef, lease: string) =>
  call<void>(deps.db, "release_index", { tenant_id: ref.tenantId, index_id: ref.indexId, lease });

async function fail(deps: Deps, ref: IndexRef, code: string, message: string): Promise<void> {
  log.error({ event: "knowledge.index_failed", ...ref, code });
  await call<void>(deps.db, "fail_index", { tenant_id: ref.tenantId, index_id: ref.indexId, code, message });
}
