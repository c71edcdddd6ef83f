import { analyze, readWords } from "@/lib/core/text/analyze";
import { detectLanguage } from "@/lib/core/text/detect-language";
import { functionWords } from "@/lib/core/text/languages";
import type { Evidence } from "./evidence";
import { type Figure, figuresOf } from "./figures";
import { ADDRESS } from "./links";
import { unknownNames } from "./names";

/** Of the content words of a cited sentence, the share that the cited passages must have. */
const CITED_SHARE = 0.25;
/** Sentences shorter than this say too little to be compared. */
const MIN_CONTENT_WORDS = 4;
/** An answer without citations that says less than this is small talk, or a question back. */
const MIN_UNCITED_WORDS = 8;
/** Compared with all that was found and asked: what was made of it shares more. */
const UNCITED_SHARE = 0.35;

/** What is wrong with a sentence. `figure`: numbers, prices, dates, codes; `link`: an address; `support`: the source that it cites says nothing of it. */
export interface SentenceFault {
  kind: "figure" | "link" | "name" | "quote" | "support";
  /** The words that nobody knows; for `support` those that only other sources know, none when it is the sentence as a whole. */
  items: string[];
}

/** Figures, addresses and codes that neither the sources nor the visitor hold. */
function unknownFigures(figures: readonly Figure[], evidence: Evidence): SentenceFault[] {
  const unknown = figures.filter((figure) => !figure.isImplied && !evidence.holds(figure));
  const items = (isLink: boolean) => unknown.filter(({ kind }) => (kind === "url") === isLink).map(({ text }) => text);
  return (["figure", "link"] as const).flatMap((kind) => {
    const of = items(kind === "link");
    return of.length > 0 ? [{ kind, items: of }] : [];
  });
}

/**
 * Everything that can be told of a sentence without a model.
 * @param sentence as shown, with its citations
 */
export function checkSentence(sentence: string, language: string, evidence: Evidence): SentenceFault[] {
  const figures = figuresOf(sentence, language);
  const faults = unknownFigures(figures, evidence);
  const names = unknownNames(sentence.replace(/\[\d{1,3}\]/g, ""), language, evidence);
  if (names.length > 0) faults.push({ kind: "name", items: names });
  const quotes = unknownQuotes(sentence, evidence);
  if (quotes.length > 0) faults.push({ kind: "quote", items: quotes });
  if (faults.length > 0) return faults;
  const elsewhere = figuresElsewhere(sentence, figures, evidence);
  if (elsewhere.length > 0 || isUnsupported(sentence, language, evidence))
    faults.push({ kind: "support", items: elsewhere });
  return faults;
}

/** Who follows a number to its passage finds there what the sentence says. A small number without a unit may count what the answer lists. */
function figuresElsewhere(sentence: string, figures: readonly Figure[], evidence: Evidence): string[] {
  const told = figures.filter(({ kind, isImplied, keys }) => {
    const isCount = kind === "number" && keys.every((key) => /^n:\d\|$/.test(key));
    return !isImplied && !isCount && kind !== "url" && kind !== "code";
  });
  const cited = told.length > 0 ? evidence.only(citedIn(sentence)) : null;
  return cited ? told.filter((figure) => !cited.holds(figure)).map(({ text }) => text) : [];
}

/** Places of the passages that a sentence cites. */
const citedIn = (sentence: string): number[] => [
  ...new Set([...sentence.matchAll(/\[(\d{1,3})\]/g)].map(([, number]) => Number(number) - 1)),
];

/** A quotation of four words and more stands in a passage as it is, but for case, marks and spaces. */
function unknownQuotes(sentence: string, evidence: Evidence): string[] {
  const bare = (text: string) => text.toLowerCase().replace(/[\s*_`|]+/g, " ");
  const texts = [...evidence.passages.map(({ text }) => text), ...evidence.said];
  return [...sentence.matchAll(/[“„"«»]([^“”„"«»\n]{12,400})[”“"»«]/g)]
    .map(([, quoted]) => quoted!.trim().replace(/[.,;…]+$/, ""))
    .filter((quoted) => quoted.split(/\s+/).length >= 4)
    .filter((quoted) => !texts.some((text) => bare(text).includes(bare(quoted))));
}

/**
 * Sentences of an answer that cites nothing at all and has hardly a word in common with sources and questions: it comes from elsewhere.
 * @param sentences all of the answer
 */
export function inventedWithoutCitation<S extends { text: string }>(
  sentences: readonly S[],
  language: string,
  evidence: Evidence,
): S[] {
  if (sentences.some(({ text }) => citedIn(text).length > 0)) return [];
  if (!evidence.cited.some((passage) => passage.language === language)) return [];
  const { ask } = functionWords(language);
  const read = sentences.map((sentence) => {
    const words = readWords(prose(sentence.text), language).filter(({ text, isStop }) => !isStop && !ask.has(text));
    const stems = [...new Set(words.map(({ stem }) => stem))];
    return { sentence, said: stems.length, held: stems.filter((stem) => evidence.hasStem(stem)).length };
  });
  const sum = (of: (one: (typeof read)[number]) => number) => read.reduce((total, one) => total + of(one), 0);
  const isInvented = (said: number, held: number) => held / said < UNCITED_SHARE;
  const said = sum((one) => one.said);
  if (
    said < MIN_UNCITED_WORDS ||
    !isInvented(
      said,
      sum((one) => one.held),
    )
  )
    return [];
  return read
    .filter((one) => one.said >= MIN_CONTENT_WORDS && isInvented(one.said, one.held))
    .map(({ sentence }) => sentence);
}

/** What a sentence says in words: without citations and addresses. */
const prose = (sentence: string): string => sentence.replace(/\[\d{1,3}\]/g, "").replace(ADDRESS, " ");

/** Compared only where sentence and passage are of one language: a translation shares no words with what it says. */
function isUnsupported(sentence: string, language: string, evidence: Evidence): boolean {
  const cited = citedIn(sentence).filter((index) => evidence.cited[index]);
  if (cited.length === 0 || cited.some((index) => evidence.cited[index]!.language !== language)) return false;
  const stems = new Set(analyze(prose(sentence), language));
  if (stems.size < MIN_CONTENT_WORDS || detectLanguage(sentence, language) !== language) return false;
  let held = 0;
  for (const stem of stems) if (cited.some((index) => evidence.cited[index]!.stems.has(stem))) held++;
  return held / stems.size < CITED_SHARE;
}
