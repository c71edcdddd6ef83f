import type { Chunk } from "../schema";
import { plainText } from "./plain-text";

const WORDS_EACH_SIDE = 5;

/**
 * Suffix for a page's address that makes the browser open it at the passage and mark it: `#anchor:~:text=first%20words,last%20words`.
 *
 * @param quote words of the chunk to mark instead of its first paragraph
 * @returns "" when there is nothing to point to
 * Browsers match whole words of the rendered page and ignore case. Start and end are taken from one block each, since a match does not
 * cross a block; where nothing matches the page opens at the anchor or at its top.
 */
export function textFragment(chunk: Pick<Chunk, "content" | "anchor">, quote?: string): string {
  const anchor = chunk.anchor ? encodeURIComponent(chunk.anchor) : "";
  const line = plainText(quote ?? chunk.content)
    .split("\n")
    .map((text) => text.trim())
    .find((text) => /[\p{L}\p{N}]/u.test(text));
  if (!line) return anchor && `#${anchor}`;
  const words = line.split(/\s+/);
  const isShort = words.length <= 2 * WORDS_EACH_SIDE && line.length <= 120;
  const directive = isShort
    ? encode(words.join(" "))
    : `${encode(clip(words.slice(0, WORDS_EACH_SIDE), "start"))},${encode(clip(words.slice(-WORDS_EACH_SIDE), "end"))}`;
  return `#${anchor}:~:text=${directive}`;
}

/** Text without spaces has no words to count: at most 40 characters of it. */
function clip(words: string[], side: "start" | "end"): string {
  const characters = [...words.join(" ")];
  if (characters.length <= 80) return characters.join("");
  return (side === "start" ? characters.slice(0, 40) : characters.slice(-40)).join("").trim();
}

/** `-` and `,` and `&` separate the parts of a directive. */
const encode = (text: string): string => encodeURIComponent(text.toWellFormed()).replaceAll("-", "%2D");
