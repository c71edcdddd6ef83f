import { sha256 } from "@/lib/core/ids";
import { estimateTokens } from "@/lib/core/text/tokens";
import { type Chunk, chunkMarkdown } from "@/lib/knowledge";
import type { ChunkKind } from "@/lib/knowledge/schema";

/** What every parser makes of a file. */
export interface ParsedDocument {
  /** Its own title, when it names one; else "". */
  title: string;
  description: string | null;
  language: string | null;
  /** Markdown, with a mark of `placeMark` before what begins on a page or slide. */
  markdown: string;
  kind?: ChunkKind;
  /** What the marks count. */
  places: "page" | "slide" | null;
  /** Pages, slides or sheets. */
  count: number | null;
  /** What was left out, as sentences for the member. */
  notes: string[];
}

const OPEN = "\uE000";
const CLOSE = "\uE001";
const MARK = /\uE000(\d+)\uE001/g;
const MARK_AT_START = /^\uE000(\d+)\uE001/;
const ANY_PART_OF_A_MARK = /\uE000\d*\uE001?|\uE001/g;
/** A chunk whose first mark stands later than this began on the page before; a table's head has no mark. */
const EARLY = 0.4;

/** Says on which page the text after it begins: private characters, which the chunker carries along like letters. */
export const placeMark = (place: number): string => `${OPEN}${place}${CLOSE}`;

export const withoutMarks = (text: string): string => text.replace(ANY_PART_OF_A_MARK, "");

/** The document's passages; those of a PDF or a slide show have `page=12` or `slide=3` as their anchor, as browsers write it. */
export function chunkDocument(document: ParsedDocument): Chunk[] {
  const { markdown, title, kind, places } = document;
  const chunks = chunkMarkdown({ markdown, title, url: "", ...(kind ? { kind } : {}) });
  if (!places) return chunks;
  const placed: Chunk[] = [];
  let place = 1;
  for (const chunk of chunks.flatMap(atPageBreaks)) {
    const marks = [...chunk.content.matchAll(MARK)];
    const first = marks[0];
    const isTable = chunk.content.startsWith("|");
    if (first && (isTable || first.index <= chunk.content.length * EARLY)) place = Number(first[1]);
    const content = withoutMarks(chunk.content);
    if (content.trim() !== "") {
      const headingPath = chunk.headingPath.map(withoutMarks);
      placed.push({
        ...chunk,
        position: placed.length,
        headingPath,
        anchor: `${places}=${place}`,
        content,
        tokenCount: estimateTokens(content),
        contentHash: sha256(`${headingPath.join("\n")}\n\n${content}`),
      });
    }
    if (marks.length > 0) place = Number(marks.at(-1)![1]);
  }
  return placed;
}

const MIN_PART_CHARS = 200;

/** A passage over several pages becomes one a page, so that its citation names the right one; short ends stay with what is before them. */
function atPageBreaks(chunk: Chunk): Chunk[] {
  const parts: string[] = [];
  for (const block of chunk.content.split(/\n\n(?=\uE000\d+\uE001)/)) {
    const [last, page] = [parts.at(-1), MARK_AT_START.exec(block)?.[1]];
    const isSamePage = last !== undefined && [...last.matchAll(MARK)].at(-1)?.[1] === page;
    if (last === undefined || (!isSamePage && last.length >= MIN_PART_CHARS && block.length >= MIN_PART_CHARS))
      parts.push(block);
    else parts[parts.length - 1] = `${last}\n\n${block}`;
  }
  return parts.map((content) => ({ ...chunk, content }));
}
