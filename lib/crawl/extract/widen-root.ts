import type { PageKind } from "./kind";
import { CONTAINS, type PageNode } from "./tree";
import { commonAncestor, find, findAll, isInside } from "./walk";

const MAX_LINK_SHARE = 0.3;
const MAX_LINKS_PER_CONTENT = 0.25;
const TOLERATED_LINK_CHARS = 300;
const SMALL_BOX_CHARS = 60;
const MENU_LINK_SHARE = 0.5;
const MENU_LINKS = 4;
const MENU_LABEL_CHARS = 30;
const PARTS = new Set(["p", "ul", "ol", "dl", "table", "tbody", "thead", "tr", "pre", "blockquote"]);
const TEXT_TAGS = new Set(["p", "ul", "ol", "dl", "table", "pre", "blockquote", "h2", "h3", "h4", "h5", "h6"]);

/**
 * The element with the most prose is right for an article. Other pages hold content with hardly any prose (prices, specifications,
 * short answers, a heading with its introduction beside one long section), so their root is widened to what surely belongs to it.
 * @param content the element found by mass, inside `root`
 */
export function widenRoot(content: PageNode, root: PageNode, kind: PageKind): PageNode {
  switch (kind) {
    case "article":
      return content;
    case "docs":
    case "qa":
      return withHeading(content, root);
    case "product":
      return landmarkWith(content, root) ?? productScope(content) ?? withHeading(content, root, { keepsShort: true });
    case "other":
      return landmarkWith(content, root) ?? mostOf(root, withHeading(content, root));
  }
}

/**
 * The smallest element that also holds the page's `h1`, unless that brings in a box of links. What stands beside the way to heading
 * and content is kept when it is text, and marked as junk when it is a crumb, a control or a line about the page.
 */
function withHeading(found: PageNode, root: PageNode, { keepsShort = false } = {}): PageNode {
  const content = boxAround(found);
  if (content.tag === "h1" || content.has(CONTAINS.h1)) return content;
  const heading = find(root, (node) => node.tag === "h1");
  if (!heading) return content;
  const wide = commonAncestor(content, heading);
  if (bringsLinks(wide, content)) return content;
  // A price or a number to order by is short, and what the page is about.
  if (keepsShort) return wide;
  markSmallBoxes(content, wide, heading);
  markSmallBoxes(heading, wide, content);
  return wide;
}

/** A long table or list holds most of the text, but is only a part of it. */
function boxAround(found: PageNode): PageNode {
  let box = found;
  while (PARTS.has(box.tag) && box.parent && !bringsLinks(box.parent, found)) box = box.parent;
  return box;
}

/** Whether the wider element adds more links than a text of this size has around it. A few are no harm: they are marked one by one. */
function bringsLinks(wide: PageNode, content: PageNode): boolean {
  const { text, linked } = visible(wide, content);
  return linked > Math.max(text * MAX_LINK_SHARE, content.textLength * MAX_LINKS_PER_CONTENT, TOLERATED_LINK_CHARS);
}

function markSmallBoxes(from: PageNode, to: PageNode, other: PageNode): void {
  for (let node: PageNode = from; node !== to && node.parent; node = node.parent) {
    for (const sibling of node.parent.elements()) {
      if (sibling === node || sibling.isJunk || isInside(other, sibling)) continue;
      if (isSmallBox(sibling)) {
        sibling.mark = 1;
        sibling.kept = false;
      }
    }
  }
}

/** A generic box with hardly any words of its own; paragraphs, lists, tables and listings are text however short, unless they are links. */
function isSmallBox(node: PageNode): boolean {
  if (node.has(CONTAINS.table | CONTAINS.pre)) return false;
  const { text, linked } = visible(node, undefined);
  if (TEXT_TAGS.has(node.tag)) return linked > text * 0.8 && text > 0;
  return text - linked < SMALL_BOX_CHARS || linked > text / 2;
}

/** The page's `main`, when the content is inside it or it holds the heading. */
function landmarkWith(content: PageNode, root: PageNode): PageNode | undefined {
  const main = find(root, (node) => node.tag === "main" || node.attributes.role === "main");
  return main && (isInside(content, main) || main.has(CONTAINS.h1)) ? main : undefined;
}

/** `content` when it holds most of what the page shows, else the whole page without its menus. */
function mostOf(root: PageNode, content: PageNode): PageNode {
  const body = find(root, (node) => node.tag === "body") ?? root;
  const outside = visible(body, content).text;
  if (outside < visible(content, undefined).text * 0.4) return content;
  markMenus(body, content);
  return body;
}

/** Rows of short links outside the content, where neither tag nor class says that they are a menu. */
function markMenus(node: PageNode, content: PageNode): void {
  let previous: PageNode | undefined;
  for (const child of node.elements()) {
    // What stands under a heading is what the heading names: services, places, products.
    const isHeaded = previous?.isHeading ?? false;
    previous = child;
    if (child === content || child.isJunk || isHeaded) continue;
    if (child.isBlock && isMenu(child)) {
      child.mark = 1;
      child.kept = false;
    } else markMenus(child, content);
  }
}

function isMenu(node: PageNode): boolean {
  if (node.headings > 0 || node.paragraphs > 0 || node.linkShare < MENU_LINK_SHARE) return false;
  const links = findAll(node, ({ tag }) => tag === "a");
  return links.length >= MENU_LINKS && links.every(({ textLength }) => textLength <= MENU_LABEL_CHARS);
}

function productScope(content: PageNode): PageNode | undefined {
  for (let node: PageNode | null = content; node; node = node.parent) {
    if (/schema\.org\/Product$/.test(node.attributes.itemtype ?? "") && node.has(CONTAINS.h1)) return node;
  }
  return undefined;
}

function visible(node: PageNode, except: PageNode | undefined): { text: number; linked: number } {
  const sum = { text: 0, linked: 0 };
  const visit = (current: PageNode, insideLink: boolean) => {
    if (current === except || current.isJunk) return;
    const linked = insideLink || current.tag === "a";
    for (const child of current.children) {
      if (typeof child !== "string") visit(child, linked);
      else {
        const { length } = child.trim();
        sum.text += length;
        if (linked) sum.linked += length;
      }
    }
  };
  visit(node, false);
  return sum;
}
