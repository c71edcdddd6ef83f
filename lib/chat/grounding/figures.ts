import { findDates, findTimes } from "./dates";
import { findHanNumbers } from "./han-numbers";
import { BARE_HOST, EMAIL, sameAddress, trimAddress } from "./links";
import { ARTICLES, asciiDigits, sameValue, valuesOf, wordValue } from "./numbers";
import { isCurrency, MULTIPLIERS, type Unit, unitOf } from "./units";

export type FigureKind = "number" | "price" | "percent" | "date" | "time" | "url" | "email" | "phone" | "code";

/** Something in a text that is either in the sources or wrong. */
export interface Figure {
  kind: FigureKind;
  /** As written. */
  text: string;
  start: number;
  end: number;
  /** What it may mean; one of them in the sources is enough. */
  keys: string[];
  /** Only looked for in sources, never asked of an answer: the `a` of "a day". */
  isImplied?: boolean;
}

const PHONE =
  /(?<![\p{L}\d.,€$£])(?:\+\d[\d ().\u00A0/-]{6,}\d|\(0?\d{2,5}\)[\d \u00A0/-]{4,}\d|0\d[\d \u00A0/-]{6,}\d|\d{3}[-. ]\d{3}[-. ]\d{4}|\d(?:-\d{3}){2}-\d{4})(?![\d\p{L}])/gu;
