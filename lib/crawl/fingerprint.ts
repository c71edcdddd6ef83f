import { sha256 } from "@/lib/core/ids";
import { isWordCode } from "@/lib/core/text/word-codes";

/** What tells that two pages hold almost the same text. */
export interface Fingerprint {
  /** Of what must be the same in both: title, headings and figures. Hex. */
  key: string;
  /** MinHash of the text's runs of four words: the share of equal places estimates the share of equal runs. 32-bit integers. */
  signature: number[];
  /** Hashes of the key with eight places each: pages that are alike have one in common, which an index finds. 32-bit integers. */
  bands: number[];
}

const PLACES = 128;
const PLACES_PER_BAND = 8;
/** The place is the first seven bits of a hash. */
const PLACE_SHIFT = 32 - Math.log2(PLACES);
const RUN_WORDS = 4;
const FNV_START = 0x811c9dc5;
const FNV_FACTOR = 0x01000193;
const SECOND_HASH = 0x9e3779b1;
/** Shorter texts differ by a few words in all they have to say. */
const MIN_WORDS = 60;

/**
 * The fingerprint of a page, or null for a short one.
 *
 * Likeness alone would swallow products that share a template: 400 words of shipping terms and one line that differs. So pages count as
 * almost the same only if title, headings and all figures (prices, sizes, article numbers) are equal too. Dates, times and counters of
 * the kind "3 days ago" are not figures: they are what most copies of a page differ in.
 */
export function fingerprintOf(title: string, markdown: string): Fingerprint | null {
  const text = normal(withoutTargets(markdown)).toLowerCase();
  const words = wordHashes(text);
  if (words.length < MIN_WORDS) return null;
  const key = sha256([title.toLowerCase(), ...fixedParts(text)].join("\n"));
  const signature = minHash(words);
  const ofKey = hash(key);
  const bands: number[] = [];
  for (let at = 0; at < PLACES; at += PLACES_PER_BAND) {
    let band = mixed(ofKey ^ at);
    for (let place = at; place < at + PLACES_PER_BAND; place++) band = mixed(Math.imul(band, 31) ^ signature[place]!);
    bands.push(band | 0);
  }
  return { key, signature, bands };
}

/** Without the addresses of links and images, which hold numbers of their own. */
const withoutTargets = (markdown: string): string =>
  markdown.includes("](") ? markdown.replace(/\]\([^)]*\)/g, "] ") : markdown;

/** ASCII, letters of Latin scripts, and the punctuation of good typography: what NFKC leaves as it is, and most pages consist of. */
const IS_NORMAL = /^[\0-\x7f\xc0-\u0131\u2013\u2014\u2018-\u201e\u2022]*$/;
const normal = (text: string): string => (IS_NORMAL.test(text) ? text : text.normalize("NFKC"));

const MONTH =
  "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez|fév|avr|juin|juil|août|déc)[a-zß-ÿ]*\\.?";
const PASSING = new RegExp(
  [
    String.raw`\d{4}-\d\d-\d\d(?:t[\d:.]+z?)?`,
    String.raw`\d{1,2}[./]\d{1,2}[./]\d{2,4}`,
    String.raw`\d{1,2}:\d\d(?::\d\d)?(?: ?[ap]m)?`,
    String.raw`${MONTH} \d{1,2}(?:st|nd|rd|th)?(?:,? \d{4})?`,
    String.raw`\d{1,2}(?:st|nd|rd|th|\.)? ${MONTH}(?:,? \d{4})?`,
    String.raw`\d+ (?:seconds?|minutes?|hours?|days?|weeks?|months?|years?) ago`,
    String.raw`vor \d+ (?:sekunden?|minuten?|stunden?|tage?n?|wochen?|monate?n?|jahre?n?)`,
    String.raw`\d[\d.,]* (?:views?|reads?|aufrufe|visits?)`,
  ].join("|"),
  "g",
);

/** What must be the same in both: headings, and words with a digit in them, each once, in one order. */
function fixedParts(text: string): string[] {
  const headings: string[] = [];
  const figures = new Set<string>();
  // Line by line: most have no digit, and a date does not go over the end of one.
  for (const line of text.split("\n")) {
    if (line.startsWith("#") && /^#{1,6} /.test(line)) headings.push(line);
    if (hasDigit(line, 0, line.length)) addFigures(line.replace(PASSING, " "), figures);
  }
  return [...headings, ...[...figures].sort()];
}

/** `42`, `ab-1200`, `1.299,00`: runs of letters and digits with a digit in them, and those that one sign joins to them. */
function addFigures(line: string, figures: Set<string>): void {
  let end = 0;
  for (let at = 0; at < line.length; at++) {
    if (!isDigit(line.charCodeAt(at))) continue;
    let start = at;
    while (start > end && isWordCode(line.charCodeAt(start - 1))) start--;
    end = wordEnd(line, at);
    while (isJoiner(line.charCodeAt(end))) {
      const next = wordEnd(line, end + 1);
      if (!hasDigit(line, end + 1, next)) break;
      end = next;
    }
    figures.add(line.slice(start, end));
    at = end;
  }
}

function wordEnd(line: string, from: number): number {
  let at = from;
  while (isWordCode(line.charCodeAt(at))) at++;
  return at;
}

function hasDigit(line: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (isDigit(line.charCodeAt(at))) return true;
  return false;
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isJoiner = (code: number): boolean => code === 0x2e || code === 0x2c || code === 0x2f || code === 0x2d;

/** FNV-1a of each word, in the text's order: a page has hundreds, and nobody needs them as texts. */
function wordHashes(text: string): number[] {
  const hashes: number[] = [];
  let value = FNV_START;
  let isInWord = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isWordCode(code)) {
      value = Math.imul(value ^ code, FNV_FACTOR);
      isInWord = true;
    } else if (isInWord) {
      hashes.push(value);
      value = FNV_START;
      isInWord = false;
    }
  }
  if (isInWord) hashes.push(value);
  return hashes;
}

/**
 * MinHash by one permutation: each run has one hash, whose first bits say in which place it competes and whose rest must be the least
 * there. A place that no run fell into takes what another has, in an order of its own (Shrivastava, "Optimal densification", 2017).
 */
function minHash(words: readonly number[]): number[] {
  const least = new Float64Array(PLACES).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i + RUN_WORDS <= words.length; i++) {
    let run = 0;
    for (let j = 0; j < RUN_WORDS; j++) run = Math.imul(run ^ words[i + j]!, FNV_FACTOR) + j;
    run = mixed(run);
    const place = run >>> PLACE_SHIFT;
    const value = mixed(run ^ SECOND_HASH) >>> 0;
    if (value < least[place]!) least[place] = value;
  }
  return Array.from(least, (value, place) => {
    for (let attempt = 1; value === Number.POSITIVE_INFINITY; attempt++)
      value = least[mixed(Math.imul(place + 1, SECOND_HASH) + attempt) >>> PLACE_SHIFT]!;
    return value | 0;
  });
}

/** FNV-1a. */
function hash(text: string): number {
  let value = FNV_START;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), FNV_FACTOR);
  return value;
}

function mixed(value: number): number {
  let bits = value ^ (value >>> 16);
  bits = Math.imul(bits, 0x7feb352d);
  bits ^= bits >>> 15;
  bits = Math.imul(bits, 0x846ca68b);
  return bits ^ (bits >>> 16);
}
