import { log } from "@/lib/core/log";
import { callRows, type Db, vector } from "@/lib/db/pool";
import type { Gateway } from "@/lib/llm";
import { embeddingKey } from "./embedding-key";
import { confidence, fuse, queryTerms, type RankedChunk } from "./lexical";
import { PassageCache, type PassageRow, readPassages } from "./passages";

/** Each candidate costs the database a row and the rescoring its words; beyond these the right passage is hardly ever found. */
const CANDIDATES = 50;
/** Local vectors know no more than the words do: they score what words found, and are searched when words found less than this. */
const LOCAL_VECTOR_CANDIDATES = 20;
const KEPT = 20;
/** Names no model: no weight for similarities, and none is found. */
const WORDS_ALONE = "none";

interface MatchScores {
  chunk_id: string;
  lexical: number;
  similarity: number;
}

/** One a process. */
const passages = new PassageCache();

export interface RetrieveInput {
  tenantId: string;
  agentId: string;
  question: string;
  /** Of the agent, as a hint where the question is too short to tell. */
  language: string;
  /** `provider/model` of the agent's live index, as `begin_turn` tells it; null: it has none, words alone decide. */
  embeddingModel: string | null;
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

/**
 * Finds the passages that answer a question: one embedding, one SQL call, then fusion and rescoring of the candidates here. The texts come
 * with that call when this process does not know the agent yet; later only those that it has not met, with a second, small one. The question is
 * embedded by the model of the agent's index; when that has no key here any more, words alone decide.
 */
export async function retrieve(
  { db, gateway }: { db: Db; gateway: Gateway },
  { tenantId, agentId, question, language, embeddingModel, messageId, signal }: RetrieveInput,
): Promise<Retrieved> {
  const startedAt = performance.now();
  const info = embeddingModel ? gateway.embeddingModelInfo(embeddingModel) : null;
  if (embeddingModel && !info) log.warn({ event: "knowledge.model_unavailable", tenantId, agentId });
  const model = info ? embeddingKey(info) : WORDS_ALONE;
  const embedded = info
    ? await gateway.embed({
        texts: [question],
        model,
        ...(signal ? { signal } : {}),
        meta: { tenantId, agentId, ...(messageId ? { messageId } : {}), step: "embed_query" },
      })
    : null;
  const embedding = embedded?.vectors[0] ?? null;
  const embeddedAt = performance.now();
  const { terms, weights } = queryTerms({ text: question, language, agentId });
  const owner = { tenantId, agentId };
  const withText = passages.of(owner).size === 0;
  const scores = await callRows<MatchScores & PassageRow>(db, "match_chunks", {
    tenant_id: tenantId,
    agent_id: agentId,
    terms,
    weights,
    embedding: embedding && vector(embedding),
    embedding_model: model,
    limit: CANDIDATES,
    vector_limit: info?.isLocal ? LOCAL_VECTOR_CANDIDATES : CANDIDATES,
    vector_below: info?.isLocal ? LOCAL_VECTOR_CANDIDATES : null,
    with_text: withText,
  });
  if (withText) passages.add(owner, scores);
  const texts = await readPassages(
    db,
    passages,
    owner,
    scores.map((row) => row.chunk_id),
  );
  const candidates = scores.flatMap(({ chunk_id, lexical, similarity }) => {
    const passage = texts.get(chunk_id);
    return passage ? [{ ...passage, lexical, similarity }] : [];
  });
  const ranked = fuse(question, candidates, { model, language });
  return {
    chunks: ranked.slice(0, KEPT),
    confidence: confidence(question, ranked, { language, model }),
    timings: { embedMs: embeddedAt - startedAt, searchMs: performance.now() - embeddedAt },
  };
}
