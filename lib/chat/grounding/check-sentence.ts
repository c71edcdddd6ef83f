import { analyze } from "@/lib/core/text/analyze";
import { detectLanguage } from "@/lib/core/text/detect-language";
import type { Evidence } from "./evidence";
import { figuresOf } from "./figures";
import { unknownNames } from "./names";

/** Of the content words of a cited sentence, the share that the cited passages must have. */
const CITED_SHARE = 0.25;
/** Sentences shorter than this say too little to be compared. */
const MIN_CONTENT_WORDS = 4;

/** What is wrong with a sentence. `figure`: numbers, prices, dates, codes; `link`: an address; `support`: its source says nothing of it. */
export interface SentenceFault {
  kind: "figure" | "link" | "name" | "quote" | "support";
  /** The words that nobody knows; empty for `support`. */
  items: string[];
}

/** Figures, addresses and codes that neither the sources nor the visitor hold. */
export function unknownFigures(sentence: string, language: string, evidence: Evidence): SentenceFault[] {
  const unknown = figuresOf(sentence, language).filter((figure) => !figure.isImplied && !evidence.holds(figure));
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
  const faults = unknownFigures(sentence, language, evidence);
  const names = unknownNames(sentence.replace(/\[\d{1,3}\]/g, ""), language, evidence);
  if (names.length > 0) faults.push({ kind: "name", items: names });
  const quotes = unknownQuotes(sentence, evidence);
  if (quotes.length > 0) faults.push({ kind: "quote", items: quotes });
  if (faults.length === 0 && isUnsupported(sentence, language, evidence)) faults.push({ kind: "support", items: [] });
  return faults;
}

/** A quotation of four words and more stands in a passage as it is, but for case, marks and spaces. */
function unknownQuotes(sentence: string, evidence: Evidence): string[] {
  const bare = (text: string) => text.toLowerCase().replace(/[\s*_`|]+/g, " ");
  const texts = [...evidence.passages.map(({ text }) => text), ...evidence.said];
  return [...sentence.matchAll(/[“„"«»]([^“”„"«»\n]{12,400})[”“"»«]/g)]
    .map(([, quoted]) => quoted!.trim().replace(/[.,;…]+$/, ""))
    .filter((quoted) => quoted.split(/\s+/).length >= 4)
    .filter((quoted) => !texts.some((text) => bare(text).includes(bare(quoted))));
}

/** Compared only where sentence and passage are of one language: a translation shares no words with what it says. */
function isUnsupported(sentence: string, language: string, evidence: Evidence): boolean {
  const cited = [...new Set([...sentence.matchAll(/\[(\d{1,3})\]/g)].map(([, number]) => Number(number) - 1))].filter(
    (index) => evidence.cited[index],
  );
  if (cited.length === 0 || cited.some((index) => evidence.cited[index]!.language !== language)) return false;
  const stems = new Set(analyze(sentence.replace(/\[\d{1,3}\]/g, ""), language));
  if (stems.size < MIN_CONTENT_WORDS || detectLanguage(sentence, language) !== language) return false;
  let held = 0;
  for (const stem of stems) if (cited.some((index) => evidence.cited[index]!.stems.has(stem))) held++;
  return held / stems.size < CITED_SHARE;
}
