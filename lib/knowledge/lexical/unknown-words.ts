import { analyzeQuery, type Word } from "@/lib/core/text/analyze";
import { detectLanguage } from "@/lib/core/text/detect-language";
import { hash32 } from "@/lib/core/text/hash";
import { synonymsOf } from "./synonyms";
import { termId } from "./term-id";

const MIN_LENGTH = 4;
const MAX_LENGTH = 40;
const MAX_WORDS = 3;
/** Written as pairs of characters: a wrong one leaves the others to match. */
const UNSPELLED = new Set(["zh", "ja", "ko", "th"]);

/** A word of the question that stands in none of the agent's passages. */
export interface UnknownWord {
  word: string;
  stem: string;
  /** As the agent's index would know it. */
  term: number;
}

/** Words of a question that the agent does not know, nor a synonym of them. @param known those terms of the question that it knows */
export function unknownWords(
  question: string,
  known: ReadonlySet<number>,
  { language: fallback, agentId }: { language: string; agentId: string },
): UnknownWord[] {
  const language = detectLanguage(question, fallback);
  if (UNSPELLED.has(language)) return [];
  const seed = hash32(agentId, 0);
  const isKnown = (stemmed: string) => known.has(termId(stemmed, seed));
  const isUnknown = ({ text, stem }: Word) =>
    text.length >= MIN_LENGTH &&
    text.length <= MAX_LENGTH &&
    !/\d/.test(text) &&
    !isKnown(stem) &&
    ![...synonymsOf(stem, language).keys()].some(isKnown);
  const unknown = new Map(
    analyzeQuery(question, language)
      .words.filter(isUnknown)
      .map((word) => [word.text, word.stem]),
  );
  return [...unknown].slice(0, MAX_WORDS).map(([word, stem]) => ({ word, stem, term: termId(stem, seed) }));
}
