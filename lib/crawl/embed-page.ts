import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { call, json, vector } from "@/lib/db/pool";
import { embeddingKey } from "@/lib/knowledge";
import type { Queues } from "@/lib/queue";
import { type CrawlDeps, crashPoint } from "./deps";
import { enqueuePages, NewPages } from "./enqueue-pages";

const Missing = z
  .object({ agentId: z.uuid(), runId: z.uuid(), chunks: z.array(z.object({ id: z.uuid(), text: z.string() })) })
  .nullable();
type Missing = NonNullable<z.infer<typeof Missing>>;

/** The end of a page makes room in the queue for others of its run. */
const Ended = z.object({ runId: z.uuid().optional(), newPages: NewPages });

type Deps = Pick<CrawlDeps, "db" | "gateway"> & {
  queues: Pick<Queues, "addBulk">;
  config: Pick<CrawlDeps["config"], "crashAt">;
};

/**
 * Embeds the chunks of a draft version that have no embedding yet, then publishes it in one transaction. Doing it twice changes nothing.
 * A model that will refuse again next time ends the page with that reason; any other fault is for the queue to retry.
 */
export async function embedPage(
  deps: Deps,
  { tenantId, versionId }: { tenantId: string; versionId: string },
  signal: AbortSignal,
): Promise<undefined> {
  const model = embeddingKey(deps.gateway.embeddingModel);
  const version = { tenant_id: tenantId, version_id: versionId };
  const missing = Missing.parse(await call(deps.db, "chunks_to_embed", { ...version, embedding_model: model }));
  if (!missing) return;
  let embeddings: { id: string; embedding: string }[];
  try {
    embeddings = await embed(deps, tenantId, missing, signal);
  } catch (error) {
    if (!(error instanceof AppError) || error.policy.retry || signal.aborted) throw error;
    log.error({ event: "crawl.embedding_refused", tenantId, runId: missing.runId, code: error.code });
    const reason = `The text of this page could not be embedded. ${error.message}`;
    return goOn(deps, tenantId, await call(deps.db, "fail_page", { ...version, code: error.code, reason }));
  }
  crashPoint(deps, "embed");
  const ended = await call(deps.db, "publish_page", {
    ...version,
    embeddings: json(embeddings),
    embedding_model: model,
  });
  crashPoint(deps, "publish");
  return goOn(deps, tenantId, ended);
}

async function goOn(deps: Deps, tenantId: string, ended: unknown): Promise<undefined> {
  const { runId, newPages } = Ended.parse(ended);
  if (runId) await enqueuePages(deps, { tenantId, runId }, newPages);
}

async function embed(deps: Deps, tenantId: string, { agentId, runId, chunks }: Missing, signal: AbortSignal) {
  if (chunks.length === 0) return [];
  const { vectors } = await deps.gateway.embed({
    texts: chunks.map((chunk) => chunk.text),
    signal,
    meta: { tenantId, agentId, runId, step: "embed_chunks" },
  });
  return chunks.map(({ id }, i) => ({ id, embedding: vector(vectors[i]!) }));
}
