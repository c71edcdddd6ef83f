import { sha256 } from "@/lib/core/ids";

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
const RUN_WORDS = 4;
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
  const text = withoutTargets(markdown).normalize("NFKC").toLowerCase();
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  if (words.length < MIN_WORDS) return null;
  const key = sha256([title.toLowerCase(), ...headingsOf(text), ...figuresOf(text)].join("\n"));
  const signature = minHash(words);
  const bands: number[] = [];
  for (let at = 0; at < PLACES; at += PLACES_PER_BAND)
    bands.push(hash(`${at} ${signature.slice(at, at + PLACES_PER_BAND).join(" ")} ${key}`) | 0);
  return { key, signature, bands };
}

/** Without the addresses of links and images, which hold numbers of their own. */
const withoutTargets = (markdown: string): string => markdown.replace(/\]\([^)]*\)/g, "] ");

const headingsOf = (text: string): string[] => text.match(/^#{1,6} .*$/gm) ?? [];

const MONTH =
  "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez|fév|avr|juin|juil|août|déc)\\p{L}*\\.?";
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
  "gu",
);

/** Words with a digit in them, each once, in one order. */
function figuresOf(text: string): string[] {
  const figures = text
    .replace(PASSING, " ")
    .match(/[\p{L}\p{N}]*\d[\p{L}\p{N}]*(?:[.,/-][\p{L}\p{N}]*\d[\p{L}\p{N}]*)*/gu);
  return [...new Set(figures)].sort();
}

const FACTORS = Int32Array.from({ length: PLACES }, (_, i) => Math.imul(i + 1, 0x9e3779b1) | 1);
const OFFSETS = Int32Array.from({ length: PLACES }, (_, i) => Math.imul(i + 7, 0x85ebca6b) ^ 0x27d4eb2f);

function minHash(words: readonly string[]): number[] {
  const hashes = Int32Array.from(words, hash);
  const least = new Uint32Array(PLACES).fill(0xffffffff);
  const seen = new Set<number>();
  for (let i = 0; i + RUN_WORDS <= hashes.length; i++) {
    let run = 0;
    for (let j = 0; j < RUN_WORDS; j++) run = Math.imul(run ^ hashes[i + j]!, 0x01000193) + j;
    run = mixed(run);
    if (seen.has(run)) continue;
    seen.add(run);
    for (let k = 0; k < PLACES; k++) {
      const value = (Math.imul(run, FACTORS[k]!) ^ OFFSETS[k]!) >>> 0;
      const spread = (value ^ (value >>> 15)) >>> 0;
      if (spread < least[k]!) least[k] = spread;
    }
  }
  return Array.from(least, (value) => value | 0);
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value;
}

function mixed(value: number): number {
  let bits = value ^ (value >>> 16);
  bits = Math.imul(bits, 0x7feb352d);
  bits ^= bits >>> 15;
  bits = Math.imul(bits, 0x846ca68b);
  return bits ^ (bits >>> 16);
}
