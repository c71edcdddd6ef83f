import { z } from "zod";
import { log } from "@/lib/core/log";
import { call, callRows, type Db, vector } from "@/lib/db/pool";
import type { Gateway } from "@/lib/llm";
import { embeddingKey } from "./embedding-key";
import {
  compoundSearches,
  confidence,
  fuse,
  type KnownTerm,
  NO_STAND_INS,
  queryTerms,
  type RankedChunk,
  respell,
  respellings,
  type StandIns,
  standInsOf,
  unknownWords,
} from "./lexical";
import { PassageCache, readPassages } from "./passages";
import { rerank } from "./rerank";
import type { SearchFilters } from "./schema";

/** Each candidate costs the database a row and the rescoring its words; beyond these the right passage is hardly ever found. */
const CANDIDATES = 50;
/** Local vectors know no more than the words do: they score what words found, and are searched when words found less than this. */
const LOCAL_VECTOR_CANDIDATES = 20;
const KEPT = 20;
/** Names no model: no weight for similarities, and none is found. */
const WORDS_ALONE = "none";
/** A question that is answered this well is not searched again with other words. */
const SURE = 0.6;
/** Beside a word that is known by its parts, one this short is no typing error: it has too many neighbours. */
const SHORT_WORD = 4;

/** What service.match_chunks returns; the first three lists stand side by side. */
const Matches = z.object({
  chunkIds: z.array(z.string()),
  lexical: z.array(z.number()),
  similarity: z.array(z.number()),
  knownTerms: z.array(z.number()),
});

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
  filters?: SearchFilters | null;
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
 * When no passage fits well and the agent does not know a word of the question, a small call asks which compounds of it, which parts of it and
 * which of its spellings the agent knows; and only if there is one the search is done again. Other questions cost nothing extra.
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
    filters: filters ?? null,
  };
  const embeddedAt = performance.now();
  const first = await rank(db, search, question);
  const found = first.confidence < SURE ? await withOtherWords(db, search, first) : first;
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
  filters: SearchFilters | null;
}

interface Found {
  question: string;
  ranked: RankedChunk[];
  confidence: number;
  /** Terms of the question that stand in any of the agent's passages. */
  knownTerms: number[];
}

async function rank(db: Db, search: Search, question: string, standIns: StandIns = NO_STAND_INS): Promise<Found> {
  const { owner, language, model, isLocal, embedding, filters } = search;
  const { terms, weights } = queryTerms({ text: question, language, agentId: owner.agentId, standIns });
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
      source_ids: filters?.sourceIds ?? null,
      languages: filters?.languages ?? null,
    }),
  );
  const texts = await readPassages(db, passages, owner, chunkIds);
  const candidates = chunkIds.flatMap((id, at) => {
    const passage = texts.get(id);
    return passage ? [{ ...passage, lexical: lexical[at]!, similarity: similarity[at]! }] : [];
  });
  const ranked = fuse(question, candidates, { model, language });
  return { question, ranked, confidence: confidence(question, ranked, { language, model, standIns }), knownTerms };
}

/**
 * The better of what was found and what is found with the agent's own words in place of those that it does not know: compounds and parts of a
 * word, or, where it has none of them, the spelling that was likeliest meant.
 */
async function withOtherWords(db: Db, search: Search, first: Found): Promise<Found> {
  const { owner, language } = search;
  const options = { language, agentId: owner.agentId };
  const unknown = unknownWords(first.question, new Set(first.knownTerms), options);
  if (unknown.length === 0) return first;
  const compounds = compoundSearches(unknown, { ...options, question: first.question });
  const spellings = respellings(unknown, { ...options, question: first.question });
  const terms = [
    ...compounds.flatMap(({ pieces }) => pieces.map(({ term }) => term)),
    ...spellings.flatMap(({ spellings }) => [...spellings.keys()]),
  ];
  if (terms.length === 0) return first;
  const known = await callRows<KnownTerm>(db, "known_terms", {
    tenant_id: owner.tenantId,
    agent_id: owner.agentId,
    terms,
    beginnings: compounds.flatMap(({ beginnings }) => beginnings),
    ends: compounds.flatMap(({ ends }) => ends),
  });
  const standIns = standInsOf(compounds, known);
  const misspelled = spellings.filter(
    ({ stem, word }) => !standIns.has(stem) && (standIns.size === 0 || word.length > SHORT_WORD),
  );
  const respelled = respell(first.question, misspelled, new Map(known.map((row) => [row.term, row.chunk_count])));
  if (!respelled && standIns.size === 0) return first;
  const second = await rank(db, search, respelled ?? first.question, standIns);
  return second.confidence > first.confidence ? second : first;
}
