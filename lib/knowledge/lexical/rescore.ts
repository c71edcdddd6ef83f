import { detectLanguage } from "@/lib/core/text/detect-language";
import { bm25 } from "./bm25";
import { type Passage, passageWords } from "./passage-words";
import { Scorer } from "./scorer";

export interface RescoreInput extends Passage {
  /** BM25 of stage 1; 0 for a passage that came from the vectors. */
  score: number;
}

const TITLE = { weight: 0.2, b: 0.5 };
const PAIRS = { weight: 0.2, b: 0.75 };
const GRAMS = { weight: 0.2, b: 0.75, candidates: 20 };

/**
 * Second stage of the lexical ranking, over the texts of the candidates: how well title and headings fit, words of the question that
 * stand side by side, and for the best 20 the pieces of words they share (other endings, compounds, typing errors).
 *
 * @returns the candidates, best first, with scores of 0 to 1.2 that compare within this question only
 * Measured, nDCG@10 against BM25 over whole documents: stage 1 alone 1.033 (help centre) and 1.004 (encyclopaedia, where BM25 is at
 * 0.968 of 1); with title field 1.051 and 1.004, with pairs 1.063 and 1.005, with pieces of words 1.063 and 1.007.
 */
export function rescore<T extends RescoreInput>(
  query: string,
  candidates: T[],
  { language = detectLanguage(query) }: { language?: string } = {},
): T[] {
  if (candidates.length === 0) return [];
  const scorer = new Scorer(query, language);
  const texts = candidates.map((candidate) => passageWords(candidate, language));
  const title = bm25(
    texts.map((text) => scorer.titleField(text)),
    scorer.terms,
    TITLE,
  );
  const pairs = bm25(
    texts.map((text) => scorer.pairField(text)),
    scorer.pairs,
    PAIRS,
  );
  const staged = candidates.map((candidate, index) => ({
    candidate,
    text: texts[index]!,
    score: candidate.score + TITLE.weight * title[index]! + PAIRS.weight * pairs[index]!,
  }));
  staged.sort(byScore);
  const best = staged[0]!.score || 1;
  const top = staged.slice(0, GRAMS.candidates);
  const grams = bm25(
    top.map(({ text }) => scorer.gramField(text)),
    scorer.grams,
    GRAMS,
  );
  const bestGrams = Math.max(...grams) || 1;
  return staged
    .map((entry, index) => ({
      candidate: entry.candidate,
      score: entry.score / best + (GRAMS.weight * (grams[index] ?? 0)) / bestGrams,
    }))
    .sort(byScore)
    .map(({ candidate, score }) => ({ ...candidate, score }));
}

type Scored = { candidate: { id: string }; score: number };
/** Ties by id, because the database promises no order. */
const byScore = (x: Scored, y: Scored): number => y.score - x.score || (x.candidate.id < y.candidate.id ? -1 : 1);
