import type { Chunk } from "../schema";
import { plainText } from "./plain-text";
import { quotables } from "./quotable";

const WORDS_EACH_SIDE = 5;
const SHORT_CHARS = 120;
const MAX_SIDE_CHARS = 80;
const MAX_UNSPACED_CHARS = 40;
const MAX_START_WORDS = 20;

/**
 * Suffix for a page's address that makes the browser open it at the passage and mark it: `#anchor:~:text=first%20words,last%20words`.
 *
 * @param quote Markdown of the chunk to mark instead of its beginning: a sentence, a list item, a table's row
 * @returns "" when there is nothing to point to
 * Browsers match whole words of the rendered page, ignore case and mark from the first match on. A match of one part does not cross a
 * block, so each part is taken from one line or one cell; a row is marked from its first cell to its last. Where nothing matches the page
 * opens at the anchor or at its top.
 */
export function textFragment(chunk: Pick<Chunk, "content" | "anchor">, quote?: string): string {
  const anchor = chunk.anchor ? encodeURIComponent(chunk.anchor) : "";
  const pieces = linesOf(quote ?? quotables(chunk.content)[0]?.markdown ?? "");
  if (pieces.length === 0) return anchor && `#${anchor}`;
  return `#${anchor}:~:text=${directiveOf(pieces, plainText(chunk.content).toLowerCase())}`;
}

/** What stands in one block of the page each; bars part cells, which `plainText` knows only inside a table. */
function linesOf(markdown: string): string[] {
  const isRow = /^\s*\|/.test(markdown) && !markdown.includes("\n");
  return plainText(isRow ? markdown.trim() : markdown)
    .split("\n")
    .map((line) => line.replace(/\s+/g, " ").trim())
    .filter((line) => /[\p{L}\p{N}]/u.test(line));
}

function directiveOf(pieces: readonly string[], passage: string): string {
  const first = pieces[0]!;
  const last = pieces.at(-1)!;
  if (pieces.length === 1)
    return isShort(first) ? encode(first) : `${encode(startOf(first, passage))},${encode(endOf(first))}`;
  // A first cell that several rows have says nothing; the two first cells together do.
  const [second] = pieces.slice(1) as [string];
  const isAmbiguous = isShort(first) && isShort(second) && countOf(first, passage) > 1;
  if (!isAmbiguous) return `${encode(startOf(first, passage))},${encode(endOf(last))}`;
  return `${encode(first)}-,${encode(second)}${pieces.length > 2 ? `,${encode(endOf(last))}` : ""}`;
}

function isShort(text: string): boolean {
  return text.length <= SHORT_CHARS && text.split(" ").length <= 2 * WORDS_EACH_SIDE;
}

/** The first words, and more of them while others of the passage begin alike. */
function startOf(line: string, passage: string): string {
  if (isShort(line)) return line;
  const words = line.split(" ");
  let count = WORDS_EACH_SIDE;
  while (
    count < Math.min(words.length - WORDS_EACH_SIDE, MAX_START_WORDS) &&
    countOf(words.slice(0, count).join(" "), passage) > 1
  )
    count++;
  const start = words.slice(0, count).join(" ");
  return start.length <= MAX_SIDE_CHARS * 2 ? start : clip(start, "start");
}

function endOf(line: string): string {
  if (isShort(line)) return line;
  const end = line.split(" ").slice(-WORDS_EACH_SIDE).join(" ");
  return end.length <= MAX_SIDE_CHARS ? end : clip(end, "end");
}

/** Counts up to two. */
function countOf(text: string, passage: string): number {
  const wanted = text.toLowerCase();
  const at = passage.indexOf(wanted);
  return at < 0 ? 0 : passage.indexOf(wanted, at + 1) < 0 ? 1 : 2;
}

const wordSegmenter = new Intl.Segmenter(undefined, { granularity: "word" });

/** Text without spaces has no words to count: about 40 characters of it, ending where a word does, since only whole words match. */
function clip(text: string, side: "start" | "end"): string {
  const words = Array.from(wordSegmenter.segment(text.slice(0, 2_000)), ({ segment }) => segment);
  if (side === "end") words.reverse();
  const kept: string[] = [];
  let length = 0;
  for (const word of words) {
    if (kept.length > 0 && length + word.length > MAX_UNSPACED_CHARS) break;
    kept.push(word.slice(0, MAX_UNSPACED_CHARS));
    length += word.length;
  }
  if (side === "end") kept.reverse();
  return kept.join("").trim();
}

/** `-` and `,` and `&` separate the parts of a directive; the rest is what an address allows. */
const encode = (text: string): string => encodeURIComponent(text.toWellFormed()).replaceAll("-", "%2D");
