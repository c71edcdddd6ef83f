import { isWordCode } from "@/lib/core/text/word-codes";

/** Small text measures shared by every stage of extraction. */

const CJK = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;
const EVERY_CJK = new RegExp(CJK, "g");
/** One CJK character says about as much as 2.2 Latin ones. */
const CJK_EXTRA_WEIGHT = 1.2;

/** Whitespace runs (line breaks included) become one space; ends trimmed. */
export function collapse(text: string): string {
  return isCollapsed(text) ? text : text.replace(/\s+/g, " ").trim();
}

/** Most text of a page is, and finding that out costs less than replacing. False also for text that only may hold rare spaces. */
function isCollapsed(text: string): boolean {
  const last = text.length - 1;
  let wasSpace = true;
  for (let i = 0; i <= last; i++) {
    const code = text.charCodeAt(i);
    const isSpace = code === 32;
    if (isSpace ? wasSpace || i === last : code < 32 || code === 0xa0 || isRareSpace(code)) return false;
    wasSpace = isSpace;
  }
  return true;
}

const isRareSpace = (code: number): boolean =>
  code >= 0x1680 && (code <= 0x205f || code === 0x3000 || code === 0xfeff) && /\s/.test(String.fromCharCode(code));

/** Letters and digits only, lower case, single spaces: the form in which titles and duplicates are compared. */
export function comparable(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** Length in Latin-character equivalents, so that thresholds hold for Japanese, Chinese and Korean as well. */
export function weightedLength(text: string): number {
  return CJK.test(text) ? text.length + countCjk(text) * CJK_EXTRA_WEIGHT : text.length;
}

/** Words as a reader counts them; every CJK character counts as one. */
export function countWords(text: string): number {
  if (!BEYOND_ALPHABETS.test(text)) return spacedWords(text);
  const hasCjk = CJK.test(text);
  const spaced = hasCjk ? text.replace(EVERY_CJK, " ") : text;
  return (spaced.match(/[\p{L}\p{N}]+(?:['’_.-][\p{L}\p{N}]+)*/gu)?.length ?? 0) + (hasCjk ? countCjk(text) : 0);
}

/** Runs of letters and digits, of which one sign of `'’_.-` between two makes one. */
function spacedWords(text: string): number {
  let words = 0;
  let isInWord = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isWordCode(code)) {
      if (!isInWord) words++;
      isInWord = true;
    } else isInWord &&= isJoiner(code) && isWordCode(text.charCodeAt(i + 1));
  }
  return words;
}

/** CJK, and what takes two code units. */
const BEYOND_ALPHABETS = /[\u3040-\udfff]/;
const isJoiner = (code: number): boolean =>
  code === 0x27 || code === 0x2019 || code === 0x5f || code === 0x2e || code === 0x2d;

function countCjk(text: string): number {
  return text.length - text.replace(EVERY_CJK, "").length;
}

/**
 * Share of the word trigrams of `expected` that also occur in `actual`, in [0, 1]; 1 when `expected` has none.
 * Order inside the texts does not matter, so moved captions do not lower it much.
 */
export function trigramCoverage(expected: string, actual: string): number {
  const wanted = trigrams(expected);
  if (wanted.size === 0) return 1;
  const present = trigrams(actual);
  let found = 0;
  for (const trigram of wanted) if (present.has(trigram)) found++;
  return found / wanted.size;
}

function trigrams(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
  const result = new Set<string>();
  for (let i = 0; i + 2 < words.length; i++) result.add(`${words[i]} ${words[i + 1]} ${words[i + 2]}`);
  return result;
}