/** Letters and digits together, or several groups of them: `E02`, `SUMMER-2026`, a UUID. */
const CODE = /(?<![\p{L}\p{N}_-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*(?![\p{L}\p{N}_])/gu;
const SIGNS = "€$£¥₹₺₽";
/** Letters that words are not set apart with: a number may follow right behind. */
const UNSPACED = "\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Hangul}\\p{sc=Thai}ー";
const NUMBER = new RegExp(
  `(?<![\\d_]|[^\\P{L}${UNSPACED}])(?:(US\\$|[${SIGNS}]|EUR|USD|GBP|CHF|JPY|PLN)[ \\u00A0]?)?(\\d+(?:[.,'’٫٬\\u00A0\\u202F ](?=\\d{3}(?!\\d))\\d{3})*(?:[.,٫]\\d+)?|[½¼¾⅓⅔])(?![\\d])`,
  "gu",
);
const GLUED = new RegExp(`^(?:[^\\P{L}${UNSPACED}]|_)+`, "u");
const BEHIND =
  /^(?:[ \u00A0\u202F-]?(°\s?[CF]|[%€$£¥₹₺₽″"°])|[ \u00A0\u202F-]{0,2}(?:(?:working|business|calendar|full|whole) )?(\p{L}[\p{L}$]*\.?))/u;
/** "2 to 3 days", "42 × 15 × 34 cm": the unit is said once, behind the last. */
const RANGE =
  /^[ \u00A0]?(?:[-–—×x/]|to|and|or|bis|und|oder|à|et|ou|a|y|o|e|tot|en|of)[ \u00A0]?\d+(?:[.,]\d+)?(?![\d:])/iu;
const WORD = /[\p{L}]+(?:-\p{L}+)*/gu;
/** "Step 2", "2." at the head of an item and "[2]" count the answer itself. */
const OWN_COUNT =
  /(?:\b(?:step|schritt|étape|paso|passo|passaggio|stap)\s+\d{1,2}\b|(?:^|\n)[ \t>*#-]*\d{1,3}[.)](?=\s)|\[\d{1,3}\])/giu;

/**
 * Numbers, prices, dates, times, addresses, telephone numbers and codes of a text, in order, none inside another.
 * @param language of the text; number words are read in it
 */
export function figuresOf(original: string, language: string): Figure[] {
  const text = asciiDigits(original);
  const found: Figure[] = [];
  const taken = new Uint8Array(text.length);
  const add = (kind: FigureKind, start: number, end: number, keys: string[], isImplied = false) => {
    for (let i = start; i < end; i++) if (taken[i]) return;
    taken.fill(1, start, end);
    found.push({ kind, text: original.slice(start, end), start, end, keys, ...(isImplied && { isImplied }) });
  };
  for (const m of text.matchAll(OWN_COUNT)) taken.fill(1, m.index, m.index + m[0].length);
  for (const m of text.matchAll(EMAIL)) add("email", m.index, m.index + m[0].length, [emailKey(m[0])]);
  for (const m of text.matchAll(/(?:https?:\/\/|www\.)[^\s<>"`|)]+/giu)) {
    const address = trimAddress(m[0]);
    add("url", m.index, m.index + address.length, [`u:${sameAddress(address)}`]);
  }
  for (const m of text.matchAll(BARE_HOST)) {
    const address = trimAddress(m[0]);
    add("url", m.index, m.index + address.length, [`u:${sameAddress(address)}`]);
  }
  if (/[\d½¼¾⅓⅔]/.test(text)) {
    for (const { start, end, days } of findDates(text))
      add(
        "date",
        start,
        end,
        days.map((day) => `d:${day}`),
      );
    for (const { start, end, time } of findTimes(text)) add("time", start, end, [`t:${time}`]);
    for (const m of text.matchAll(PHONE))
      add("phone", m.index, m.index + m[0].length, [`p:${m[0].replace(/\D/g, "")}`]);
    for (const m of text.matchAll(NUMBER)) {
      const number = numberAt(text, m);
      if (number) add(number.kind, m.index, number.end, number.keys);
    }
    for (const m of text.matchAll(CODE)) add("code", m.index, m.index + m[0].length, [`c:${m[0].toLowerCase()}`]);
  }
  if (language === "zh" || language === "ja")
    for (const { start, end, value } of findHanNumbers(text)) add("number", start, end, keysOf([value], undefined));
  const articles = new Set((ARTICLES[language] ?? "").split(" "));
  for (const m of text.matchAll(WORD)) {
    const value = wordValue(m[0], language);
    const isArticle = value === undefined && articles.has(m[0].toLowerCase());
    if (value === undefined && !isArticle) continue;
    const end = m.index + m[0].length;
    const unit = unitBehind(text, end);
    if (value !== undefined) add("number", m.index, unit?.end ?? end, keysOf([value], unit?.unit));
    else if (unit) add("number", m.index, unit.end, keysOf([1], unit.unit), !/^(?:one|één)$/i.test(m[0]));
  }
  return found.sort((a, b) => a.start - b.start);
}

export const emailKey = (address: string): string => `e:${address.toLowerCase().replace(/^mailto:/, "")}`;

function numberAt(text: string, match: RegExpExecArray): { kind: FigureKind; end: number; keys: string[] } | undefined {
  const [all, currency, written] = match;
  let end = match.index + all.length;
  let values = valuesOf(written!);
  // `5GHz` is a number with its unit, `5th` a number, `5G` a code.
  const glued = GLUED.exec(text.slice(end))?.[0];
  if (glued && !unitOf(glued) && !/^(?:st|nd|rd|th|er|e|º|ª|x)$/i.test(glued)) return undefined;
  const multiplier = /^[ \u00A0](\p{L}+)/u.exec(text.slice(end));
  const times = MULTIPLIERS[multiplier?.[1]?.toLowerCase() ?? ""];
  if (times) {
    values = values.map((value) => value * times);
    end += multiplier![0].length;
  }
  const behind = currency ? undefined : unitBehind(text, end);
  const unit = currency ? unitOf(currency) : (behind?.unit ?? unitOfRange(text, end));
  const kind = unit && isCurrency(unit) ? "price" : unit?.name === "%" ? "percent" : "number";
  return { kind, end: behind?.end ?? end, keys: keysOf(values, unit) };
}

function unitBehind(text: string, from: number): { unit: Unit; end: number } | undefined {
  const match = BEHIND.exec(text.slice(from, from + 24));
  const written = (match?.[1] ?? match?.[2])?.replace(/\s|\.$/g, "");
  const unit = written ? unitOf(written) : undefined;
  return unit && { unit, end: from + match![0].replace(/\.$/, "").length };
}

function unitOfRange(text: string, from: number): Unit | undefined {
  let at = from;
  for (let range = RANGE.exec(text.slice(at, at + 24)); range; range = RANGE.exec(text.slice(at, at + 24))) {
    at += range[0].length;
    const unit = unitBehind(text, at)?.unit;
    if (unit) return unit;
  }
  return undefined;
}

/** `n:` with the unit, `v:` the bare value. */
const keysOf = (values: number[], unit: Unit | undefined): string[] =>
  values.flatMap((value) =>
    unit ? [`n:${sameValue(value * unit.factor)}|${unit.name}`, `v:${sameValue(value)}`] : [`n:${sameValue(value)}|`],
  );
