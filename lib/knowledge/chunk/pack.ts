import type { ChunkKind } from "../schema";
import type { Block } from "./blocks";
import { byteLength, MAX_BYTES, MAX_FENCE_BYTES, SMALL_TAIL_SIZE, sizeOf, TAIL_FACTOR, TARGET_SIZE } from "./size";
import { splitFence, splitSentences, splitTable, splitText } from "./split";

/** Text that is not cut any further, and what stands between it and the unit before. */
export interface Unit {
  type: Block["type"];
  text: string;
  size: number;
  before: "\n\n" | "\n" | "";
}

const MAX_OVERLAP_SIZE = 250;
const SHORT_SENTENCE_SIZE = 80;
const MAX_LEAD_IN_SIZE = 300;

/** Units of a section, each within the bound of its kind. */
export function unitsOf(blocks: Block[], kind: ChunkKind): Unit[] {
  return blocks.flatMap((block, index) => {
    const inList = block.type === "item" && blocks[index - 1]?.type === "item";
    const first = inList ? "\n" : "\n\n";
    if (block.type === "code" || block.type === "table") {
      return cutBlock(block).map((text) => unitOf(block.type, text, "\n\n"));
    }
    const isWhole = block.type === "item" || kind === "legal" ? byteLength(block.text) <= MAX_BYTES[kind] : false;
    const parts = isWhole ? [block.text] : splitText(block.text, TARGET_SIZE);
    return parts.map((text, part) => unitOf(block.type, text, part === 0 ? first : ""));
  });
}

const unitOf = (type: Block["type"], text: string, before: Unit["before"]): Unit => ({
  type,
  text,
  size: sizeOf(text) + before.length,
  before,
});

function cutBlock(block: Block): string[] {
  if (block.type === "code") {
    return byteLength(block.text) <= MAX_FENCE_BYTES ? [block.text] : splitFence(block.text, TARGET_SIZE);
  }
  return sizeOf(block.text) <= TARGET_SIZE ? [block.text] : splitTable(block.text, TARGET_SIZE, MAX_BYTES.table);
}

const totalSize = (units: Unit[]): number => units.reduce((sum, unit) => sum + unit.size, 0);

/** Markdown of neighbouring units. */
export function joinUnits(units: Unit[]): string {
  return units
    .map((unit, index) => (index === 0 ? unit.text : unit.before + unit.text))
    .join("")
    .trim();
}

/**
 * Packs the units of a section that is too large for one passage, into passages of about equal size.
 * A short line that ends in a colon goes with what it introduces. Where prose is cut, its last sentence or two are said again.
 */
export function packUnits(units: Unit[], kind: ChunkKind): Unit[][] {
  const total = totalSize(units);
  const ideal = total / Math.ceil(total / TARGET_SIZE);
  const packs: Unit[][] = [];
  let current: Unit[] = [];
  let size = 0;
  for (const unit of units) {
    if (current.length > 0 && (size + unit.size > TARGET_SIZE || size + unit.size / 2 > ideal)) {
      const leadIn = takeLeadIn(current, unit, kind);
      packs.push(current);
      current = leadIn;
      size = totalSize(leadIn);
    }
    current.push(unit);
    size += unit.size;
  }
  if (current.length > 0) packs.push(current);
  return joinSmallTail(packs, kind).map((pack, index, all) => [...overlap(all[index - 1], pack), ...pack]);
}

function takeLeadIn(current: Unit[], next: Unit, kind: ChunkKind): Unit[] {
  const last = current.at(-1)!;
  if (current.length < 2 || last.type !== "text" || next.type === "text") return [];
  if (last.size > MAX_LEAD_IN_SIZE || !/[:：]\s*$/.test(last.text)) return [];
  const max = next.type === "code" ? (next.size > TARGET_SIZE ? MAX_FENCE_BYTES : MAX_BYTES.code) : MAX_BYTES[kind];
  return byteLength(last.text) + 2 + byteLength(next.text) <= max ? [current.pop()!] : [];
}

function joinSmallTail(packs: Unit[][], kind: ChunkKind): Unit[][] {
  const tail = packs.at(-1);
  const before = packs.at(-2);
  if (!tail || !before || totalSize(tail) >= SMALL_TAIL_SIZE) return packs;
  // Parts of one table or fence, each with its own head.
  if (tail[0]!.type === before.at(-1)!.type && (tail[0]!.type === "table" || tail[0]!.type === "code")) return packs;
  const joined = [...before, ...tail];
  const max = Math.min(MAX_BYTES[kind], joined.some((unit) => unit.type === "code") ? MAX_BYTES.code : MAX_BYTES.table);
  if (totalSize(joined) > TARGET_SIZE * TAIL_FACTOR || byteLength(joinUnits(joined)) > max) return packs;
  return [...packs.slice(0, -2), joined];
}

/** What a passage of prose says again of the one before it; nothing before a list, a table or code with its lead-in. */
function overlap(before: Unit[] | undefined, pack: Unit[]): Unit[] {
  const prose = before?.slice(before.findLastIndex((unit) => unit.type !== "text") + 1) ?? [];
  if (prose.length === 0 || pack[0]?.type !== "text" || (pack[1] && pack[1].type !== "text")) return [];
  const sentences = splitSentences(joinUnits(prose.slice(-3)));
  let text = sentences.at(-1) ?? "";
  if (sizeOf(text) < SHORT_SENTENCE_SIZE && sentences.length > 2) text = `${sentences.at(-2)}${text}`;
  text = text.trim();
  if (!text || sizeOf(text) > MAX_OVERLAP_SIZE || sentences.length < 2) return [];
  return [unitOf("text", pack[0].before === "" ? `${text} ` : text, "")];
}
