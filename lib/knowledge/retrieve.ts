import { callRows, type Db, vector } from "@/lib/db/pool";
import type { Gateway } from "@/lib/llm";
import { embeddingKey } from "./embedding-key";
import { confidence, fuse, queryTerms, type RankedChunk } from "./lexical";

/** Each candidate costs the database a row and the rescoring its words; beyond these the right passage is hardly ever found. */
const CANDIDATES = 50;
/** Local vectors know no more than the words do: they score what words found, and are searched when words found less than this. */
const LOCAL_VECTOR_CANDIDATES = 20;
const KEPT = 20;

interface MatchRow {
  chunk_id: string;
  page_id: string;
  source_id: string;
  url: string;
  title: string;
  heading_path: string[];
  anchor: string | null;
  content: string;
  lexical: number;
  similarity: number;
}

export interface RetrieveInput {
  tenantId: string;
  agentId: string;
  question: string;
  /** Of the agent, as a hint where the question is too short to tell. */
  language: string;
  messageId?: string;
  signal?: AbortSignal;
}

export interface Retrieved {
  /** Best first. */
  chunks: RankedChunk[];
  /** 0 to 1: whether the knowledge holds an answer at all. */
  confidence: number;
  timings: { embedMs: number; searchMs: number };
}

/** Finds the passages that answer a question: one embedding, one SQL call, then fusion and rescoring of the candidates here. */
export async function retrieve(
  { db, gateway }: { db: Db; gateway: Gateway },
  { tenantId, agentId, question, language, messageId, signal }: RetrieveInput,
): Promise<Retrieved> {
  const startedAt = performance.now();
  const { vectors } = await gateway.embed({
    texts: [question],
    ...(signal ? { signal } : {}),
    meta: { tenantId, agentId, ...(messageId ? { messageId } : {}), step: "embed_query" },
  });
  const embeddedAt = performance.now();
  const { terms, weights } = queryTerms({ text: question, language, agentId });
  const model = embeddingKey(gateway.embeddingModel);
  const rows = await callRows<MatchRow>(db, "match_chunks", {
    tenant_id: tenantId,
    agent_id: agentId,
    terms,
    weights,
    embedding: vector(vectors[0]!),
    embedding_model: model,
    limit: CANDIDATES,
    vector_limit: gateway.embeddingModel.isLocal ? LOCAL_VECTOR_CANDIDATES : CANDIDATES,
    vector_below: gateway.embeddingModel.isLocal ? LOCAL_VECTOR_CANDIDATES : null,
  });
  const ranked = fuse(question, rows.map(candidate), { model, language });
  return {
    chunks: ranked.slice(0, KEPT),
    confidence: confidence(question, ranked, { language, model }),
    timings: { embedMs: embeddedAt - startedAt, searchMs: performance.now() - embeddedAt },
  };
}

const candidate = (row: MatchRow) => ({
  chunkId: row.chunk_id,
  pageId: row.page_id,
  sourceId: row.source_id,
  url: row.url,
  title: row.title,
  headingPath: row.heading_path,
  anchor: row.anchor,
  content: row.content,
  lexical: row.lexical,
  similarity: row.similarity,
});
