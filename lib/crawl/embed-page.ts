import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import { log } from "@/lib/core/log";
import { call, json } from "@/lib/db/pool";
import { embeddingKey, embedTexts } from "@/lib/knowledge";
import { type Queues, type RunAgain, runAgainIn } from "@/lib/queue";
import { type CrawlDeps, crashPoint } from "./deps";
import { enqueuePages, NewPages } from "./enqueue-pages";

const Missing = z
  .union([
    z.object({
      agentId: z.uuid(),
      runId: z.uuid(),
      /** Of the agent's live index. */
      model: z.string(),
      chunks: z.array(z.object({ id: z.uuid(), text: z.string() })),
    }),
    /** Another worker embeds it. */
    z.object({ waitMs: z.number() }),
  ])
  .nullable();

/** The end of a page makes room in the queue for others of its run. */
const Ended = z.object({ runId: z.uuid().optional(), newPages: NewPages });
const Published = Ended.extend({ outcome: z.enum(["published", "gone", "again", "dimensions"]) });

type Deps = Pick<CrawlDeps, "db" | "gateway"> & {
  queues: Pick<Queues, "addBulk">;
  config: Pick<CrawlDeps["config"], "crashAt">;
};
type VersionRef = { tenantId: string; versionId: string };

/** A switch to another model in the very moment makes one more round; more than a few have another cause. */
const MAX_ROUNDS = 5;
/** Longer than the texts of one page take. */
const LEASE_MS = 120_000;
/** A provider's wish for a pause is granted up to this. */
const LONGEST_WAIT_MS = 10 * 60_000;

/**
 * Embeds the chunks of a draft version whose text the agent's live index does not know, then publishes it in one transaction. Doing it twice
 * changes nothing, and costs nothing: who comes while another is at it waits. A model that will refuse again next time ends the page with that reason; any other fault is for the queue to retry.
 */
export async function embedPage(
  deps: Deps,
  { tenantId, versionId }: VersionRef,
  signal: AbortSignal,
): Promise<RunAgain | undefined> {
  const lease = newId();
  const release = () =>
    call(deps.db, "release_embedding", { tenant_id: tenantId, version_id: versionId, lease }).catch(() => {});
  try {
    for (let round = 1; round <= MAX_ROUNDS; round++) {
      const outcome = await embedOnce(deps, { tenantId, versionId, lease }, signal);
      if (outcome === "done") return;
      if (outcome === "again") continue;
      await release();
      return outcome;
    }
  } catch (error) {
    await release();
    throw error;
  }
  await release();
  throw new AppError("upstream_busy", "The agent's embedding model kept changing while this page was embedded.");
}

async function embedOnce(
  deps: Deps,
  { tenantId, versionId, lease }: VersionRef & { lease: string },
  signal: AbortSignal,
): Promise<"done" | "again" | RunAgain> {
  const version = { tenant_id: tenantId, version_id: versionId };
  const embedding_model = embeddingKey(deps.gateway.embeddingModel);
  const claim = { ...version, embedding_model, lease, lease_ms: LEASE_MS };
  const missing = Missing.parse(await call(deps.db, "chunks_to_embed", claim));
  if (!missing) return "done";
  if ("waitMs" in missing) return runAgainIn(missing.waitMs);
  const { agentId, runId, model, chunks } = missing;
  let embeddings: { id: string; embedding: string | null }[];
  try {
    const meta = { tenantId, agentId, runId, step: "embed_chunks" as const };
    ({ embeddings } = await embedTexts(deps.gateway, { model, chunks, meta, signal }));
  } catch (error) {
    if (!(error instanceof AppError) || signal.aborted) throw error;
    if (error.code === "upstream_busy" && error.retryAfterMs !== undefined)
      return runAgainIn(Math.min(error.retryAfterMs, LONGEST_WAIT_MS));
    if (error.policy.retry) throw error;
    log.error({ event: "crawl.embedding_refused", tenantId, runId, code: error.code });
    await fail(deps, version, error.code, error.message);
    return "done";
  }
  crashPoint(deps, "embed");
  const published = Published.parse(
    await call(deps.db, "publish_page", { ...version, embeddings: json(embeddings), embedding_model: model }),
  );
  crashPoint(deps, "publish");
  if (published.outcome === "again") return "again";
  if (published.outcome === "dimensions") {
    log.error({ event: "crawl.embedding_refused", tenantId, runId, code: "dimensions" });
    const why = `${model} gives vectors of another length than it gave for the pages before.`;
    await fail(deps, version, "model_misconfigured", `${why} Change the embedding model in the agent's settings.`);
  } else await goOn(deps, tenantId, published);
  return "done";
}

async function fail(deps: Deps, version: { tenant_id: string; version_id: string }, code: string, why: string) {
  const reason = `The text of this page could not be embedded. ${why}`;
  await goOn(deps, version.tenant_id, Ended.parse(await call(deps.db, "fail_page", { ...version, code, reason })));
}

async function goOn(deps: Deps, tenantId: string, { runId, newPages }: z.infer<typeof Ended>): Promise<void> {
  if (runId) await enqueuePages(deps, { tenantId, runId }, newPages);
}
