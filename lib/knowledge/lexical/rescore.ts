import { detectLanguage } from "@/lib/core/text/detect-language";
import { bm25 } from "./bm25";
import { type Passage, passageWords } from "./passage-words";
import { Scorer } from "./scorer";

export interface RescoreInput extends Passage {
  /** BM25 of stage 1; 0 for a passage that came from the vectors. */
  lexical: number;
}

const TITLE = { weight: 0.3, b: 0.5 };
const PAIRS = { weight: 0.3, b: 0.75 };
const GRAMS = { weight: 0.2, b: 0.75, candidates: 50 };

/**
 * Second stage of the lexical ranking, over the texts of the candidates: how well title and headings fit, words of the question that
 * stand side by side, and for the best 50 the pieces of words they share (other endings, compounds, typing errors).
 *
 * @returns a score of 0 to 1.2 for each candidate, in the order given; they compare within this question only
 * Measured, nDCG@10 against BM25 over whole documents, with weights of 0.2: stage 1 alone 1.033 (help centre) and 1.004 (encyclopaedia, where
 * BM25 is at 0.968 of 1); with title field 1.051 and 1.004, with pairs 1.063 and 1.005, with pieces of words for the best 50 candidates 1.066 and
 * 1.007. Title field and pairs at 0.3 instead: +0.6 % (help centre), +0.3 % (code), +0.2 % (sections of READMEs), less nowhere of five sets.
 * 100 candidates instead of 50: +0.4 % (help centre), nothing elsewhere, for twice the time.
 */
export function rescore(
  query: string,
  candidates: RescoreInput[],
  { language = detectLanguage(query) }: { language?: string } = {},
): number[] {
  if (candidates.length === 0) return [];
  const scorer = new Scorer(query, language);
  const texts = candidates.map((candidate) => passageWords(candidate, language));
  const title = bm25(scorer.titleFields(texts), scorer.terms, TITLE);
  const pairs = bm25(scorer.pairFields(texts), scorer.askedPairs, PAIRS);
  const scores = candidates.map(
    ({ lexical }, index) => lexical + TITLE.weight * title[index]! + PAIRS.weight * pairs[index]!,
  );
  // Ties by id, because the database promises no order.
  const order = candidates
    .map((_, index) => index)
    .sort((x, y) => scores[y]! - scores[x]! || (candidates[x]!.chunkId < candidates[y]!.chunkId ? -1 : 1));
  const best = scores[order[0]!]! || 1;
  const top = order.slice(0, GRAMS.candidates);
  const grams = bm25(scorer.gramFields(top.map((index) => texts[index]!)), scorer.grams, GRAMS);
  const bestGrams = Math.max(...grams) || 1;
  const final = scores.map((score) => score / best);
  for (const [place, index] of top.entries()) final[index]! += (GRAMS.weight * grams[place]!) / bestGrams;
  return final;
}
