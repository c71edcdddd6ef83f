import { hash32 } from "./hash";
import { functionWords } from "./languages";
import { stem } from "./stem";

const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:['’]\p{L}[\p{L}\p{M}]*)?/gu;
/** The same for text of ASCII alone, twice as fast. */
const ASCII_WORD = /[A-Za-z0-9]+(?:'[A-Za-z]+)?/g;
/** Soft hyphens, zero-width characters and direction marks stand inside words on many pages; Arabic stretches and vowel points, Hebrew points. */
const INVISIBLE =
  /[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\uFEFF\u0640\u064B-\u0652\u0591-\u05BD\u05BF\u05C1\u05C2]/g;
const NOT_ASCII = /[^\0-\x7F]/;
const CASE_PARTS = /[a-z0-9][A-Z]|[A-Z]{2}[a-z]/;
const CASE_BORDER = /(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/;
/** Scripts written without spaces, and Korean, whose particles cling to the word: indexed as pairs of characters. */
const PAIRED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー々]+/u;
const SEGMENTED = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const ELISION: Record<string, RegExp> = {
  fr: /^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)'(?=.)/,
  it: /^(?:[cdlmst]|un|all|dall|dell|nell|sull|coll|quest|quell|cos|com|dov)'(?=.)/,
  ca: /^[dlmnst]'(?=.)/,
};

/** One dictionary serves all these scripts. */
const dictionary = new Intl.Segmenter("th", { granularity: "word" });

/** Text as it is indexed: composed, without invisible characters. */
export const cleanText = (text: string): string => text.normalize("NFC").replace(INVISIBLE, "");

/** Words in order with case kept; scripts without spaces come as pairs of characters (Chinese, Japanese, Korean) or dictionary words (Thai, Lao …). */
export function words(text: string): string[] {
  if (!NOT_ASCII.test(text)) return text.match(ASCII_WORD) ?? [];
  return (cleanText(text).match(WORD) ?? []).flatMap(splitScript);
}

function splitScript(word: string): string[] {
  if (SEGMENTED.test(word)) {
    return [...dictionary.segment(word)].filter((part) => part.isWordLike).map((part) => part.segment);
  }
  if (!PAIRED.test(word)) return [word];
  const parts: string[] = [];
  let rest = word;
  for (let run = PAIRED.exec(rest); run; run = PAIRED.exec(rest)) {
    if (run.index > 0) parts.push(rest.slice(0, run.index));
    const characters = [...run[0]];
    if (characters.length === 1) parts.push(run[0]);
    for (let i = 0; i + 1 < characters.length; i++) parts.push(characters[i]! + characters[i + 1]!);
    rest = rest.slice(run.index + run[0].length);
  }
  if (rest) parts.push(rest);
  return parts;
}

/** Lower case without `'s` and without elided articles (`l'avion` → `avion`). */
export function normalizeWord(word: string, language: string): string {
  const lower = language === "tr" || language === "az" ? word.toLocaleLowerCase("tr") : word.toLowerCase();
  if (!lower.includes("'") && !lower.includes("’")) return lower;
  return lower
    .replace("’", "'")
    .replace(ELISION[language] ?? /$^/, "")
    .replace(/'s?$/, "");
}

/** One word of a text, read in a language. */
export interface Word {
  /** Normalised. */
  text: string;
  stem: string;
  /** Of the stem: to see quickly that a word is not looked for. */
  hash: number;
  /** Stop words are on no index. */
  isStop: boolean;
  /** Stems of the parts of an identifier such as `getElementById`. */
  parts: string[];
}

/** 0 … 65,535. */
export const stemHash = (stem: string): number => hash32(stem, 0) & 0xffff;

const MAX_KNOWN_WORDS = 50_000;
const MAX_KNOWN_LENGTH = 60;
const knownWords = new Map<string, Map<string, Word>>();

/** The words of a text in order. Words seen before are not analysed again. */
export function readWords(text: string, language: string): Word[] {
  const known = knownWords.get(language) ?? new Map<string, Word>();
  knownWords.set(language, known);
  if (known.size > MAX_KNOWN_WORDS) known.clear();
  const { stop } = functionWords(language);
  return words(text).map((raw) => {
    const seen = known.get(raw);
    if (seen) return seen;
    const normal = normalizeWord(raw, language);
    const parts = caseParts(raw).filter((part) => !stop.has(part));
    const stemmed = stem(normal, language);
    const word: Word = {
      text: normal,
      stem: stemmed,
      hash: stemHash(stemmed),
      isStop: !normal || stop.has(normal),
      parts: parts.map((part) => stem(part, language)),
    };
    if (raw.length <= MAX_KNOWN_LENGTH) known.set(raw, word);
    return word;
  });
}

/** `getElementById` → `get`, `element`; parts of up to two letters are left out. Empty for ordinary words. */
export const caseParts = (word: string): string[] =>
  CASE_PARTS.test(word)
    ? word
        .split(CASE_BORDER)
        .filter((part) => part.length > 2 && part.length < word.length)
        .map((part) => part.toLowerCase())
    : [];

/** Index side: stems of every word but the stop words, in order, the parts of identifiers directly behind them. */
export function analyze(text: string, language: string): string[] {
  return termsOf(readWords(text, language).filter((word) => !word.isStop));
}

const termsOf = (found: Word[]): string[] => {
  const terms: string[] = [];
  for (const word of found) {
    terms.push(word.stem);
    if (word.parts.length > 0) terms.push(...word.parts);
  }
  return terms;
};

/** `E02`, `m365`: a name of one thing, and mostly what a question that has one is about. */
export const isCode = (word: string): boolean => word.length <= 20 && /\d/.test(word) && /\p{L}/u.test(word);

export interface QueryAnalysis {
  /** What is searched: without stop words and question words; with the question words when nothing else is in the question. */
  terms: string[];
  /** The words that `terms` came from. */
  words: Word[];
  /** Words without stop words, question words kept: who stands beside whom. */
  sequence: Word[];
}

/** Question side: as the index side, then words that only make a question are dropped, unless nothing remains. */
export function analyzeQuery(text: string, language: string): QueryAnalysis {
  const all = readWords(text, language).filter((word) => !word.isStop);
  const telling = all.filter(({ text }, at) => !onlyAsks(text, all[at - 1]?.text ?? "", language));
  const used = telling.length > 0 ? telling : all;
  return { terms: termsOf(used), words: used, sequence: all };
}

/** Whether a word only makes a question; in English also with something clinging to it (`can't`, `I'd`), and "like" in "I would like to". */
function onlyAsks(word: string, before: string, language: string): boolean {
  const { stop, ask } = functionWords(language);
  if (ask.has(word)) return true;
  if (language !== "en") return false;
  if (word === "like") return before === "would" || before.endsWith("'d");
  const apostrophe = word.indexOf("'");
  return (
    apostrophe > 0 &&
    [word.slice(0, apostrophe), word.slice(0, apostrophe - 1)].some((base) => ask.has(base) || stop.has(base))
  );
}
