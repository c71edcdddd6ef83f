import type { Chunk } from "../schema";
import { textFragment } from "./text-fragment";

/** What browsers save rather than show, so that nothing in it can be pointed to. */
const SAVED = /\.(docx?|pptx?|xlsx?|csv|tsv)$/i;

/**
 * Where a passage of the web opens: a page at the passage, which is marked; a PDF at its page, because browsers know no fragments of text in
 * one; an office file as a whole.
 * @param quote see `textFragment`
 */
export function passageUrl(url: string, chunk: Pick<Chunk, "content" | "anchor">, quote?: string): string {
  const place = placeOf(chunk);
  if (place) return place.of === "page" ? `${url}#page=${place.number}` : url;
  return SAVED.test(URL.parse(url)?.pathname ?? "") ? url : `${url}${textFragment(chunk, quote)}`;
}

/** The page or slide that a passage of a document is from. Anchors of web pages are names that somebody chose, and hardly these. */
export function placeOf({ anchor }: Pick<Chunk, "anchor">): { of: "page" | "slide"; number: number } | null {
  const [, of, number] = /^(page|slide)=(\d+)$/.exec(anchor ?? "") ?? [];
  return of ? { of: of as "page" | "slide", number: Number(number) } : null;
}
