import { weightedLength } from "./text";
import { CONTAINS, isBlockTag, type PageNode } from "./tree";

/** Shorter pieces of text say nothing about where the prose is. */
const PROSE_PIECE_CHARS = 40;
const PARAGRAPH_CHARS = 60;

const OWN_BITS: Record<string, number> = {
  h1: CONTAINS.h1,
  blockquote: CONTAINS.blockquote,
  table: CONTAINS.table,
  pre: CONTAINS.pre,
  nav: CONTAINS.nav,
};

/**
 * Fills what does not depend on any junk mark: text and link lengths, paragraphs, headings, kinds of descendants. Once per page,
 * bottom-up, so that later stages never walk a subtree to ask about it.
 */
export function measureStatic(root: PageNode): void {
  measure(root, false);
}

function measure(node: PageNode, insideLink: boolean): void {
  const linked = insideLink || node.tag === "a";
  for (const child of node.children) {
    if (typeof child === "string") {
      const text = child.trim();
      node.textLength += text.length;
      if (!linked && text.length >= PROSE_PIECE_CHARS) node.prose += weightedLength(text);
      continue;
    }
    measure(child, linked);
    node.textLength += child.textLength;
    node.linkedLength += child.linkedLength;
    node.prose += child.prose;
    node.contains |= child.contains | (OWN_BITS[child.tag] ?? 0) | (isBlockTag(child.tag) ? CONTAINS.block : 0);
    node.headings += child.isHeading ? 1 : child.headings;
    node.paragraphs += child.tag === "p" ? (isRealParagraph(child) ? 1 : 0) : child.paragraphs;
  }
  if (node.tag === "a") node.linkedLength = node.textLength;
}

function isRealParagraph(node: PageNode): boolean {
  return node.textLength >= PARAGRAPH_CHARS && node.linkShare < 0.3;
}
