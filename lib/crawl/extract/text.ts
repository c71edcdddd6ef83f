/** Small text measures shared by every stage of extraction. */

const CJK = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;
const EVERY_CJK = new RegExp(CJK, "g");
/** One CJK character says about as much as 2.2 Latin ones. */
const CJK_EXTRA_WEIGHT = 1.2;

/** Whitespace runs (line breaks included) become one space; ends trimmed. */
export function collapse(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

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
  const hasCjk = CJK.test(text);
  const spaced = hasCjk ? text.replace(EVERY_CJK, " ") : text;
  const words = spaced.match(/[\p{L}\p{N}]+(?:['’_.-][\p{L}\p{N}]+)*/gu)?.length ?? 0;
  return hasCjk ? words + countCjk(text) : words;
}

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
