import { isHidden } from "./junk";
import type { PageNode } from "./tree";

const MAIN_SHARE = 0.45;
const HIDDEN_MAIN_SHARE = 0.6;
const SUBSTANTIAL_SHARE = 0.15;
const SUBSTANTIAL_PARAGRAPHS = 3;
const TEASER_SHARE = 0.15;
const TEASER_CHARS = 900;

/**
 * Takes marks back where the page itself contradicts them. A class name is a hint; an element that holds most of the page's
 * unlinked text is the page, whatever it is called.
 */
export function applyGuards(root: PageNode): void {
  keepMainText(root, root.prose);
  keepArticleBody(root);
  keepSubstantial(root, root.prose);
}

function keepMainText(node: PageNode, total: number): void {
  for (const child of node.elements()) {
    if (child.prose < total * MAIN_SHARE) continue;
    if (child.mark > 0 && mayBeMain(child, total)) child.kept = true;
    keepMainText(child, total);
  }
}

function mayBeMain(node: PageNode, total: number): boolean {
  if (node.tag === "nav" || node.tag === "footer" || node.words.isBeyondGuard) return false;
  return !isHidden(node) || node.prose > total * HIDDEN_MAIN_SHARE;
}

/** An `itemprop="articleBody"` that is not inside comments or teasers is kept with all its ancestors. */
function keepArticleBody(node: PageNode): void {
  for (const child of node.elements()) {
    if (child.prose > 100 && isArticleBody(child) && !hasAncestorOrSelf(child, isRepeatedElsewhere)) {
      for (let up: PageNode | null = child; up; up = up.parent) if (up.mark > 0) up.kept = true;
    }
    keepArticleBody(child);
  }
}

export function isArticleBody(node: PageNode): boolean {
  return node.attributes.itemprop !== undefined && /articleBody/i.test(node.attributes.itemprop);
}

function isRepeatedElsewhere(node: PageNode): boolean {
  return node.words.isCertainJunk && /comment|related|teaser/.test(node.words.all);
}

function hasAncestorOrSelf(node: PageNode, test: (node: PageNode) => boolean): boolean {
  for (let up: PageNode | null = node; up; up = up.parent) if (test(up)) return true;
  return false;
}

/** Class-only junk with several real paragraphs is content (a "read more" wrapper) unless its class is unambiguous. */
function keepSubstantial(node: PageNode, total: number): void {
  for (const child of node.elements()) {
    if (child.prose === 0) continue;
    if (child.mark === 1 && !child.kept && isSubstantial(child, total)) child.kept = true;
    if (!child.isJunk) keepSubstantial(child, total);
  }
}

function isSubstantial(node: PageNode, total: number): boolean {
  if (node.tag === "aside" || node.tag === "footer") return false;
  if (node.prose < total * SUBSTANTIAL_SHARE || node.paragraphs < SUBSTANTIAL_PARAGRAPHS) return false;
  return !node.words.isCertainJunk;
}

/**
 * Marks the cards that lead to other pages: a small box around a heading that is a link, and small articles nested beside others.
 */
export function markTeasers(root: PageNode): void {
  const articles: PageNode[] = [];
  findTeasers(root, root.prose, false, articles);
  if (articles.length > 2) markNestedArticles(articles);
}

function findTeasers(node: PageNode, total: number, insideLink: boolean, articles: PageNode[]): void {
  for (const child of node.elements()) {
    if (child.isJunk) continue;
    if (child.tag === "article") articles.push(child);
    if (isLinkedHeading(child, insideLink)) {
      const card = cardAround(child);
      if (card && isSmallCard(card, total)) markSoft(card);
    }
    findTeasers(child, total, insideLink || child.tag === "a", articles);
  }
}

function isLinkedHeading(node: PageNode, insideLink: boolean): boolean {
  if (!node.isHeading || node.tag === "h1" || node.prose >= 200 || node.textLength < 8) return false;
  return insideLink || (node.linkShare > 0.9 && leadsElsewhere(node));
}

/** All links of a heading go to other pages: a heading that links to itself is a heading of this page. */
function leadsElsewhere(heading: PageNode): boolean {
  for (const child of heading.elements()) {
    if (child.tag === "a" && (!child.attributes.href || child.attributes.href.includes("#"))) return false;
    if (!leadsElsewhere(child)) return false;
  }
  return true;
}

function cardAround(heading: PageNode): PageNode | null {
  let card = heading.parent;
  for (let level = 0; level < 3 && card && card.prose < 40 && card.parent; level++) card = card.parent;
  return card;
}

function isSmallCard(card: PageNode, total: number): boolean {
  if (/^(?:body|html|main|ol|#root)$/.test(card.tag)) return false;
  return card.prose < Math.min(total * TEASER_SHARE, TEASER_CHARS) && card.prose / Math.max(card.headings, 1) < 500;
}

function markNestedArticles(articles: readonly PageNode[]): void {
  const nestedIn = new Map<PageNode, PageNode[]>();
  for (const article of articles) {
    let outer = article.parent;
    while (outer && outer.tag !== "article") outer = outer.parent;
    if (!outer) continue;
    const siblings = nestedIn.get(outer);
    if (siblings) siblings.push(article);
    else nestedIn.set(outer, [article]);
  }
  for (const [outer, nested] of nestedIn) {
    if (nested.length < 2) continue;
    for (const article of nested) if (article.prose < outer.prose * 0.4) markSoft(article);
  }
}

function markSoft(node: PageNode): void {
  if (node.mark === 0) node.mark = 1;
}
