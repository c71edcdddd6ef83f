import { analyze, analyzeQuery, isCode } from "@/lib/core/text/analyze";
import { detectLanguage } from "@/lib/core/text/detect-language";
import { hash32 } from "@/lib/core/text/hash";
import { baseLanguage } from "@/lib/core/text/languages";
import { isLongWord, NO_STAND_INS, type StandIns } from "./compounds";
import { indexText } from "./index-text";
import { synonymsOf } from "./synonyms";
import { termId } from "./term-id";

/** Weight of a term by where it stands, measured on seven question sets. */
const TITLE_WEIGHT = 4;
const HEADING_WEIGHT = 2;
/** Codes mostly stand in long tables, where a single word counts little. */
const CODE_WEIGHT = 2;

export interface IndexTerms {
  /** Hashed stems, ascending and unique, 1 … 999,999,999. */
  terms: number[];
  /** Weighted frequency of each: 4 a time in the title, 2 in the nearest heading, 1 in the text. */
  tf: number[];
  /** Sum of `tf`. */
  length: number;
  /** Terms of long words with their stems, in languages that join words; empty in others. */
  longWords: [term: number, stem: string][];
}

export interface QueryTerms {
  terms: number[];
  /** How often each stands in the question, twice that for a code, 0.4 for a synonym, 0.2 for a short form of it. */
  weights: number[];
}

/**
 * What one passage is found by.
 * @param passage `language` is what the page says of itself; the text has the last word, since templates often say `en` whatever is in them
 */
export function indexTerms(passage: {
  title: string;
  headingPath: string[];
  content: string;
  language: string | null;
  agentId: string;
}): IndexTerms {
  const language = detectLanguage(`${passage.title}\n${passage.content}`, baseLanguage(passage.language));
  const frequencies = new Map<string, number>();
  const add = (text: string, weight: number) => {
    for (const term of analyze(text, language)) frequencies.set(term, (frequencies.get(term) ?? 0) + weight);
  };
  add(passage.title, TITLE_WEIGHT);
  add(passage.headingPath.at(-1) ?? "", HEADING_WEIGHT);
  add(indexText(passage.content), 1);
  const { terms, values } = hashed(frequencies, passage.agentId);
  const seed = hash32(passage.agentId, 0);
  const longWords = [...frequencies.keys()]
    .filter((term) => isLongWord(term, language))
    .map((term): [number, string] => [termId(term, seed), term]);
  return { terms, tf: values, length: values.reduce((sum, value) => sum + value, 0), longWords };
}

/**
 * What a question looks for: stop words and question words dropped, the rest stemmed and hashed, with synonyms. Empty for a question without a word.
 * @param query `language` is what to assume when the question is too short to tell; `standIns` what stands for words that the agent does not know
 */
export function queryTerms(query: {
  text: string;
  language: string | null;
  agentId: string;
  standIns?: StandIns;
}): QueryTerms {
  const language = detectLanguage(query.text, baseLanguage(query.language));
  const frequencies = new Map<string, number>();
  for (const term of analyzeQuery(query.text, language).terms) {
    frequencies.set(term, (frequencies.get(term) ?? 0) + (isCode(term) ? CODE_WEIGHT : 1));
  }
  for (const term of [...frequencies.keys()]) {
    for (const [other, weight] of synonymsOf(term, language)) {
      if (!frequencies.has(other)) frequencies.set(other, weight);
    }
    for (const { stems, weight } of (query.standIns ?? NO_STAND_INS).get(term) ?? []) {
      for (const other of stems) if (!frequencies.has(other)) frequencies.set(other, weight);
    }
  }
  const { terms, values } = hashed(frequencies, query.agentId);
  return { terms, weights: values };
}

/**
 * The agent's id is the seed, so that in the one GIN index over all agents' terms a term belongs to one agent. Two of an agent's 50,000
 * different stems fall together about once.
 */
function hashed(frequencies: Map<string, number>, agentId: string): { terms: number[]; values: number[] } {
  const seed = hash32(agentId, 0);
  const byTerm = new Map<number, number>();
  for (const [term, value] of frequencies) {
    const id = termId(term, seed);
    byTerm.set(id, (byTerm.get(id) ?? 0) + value);
  }
  const terms = [...byTerm.keys()].sort((a, b) => a - b);
  return { terms, values: terms.map((term) => byTerm.get(term)!) };
}
