import { sha256 } from "@/lib/core/ids";
import { estimateTokens } from "@/lib/core/text/tokens";
import type { Chunk, ChunkKind } from "../schema";
import { type Block, readBlocks } from "./blocks";
import { chunkKind, isQuestion, pageKind, promoteQuestions } from "./kind";
import { joinUnits, packUnits, type Unit, unitsOf } from "./pack";
import { MAX_BYTES, SMALL_TAIL_SIZE, sizeOf, TAIL_FACTOR, TARGET_SIZE } from "./size";

/** Part of what decides whether a stored page is still current: raise it when the same Markdown would give other chunks. */
export const CHUNKER_VERSION = 6;

const QA_TARGET_SIZE = 0.75 * MAX_BYTES.qa;

interface Heading {
  level: number;
  title: string;
  anchor: string | null;
  text: string;
}
interface Section {
  path: Heading[];
  units: Unit[];
  size: number;
}

/**
 * Cuts a page into passages that can be searched and quoted.
 *
 * @param page `markdown` as extracted; `title` and `url` help to see what kind of page it is; `kind` overrides that
 * @returns chunks in page order, `position` 0-based; empty for a page without text
 *
 * Never across an h1 or h2; small sections under one of these are joined up to about 1,500 characters. List items and code fences stay whole,
 * tables are cut between rows with the head repeated, long prose between sentences with the last one or two repeated. Bounds: MAX_BYTES.
 * The headings above a passage are in `headingPath`, not in `content`. Same input, same chunks.
 */
export function chunkMarkdown(page: { markdown: string; title: string; url: string; kind?: ChunkKind }): Chunk[] {
  const blocks = promoteQuestions(readBlocks(page.markdown));
  const kind = page.kind ?? pageKind({ title: page.title, url: page.url, blocks });
  const chunks: Chunk[] = [];
  for (const group of groupSections(readSections(blocks, kind), kind)) {
    for (const { path, content, units } of packGroup(group, kind)) {
      const headingPath = path.map((heading) => heading.title).filter((title) => title !== "");
      chunks.push({
        position: chunks.length,
        kind: chunkKind(kind, units),
        headingPath,
        anchor: path.findLast((heading) => heading.anchor)?.anchor ?? null,
        content,
        tokenCount: estimateTokens(content),
        contentHash: sha256(`${headingPath.join("\n")}\n\n${content}`),
      });
    }
  }
  return chunks;
}

/** One section a heading, with the headings above it. A heading with nothing below it counts as text, so that no word is lost. */
function readSections(blocks: Block[], kind: ChunkKind): Section[] {
  const sections: Section[] = [];
  let path: Heading[] = [];
  let own: Block[] = [];
  const close = (next?: Heading) => {
    const last = path.at(-1);
    const isParent = last !== undefined && next !== undefined && next.level > last.level;
    if (own.length === 0 && last && !isParent && last.title) {
      own = [{ type: "text", text: last.text }];
      path = path.slice(0, -1);
    }
    const units = unitsOf(own, kind);
    if (units.length > 0) {
      const headingSize = path.reduce((sum, heading) => sum + sizeOf(heading.text) + 2, 0);
      sections.push({ path, units, size: units.reduce((sum, unit) => sum + unit.size, headingSize) });
    }
    own = [];
  };
  for (const block of blocks) {
    if (block.type !== "heading") {
      own.push(block);
      continue;
    }
    const above = path;
    close(block);
    path = [...above.filter((heading) => heading.level < block.level), block];
  }
  close();
  return sections;
}

/** Sections that may share a passage: those under the same h1 or h2, and on a page of questions only parts of one answer. */
function groupSections(sections: Section[], kind: ChunkKind): Section[][] {
  const groups: Section[][] = [];
  let lastKey: Heading | undefined;
  for (const section of sections) {
    const question = kind === "qa" ? section.path.findLast((heading) => isQuestion(heading.title)) : undefined;
    const key = question ?? section.path.findLast((heading) => heading.level <= 2);
    if (groups.length > 0 && key === lastKey) groups.at(-1)!.push(section);
    else groups.push([section]);
    lastKey = key;
  }
  return groups;
}

interface Passage {
  path: Heading[];
  content: string;
  units: Unit[];
}

function packGroup(sections: Section[], kind: ChunkKind): Passage[] {
  // An answer stays whole: its question is what it is found by.
  const target = kind === "qa" ? QA_TARGET_SIZE : TARGET_SIZE;
  const passages: Passage[] = [];
  let waiting: Section[] = [];
  let size = 0;
  const flush = () => {
    if (waiting.length > 0) passages.push(joinSections(waiting));
    waiting = [];
    size = 0;
  };
  sections.forEach((section, index) => {
    const isSmallTail = index === sections.length - 1 && section.size < SMALL_TAIL_SIZE;
    if (size + section.size > (isSmallTail ? target * TAIL_FACTOR : target)) flush();
    if (section.size <= target) {
      waiting.push(section);
      size += section.size;
      return;
    }
    for (const units of packUnits(section.units, kind)) {
      passages.push({ path: section.path, content: joinUnits(units), units });
    }
  });
  flush();
  return passages;
}

/** Sections of one passage: the headings they share become its path, the others stand in the text. */
function joinSections(sections: Section[]): Passage {
  let shared = sections[0]!.path;
  for (const { path } of sections) {
    let same = 0;
    while (same < shared.length && shared[same] === path[same]) same++;
    shared = shared.slice(0, same);
  }
  const parts: string[] = [];
  let shown: Heading[] = shared;
  for (const section of sections) {
    for (const heading of section.path) {
      if (!shown.includes(heading) && heading.title) parts.push(heading.text);
    }
    shown = section.path;
    parts.push(joinUnits(section.units));
  }
  return { path: shared, content: parts.join("\n\n"), units: sections.flatMap((section) => section.units) };
}
