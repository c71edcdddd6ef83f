import { detectLanguage } from "@/lib/core/text/detect-language";
import type { StoredPassage } from "../passages";
import { passageWords } from "./passage-words";
import { rescore } from "./rescore";

/** A passage that service.match_chunks found. */
export interface MatchedChunk extends StoredPassage {
  /** BM25; 0 when no word fits. */
  lexical: number;
  /** Cosine in [-1, 1]; 0 when not compared. */
  similarity: number;
}

export type RankedChunk = MatchedChunk & {
  /** Compares within one question only. */
  score: number;
};

export interface FuseOptions {
  /** `provider/model` of the vectors: decides what they are worth beside the words. */
  model: string;
  /** Of the agent: what to assume when the question is too short to tell. */
  language?: string;
  vectorWeight?: number;
}

/**
 * What a vector's score is worth when that of the words is worth 1, both divided by the best of the question.
 *
 * Local vectors, nDCG@10 against BM25, help centre and encyclopaedia: 0 → 1.064, 1.006; 0.1 → 1.065, 1.006; 0.15 → 1.068, 1.006;
 * 0.2 → 1.070, 1.006; 0.3 → 1.069, 1.005; 0.5 → 1.065, 1.002; vectors alone 0.94, 0.90. Of 58 questions in other words than the pages', the
 * right page is among the first three for 48, 48, 48, 47, 46, 44. So a low weight: these vectors are there for questions whose words are on
 * no page as they are spelled. (Fusing ranks instead of scores loses: a weak list is believed as much as a good one.)
 * Neural embedders were not measured here: equal weight until `npm run bench -- retrieval` has been run with the model in question.
 */
const VECTOR_WEIGHTS: [prefix: string, weight: number][] = [
  ["local/", 0.15],
  ["", 1],
];

export const vectorWeight = (model: string): number =>
  VECTOR_WEIGHTS.find(([prefix]) => model.startsWith(prefix))?.[1] ?? 0;

/** Ranks the candidates of one question, best first; the same text under the same title and headings appears once. */
export function fuse<T extends MatchedChunk>(
  question: string,
  rows: T[],
  options: FuseOptions,
): (T & { score: number })[] {
  const weight = options.vectorWeight ?? vectorWeight(options.model);
  const language = detectLanguage(question, options.language);
  const byWords = rescore(question, rows, { language });
  const bestWords = Math.max(...byWords) || 1;
  const bestVector = Math.max(0, ...rows.map((row) => row.similarity)) || 1;
  const seen = new Map<string, T[]>();
  return rows
    .map((row, index) => {
      const fused = byWords[index]! / bestWords + (weight * Math.max(row.similarity, 0)) / bestVector;
      return { ...row, score: fused * (passageWords(row, language).isLinkList ? LINK_LIST_FACTOR : 1) };
    })
    .sort((x, y) => y.score - x.score || (x.chunkId < y.chunkId ? -1 : 1))
    .filter((row) => {
      const alike = seen.get(row.content);
      if (!alike) seen.set(row.content, [row]);
      else if (alike.some((other) => isSamePlace(row, other))) return false;
      else alike.push(row);
      return true;
    });
}

const isSamePlace = (x: MatchedChunk, y: MatchedChunk): boolean =>
  x.title === y.title &&
  x.headingPath.length === y.headingPath.length &&
  x.headingPath.every((heading, index) => heading === y.headingPath[index]);

/**
 * A card or list of links repeats the words of the page it leads to and holds no answer itself. They stay findable for "which … do
 * you have".
 */
const LINK_LIST_FACTOR = 0.6;
