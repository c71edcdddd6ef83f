import { z } from "zod";
import { log } from "@/lib/core/log";
import { call, callRows, type Db, vector } from "@/lib/db/pool";
import type { Gateway } from "@/lib/llm";
import { embeddingKey } from "./embedding-key";
import { confidence, fuse, queryTerms, type RankedChunk, respell, respellings, unknownWords } from "./lexical";
import { PassageCache, readPassages } from "./passages";
import { rerank } from "./rerank";

/** Each candidate costs the database a row and the rescoring its words; beyond these the right passage is hardly ever found. */
const CANDIDATES = 50;
/** Local vectors know no more than the words do: they score what words found, and are searched when words found less than this. */
const LOCAL_VECTOR_CANDIDATES = 20;
const KEPT = 20;
/** Names no model: no weight for similarities, and none is found. */
const WORDS_ALONE = "none";
/** A question that is answered this well is not searched again with another spelling. */
const SURE = 0.6;

/** What service.match_chunks returns; the first three lists stand side by side. */
const Matches = z.object({
  chunkIds: z.array(z.string()),
  lexical: z.array(z.number()),
  similarity: z.array(z.number()),
  knownTerms: z.array(z.number()),
});

/** One a process. */
const passages = new PassageCache();

/** Null or absent: all. Pages whose language nobody knows fit every one. */
export interface RetrieveFilters {
  sourceIds?: string[] | null;
  /** Two letters each. */
  languages?: string[] | null;
}

export interface RetrieveInput {
  tenantId: string;
  agentId: string;
  question: string;
  /** Of the agent, as a hint where the question is too short to tell. */
  language: string;
  /** `provider/model` of the agent's live index, as `begin_turn` tells it; null: it has none, words alone decide. */
  embeddingModel: string | null;
  filters?: RetrieveFilters;
  messageId?: string;
  signal?: AbortSignal;
}

export interface Retrieved {
  /** Best first. */
  chunks: RankedChunk[];
  /** 0 to 1: whether the knowledge holds an answer at all. */
  confidence: number;
  /** The question as it was searched; another one than asked when a word of it was misspelled. */
  question: string;
  timings: { embedMs: number; searchMs: number };
}

/**
 * Finds the passages that answer a question: one embedding, one SQL call, then fusion and rescoring of the candidates here. Texts that this
 * process has not met are read with a second, small call. The question is embedded by the model of the agent's index; when that has no key here
 * any more, words alone decide.
 *
 * When no passage fits well and the agent does not know a word of the question, a small call asks which of its spellings it knows; and only if
 * there is one the search is done again. Other questions cost nothing extra.
 */
export async function retrieve(
  { db, gateway }: { db: Db; gateway: Gateway },
  { tenantId, agentId, question, language, embeddingModel, filters, messageId, signal }: RetrieveInput,
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
  const search: Search = {
    owner: { tenantId, agentId },
    language,
    model,
    isLocal: info?.isLocal ?? false,
    embedding: embedded?.vectors[0] ?? null,
    filters: filters ?? {},
  };
  const embeddedAt = performance.now();
  const first = await rank(db, search, question);
  const found = first.confidence < SURE ? await withSpelling(db, search, first) : first;
  const chunks = await rerank(gateway, found.question, found.ranked.slice(0, KEPT), {
    tenantId,
    agentId,
    ...(messageId && { messageId }),
    ...(signal && { signal }),
  });
  return {
    chunks,
    confidence: found.confidence,
    question: found.question,
    timings: { embedMs: embeddedAt - startedAt, searchMs: performance.now() - embeddedAt },
  };
}

interface Search {
  owner: { tenantId: string; agentId: string };
  language: string;
  model: string;
  isLocal: boolean;
  embedding: number[] | null;
  filters: RetrieveFilters;
}

interface Found {
  question: string;
  ranked: RankedChunk[];
  confidence: number;
  /** Terms of the question that stand in any of the agent's passages. */
  knownTerms: number[];
}

async function rank(db: Db, search: Search, question: string): Promise<Found> {
  const { owner, language, model, isLocal, embedding, filters } = search;
  const { terms, weights } = queryTerms({ text: question, language, agentId: owner.agentId });
  const { chunkIds, lexical, similarity, knownTerms } = Matches.parse(
    await call(db, "match_chunks", {
      tenant_id: owner.tenantId,
      agent_id: owner.agentId,
      terms,
      weights,
      embedding: embedding && vector(embedding),
      embedding_model: model,
      limit: CANDIDATES,
      vector_limit: isLocal ? LOCAL_VECTOR_CANDIDATES : CANDIDATES,
      vector_below: isLocal ? LOCAL_VECTOR_CANDIDATES : null,
      source_ids: filters.sourceIds ?? null,
      languages: filters.languages ?? null,
    }),
  );
  const texts = await readPassages(db, passages, owner, chunkIds);
  const candidates = chunkIds.flatMap((id, at) => {
    const passage = texts.get(id);
    return passage ? [{ ...passage, lexical: lexical[at]!, similarity: similarity[at]! }] : [];
  });
  const ranked = fuse(question, candidates, { model, language });
  return { question, ranked, confidence: confidence(question, ranked, { language, model }), knownTerms };
}

/** The better of what was found and what the question's likeliest other spelling finds. */
async function withSpelling(db: Db, search: Search, first: Found): Promise<Found> {
  const { owner, language } = search;
  const options = { language, agentId: owner.agentId };
  const unknown = unknownWords(first.question, new Set(first.knownTerms), options);
  if (unknown.length === 0) return first;
  const others = respellings(unknown, { ...options, question: first.question });
  const known = await knownTerms(
    db,
    owner,
    others.flatMap(({ spellings }) => [...spellings.keys()]),
  );
  const respelled = respell(first.question, others, known);
  if (!respelled) return first;
  const second = await rank(db, search, respelled);
  return second.confidence > first.confidence ? second : first;
}

/** In how many passages each of these stands; those in none are left out. */
async function knownTerms(
  db: Db,
  { tenantId, agentId }: Search["owner"],
  terms: number[],
): Promise<Map<number, number>> {
  const rows = await callRows<{ term: number; chunk_count: number }>(db, "known_terms", {
    tenant_id: tenantId,
    agent_id: agentId,
    terms,
  });
  return new Map(rows.map((row) => [row.term, row.chunk_count]));
}
