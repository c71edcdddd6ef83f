import { CONTAINS, type PageNode } from "./tree";
import { shapeOf } from "./walk";

const MIN_ROWS = 2;
const MAX_LABEL_CHARS = 60;
const MAX_VALUE_CHARS = 200;
const BOXES = new Set(["div", "li", "p"]);

/** Finds rows of a label and a value that are set with boxes instead of a table: at least two of one shape, side by side. */
export class PairFinder {
  private readonly known = new Map<PageNode, ReadonlySet<PageNode>>();

  isPair(node: PageNode): boolean {
    return node.parent !== null && isRow(node) && this.rowsOf(node.parent).has(node);
  }

  private rowsOf(parent: PageNode): ReadonlySet<PageNode> {
    let rows = this.known.get(parent);
    if (!rows) {
      const alike = Map.groupBy(parent.elements().filter(isRow), shapeOf);
      rows = new Set([...alike.values()].filter(({ length }) => length >= MIN_ROWS).flat());
      this.known.set(parent, rows);
    }
    return rows;
  }
}

function isRow(node: PageNode): boolean {
  if (!BOXES.has(node.tag) || node.isJunk || node.elements().length !== 2) return false;
  const [label, value] = node.elements() as [PageNode, PageNode];
  if (node.children.some((child) => typeof child === "string" && child.trim() !== "")) return false;
  return (
    isPart(label, MAX_LABEL_CHARS) &&
    label.linkedLength === 0 &&
    isPart(value, MAX_VALUE_CHARS) &&
    label.tag === value.tag &&
    label.tag !== "p"
  );
}

function isPart(node: PageNode, maxChars: number): boolean {
  const { tag, textLength } = node;
  if (node.isJunk || textLength === 0 || textLength > maxChars) return false;
  return /^(?:div|span|b|strong|p|label)$/.test(tag) && !node.has(CONTAINS.block);
}
