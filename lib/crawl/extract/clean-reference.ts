import { type Block, isCellBlock, isHeadingBlock, sumText } from "./block";
import type { PageKind } from "./kind";
import { BOILERPLATE_LINE, FURNITURE_HEADING, PAGE_FACT_LINE, REFERENCE_TAIL, SHOP_CONTROL } from "./phrases";
import { dataCellOf } from "./render-table";

const SHORT_CHARS = 90;
const TAIL_CHARS = 700;
const TAIL_SHARE = 0.35;

/**
 * Documentation, product, Q&A and company pages: everything is kept except crumbs above the heading, lines about the page itself,
 * and what follows "Was this helpful?" and the like.
 */
export function cleanReference(blocks: readonly Block[], kind: PageKind): Block[] {
  const kept = beforeTail(fromMainHeading(blocks)).filter((block) => !isFurniture(block));
  return kind === "product" ? kept.filter((block) => isCellBlock(block) || !SHOP_CONTROL.test(block.text)) : kept;
}

/** Short blocks before the page's `h1` are crumbs and badges. */
function fromMainHeading(blocks: readonly Block[]): Block[] {
  const at = blocks.findIndex((block) => block.tag === "h1");
  const above = blocks.slice(0, Math.max(at, 0));
  const isCrumbs = at > 0 && at < 8 && above.every((block) => block.text.length < SHORT_CHARS && block.tag !== "pre");
  return isCrumbs ? blocks.slice(at) : [...blocks];
}

function beforeTail(blocks: Block[]): Block[] {
  const total = sumText(blocks);
  const lastListing = blocks.findLastIndex((block) => block.tag === "pre");
  let rest = total;
  for (const [index, block] of blocks.entries()) {
    rest -= block.text.length;
    if (
      index === 0 ||
      index < lastListing ||
      block.text.length >= SHORT_CHARS ||
      block.tag === "pre" ||
      block.tag === "td"
    )
      continue;
    if (rest >= total * TAIL_SHARE && rest >= TAIL_CHARS) continue;
    if (REFERENCE_TAIL.test(block.text)) return blocks.slice(0, index);
  }
  return blocks;
}

function isFurniture(block: Block): boolean {
  const { text, tag } = block;
  if (tag === "pre") return false;
  if (text.length <= 220 && PAGE_FACT_LINE.test(text)) return true;
  if (isCellBlock(block) || tag === "li" || text.length > SHORT_CHARS) return false;
  if (isHeadingBlock(block) && !FURNITURE_HEADING.test(text)) return false;
  return BOILERPLATE_LINE.test(text) && !dataCellOf(block);
}
