import { isArticleBody } from "./guards";
import { comparable } from "./text";
import { CONTAINS, type PageNode } from "./tree";
import { textOf } from "./walk";

const BAD_WEIGHT = 0.8;
const CANDIDATE_SHARE = 0.12;
/** A descendant with this share of its ancestor's score is the tighter, better choice. */
const DEEPER_WINS_AT = 0.9;
/** A cell with more of the page's prose is not a piece of a table but a part of a layout made of one. */
const LAYOUT_CELL_SHARE = 0.6;
const PIECES = new Set(["p", "li", "td", "ul", "ol", "blockquote", "pre"]);

/**
 * The element that holds the main content: most prose for least noise, starting near the page's title.
 * @param titles comparable forms of the page's title, og:title
 */
export function findContentRoot(root: PageNode, titles: readonly string[]): PageNode {
  const search = new RootSearch(root, titles);
  return joinSiblings(search.run(), root);
}

class RootSearch {
  private position = 0;
  private firstHeadingAt = -1;
  private titleAt = -1;
  private best: PageNode;
  private bestScore = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly root: PageNode,
    private readonly titles: readonly string[],
  ) {
    this.best = root;
  }

  run(): PageNode {
    this.layOut(this.root);
    if (this.titleAt < 0) this.titleAt = this.firstHeadingAt;
    this.visit(this.root, false);
    return this.best;
  }

  /** Gives every element its place in the stream of prose, and finds where in it the title stands. */
  private layOut(node: PageNode): void {
    node.start = this.position;
    if (node.tag === "h1" && !node.isJunk) {
      if (this.firstHeadingAt < 0) this.firstHeadingAt = this.position;
      if (this.titleAt < 0 && this.isTitle(comparable(textOf(node)))) this.titleAt = this.position;
    }
    let below = 0;
    for (const child of node.elements()) {
      this.layOut(child);
      below += child.good;
    }
    if (node.isBlock && node.good > below) this.position += node.good - below;
    node.end = this.position;
  }

  private isTitle(heading: string): boolean {
    return (
      heading.length > 5 &&
      this.titles.some((title) => title.includes(heading) || (title.length > 10 && heading.includes(title)))
    );
  }

  /** Pre-order, so that `bestIsAbove` tells whether the best so far is an ancestor. */
  private visit(node: PageNode, bestIsAbove: boolean): void {
    if (node.good < this.root.good * CANDIDATE_SHARE) return;
    const score = this.score(node);
    let isAbove = bestIsAbove;
    if (score >= (isAbove ? this.bestScore * DEEPER_WINS_AT : this.bestScore)) {
      this.best = node;
      this.bestScore = score;
      isAbove = true;
    }
    for (const child of node.elements()) {
      const before = this.best;
      this.visit(child, isAbove);
      if (this.best !== before) isAbove = false;
    }
  }

  private score(node: PageNode): number {
    const net = node.good - BAD_WEIGHT * node.bad;
    return net <= 0 ? net : net * this.kindFactor(node) * this.placeFactor(node);
  }

  private kindFactor(node: PageNode): number {
    let factor = 1;
    if (isArticleBody(node)) factor = 1.25;
    else if (node.words.isContent) factor = 1.18;
    else if (node.tag === "article") factor = 1.08;
    else if (node.tag === "main" || node.attributes.role === "main") factor = 1.05;
    const isLayout = node.tag === "td" && node.good > this.root.good * LAYOUT_CELL_SHARE;
    return PIECES.has(node.tag) && !isLayout ? factor * 0.8 : factor;
  }

  private placeFactor(node: PageNode): number {
    if (this.titleAt < 0) return 1;
    const slack = this.root.good * 0.08 + 250;
    if (node.start > this.titleAt + slack) return 0.55;
    return node.end < this.titleAt - 1 ? 0.5 : 1;
  }
}

/** Text cut into boxes of the same class: take their parent when together they hold most of it. */
function joinSiblings(found: PageNode, root: PageNode): PageNode {
  let best = found;
  for (let level = 0; level < 2; level++) {
    const { parent } = best;
    if (!parent || parent === root || best.tag === "body") break;
    const alike = parent.elements().filter((sibling) => sibling !== best && isAlike(sibling, best));
    const together = alike.reduce((sum, sibling) => sum + sibling.good, best.good);
    if ((alike.length > 0 && together > parent.good * 0.8) || best.tag === "p") best = parent;
    else break;
  }
  return best;
}

function isAlike(sibling: PageNode, best: PageNode): boolean {
  if (sibling.isJunk || sibling.tag !== best.tag || sibling.good <= Math.max(80, best.good * 0.04)) return false;
  if (best.tag === "p") return true;
  const words = best.words.all.replace(/\d+/g, "");
  return words !== "" && sibling.words.all.replace(/\d+/g, "") === words;
}

/** The page's first `h1` outside junk, "" without one. */
export function firstHeading(node: PageNode): string {
  if (node.isJunk) return "";
  if (node.tag === "h1") return textOf(node);
  if (!node.has(CONTAINS.h1)) return "";
  for (const child of node.elements()) {
    const heading = firstHeading(child);
    if (heading.trim() !== "") return heading;
  }
  return "";
}
