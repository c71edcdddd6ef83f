import type { PageNode } from "./tree";

/** Ways through a page's tree that several stages share. */

/** First element below `node`, in document order, that passes; junk is not entered. */
export function find(node: PageNode, test: (node: PageNode) => boolean): PageNode | undefined {
  for (const child of node.elements()) {
    if (child.isJunk) continue;
    const found = test(child) ? child : find(child, test);
    if (found) return found;
  }
  return undefined;
}

/** Outermost elements below `node` that pass, in document order; junk is not entered. */
export function findAll(node: PageNode, test: (node: PageNode) => boolean, found: PageNode[] = []): PageNode[] {
  for (const child of node.elements()) {
    if (child.isJunk) continue;
    if (test(child)) found.push(child);
    else findAll(child, test, found);
  }
  return found;
}

export function isInside(node: PageNode, outer: PageNode): boolean {
  for (let up: PageNode | null = node; up; up = up.parent) if (up === outer) return true;
  return false;
}

export function commonAncestor(a: PageNode, b: PageNode): PageNode {
  let common: PageNode = a;
  while (common.parent && !isInside(b, common)) common = common.parent;
  return common;
}

/** Text of an element that is not junk; block boundaries as line breaks. Stops soon after `maxChars`. */
export function textOf(node: PageNode, maxChars = Number.POSITIVE_INFINITY): string {
  let text = "";
  for (const child of node.children) {
    if (text.length > maxChars) break;
    if (typeof child === "string") text += child;
    else if (child.isJunk) continue;
    else {
      const inner = textOf(child, maxChars - text.length);
      text += child.isBlock || child.tag === "br" ? `\n${inner}\n` : inner;
    }
  }
  return text;
}

/** Classes that tell one box of a row from its neighbours: its turn, its state, the role of its author. */
const STATE =
  /^(?:odd|even|first|last|new|unread|active|current|selected|highlight\w*|owner|op|staff|moderator|(?:bg|row|alt)-?\d|(?:has|is|by)-.*|.*(?:accepted|solution|solved|best-answer|has-).*)$/;

/** Tag and class of an element without its number and state: what repeated boxes have in common. */
export function shapeOf({ tag, attributes }: PageNode): string {
  const named = attributes.class || attributes.id || attributes.itemtype || "";
  const tokens = named
    .slice(0, 200)
    .toLowerCase()
    .split(/\s+/)
    .filter((token) => token !== "" && !STATE.test(token));
  return `${tag} ${tokens.map((token) => token.replace(/\d{2,}/g, "")).join(" ")}`;
}

/** The same with the first class only: what boxes share whose further classes differ. */
export function roughShapeOf(node: PageNode): string {
  return shapeOf(node).split(" ", 2).join(" ");
}

/** Marks an element as junk that no guard takes back. */
export function discard(node: PageNode): void {
  node.mark = 2;
  node.kept = false;
}
