import type { PageNode } from "./tree";

/** What a block stands in, from the inside out (`parent` is the next one outwards). Two blocks of one element share the object's `node`. */
export type Container = {
  /** `li`, or `dt` for both the term and its definitions. */
  node: PageNode;
  parent: Container | null;
} & (
  | { kind: "item"; list: PageNode; marker: string }
  | { kind: "quote" }
  | { kind: "cell"; table: PageNode; row: PageNode }
);

/** A piece of main content between two block boundaries, in document order. Both renderers read the same list. */
export interface Block {
  /** Plain text, whitespace collapsed; code as it stands. "" for a block that is only a picture. */
  text: string;
  /** The same run as inline Markdown; code as it stands. */
  markdown: string;
  /** Element name that decides the rules: h1–h6, p, li, td, th, dt, dd, pre, blockquote, div … */
  tag: string;
  /** Share of the text inside links, in [0, 1]. */
  linkShare: number;
  container: Container | null;
  /** The element the text came from; null for text that is not in the page's tree. */
  node: PageNode | null;
}

export function isHeadingBlock(block: Block): boolean {
  return /^h[1-6]$/.test(block.tag);
}

/** Text of a table's cell: short and bare as it may be ("yes", "–"), it means something there. */
export function isCellBlock(block: Block): boolean {
  return block.tag === "td" || block.tag === "th";
}

/** A block that was written here rather than found in the tree. */
export function looseBlock(tag: string, text: string, markdown = text): Block {
  return { text, markdown, tag, linkShare: 0, container: null, node: null };
}

export function sumText(blocks: readonly Block[]): number {
  return blocks.reduce((sum, block) => sum + block.text.length, 0);
}
