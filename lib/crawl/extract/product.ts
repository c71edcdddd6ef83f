import { OTHER_PRODUCTS } from "./phrases";
import { collapse } from "./text";
import { CONTAINS, type PageNode } from "./tree";
import { OPINIONS } from "./vocabulary";
import { discard, find, findAll, shapeOf, textOf } from "./walk";

const MAX_CARD_CHARS = 300;
const MIN_CARDS = 3;
const PAGE_TAGS = new Set(["#root", "html", "body", "main"]);
const MAX_SECTIONS = 30;
const PRICE = /[€$£¥₹]\s?\d|\d(?:[.,]\d\d)?\s?(?:€|£|\$|kr\b|zł|EUR|USD|GBP|CHF|SEK)|\d[.,]\d\d\b/;

/**
 * Marks what a product page says about other products and what other people say about this one, for good: recommendations and reviews
 * often hold more words than the product. Told by microdata, class, the heading above, or boxes of one shape with a link and a price each.
 */
export function discardOtherProducts(root: PageNode): void {
  for (const node of findAll(root, isOpinion)) discard(node);
  for (const heading of findAll(root, isOtherHeading).slice(0, MAX_SECTIONS)) discardSection(heading);
  discardCards(root);
}

function isOpinion(node: PageNode): boolean {
  if (node.has(CONTAINS.h1)) return false;
  const { itemtype = "", itemprop } = node.attributes;
  if (itemprop === "review" || /schema\.org\/(?:Review|UserReview)$/.test(itemtype)) return true;
  return node.isBlock && node.tag !== "body" && node.words.allMatch(OPINIONS);
}

function isOtherHeading(node: PageNode): boolean {
  const mayHead = node.isHeading ? node.tag !== "h1" : node.tag === "summary" || node.attributes.role === "heading";
  return mayHead && node.textLength <= 120 && OTHER_PRODUCTS.test(collapse(textOf(node, 200)));
}

/** The box that opens with this heading, or, where it stands among its siblings, what follows it up to the next heading of its rank. */
function discardSection(heading: PageNode): void {
  let box = heading;
  while (box.parent && mayHold(box.parent, heading) && isFirst(box)) box = box.parent;
  discard(box);
  if (box.textLength > heading.textLength) return;
  const siblings = box.parent?.elements() ?? [];
  for (const next of siblings.slice(siblings.indexOf(box) + 1)) {
    if (rankOf(next) <= rankOf(heading) || holdsRank(next, heading)) break;
    discard(next);
  }
}

/** Whether the element may be this heading's section: not the page, and without another heading of that rank. */
function mayHold(box: PageNode, heading: PageNode): boolean {
  return !PAGE_TAGS.has(box.tag) && !box.has(CONTAINS.h1) && !holdsRank(box, heading);
}

function isFirst(node: PageNode): boolean {
  for (const sibling of node.parent?.children ?? []) {
    if (sibling === node) return true;
    if (typeof sibling === "string" ? sibling.trim() !== "" : sibling.textLength > 0) return false;
  }
  return false;
}

const rankOf = ({ tag }: PageNode) => (/^h[1-6]$/.test(tag) ? Number(tag[1]) : 7);

/** Whether another heading of the same rank stands inside: then the element is more than this heading's section. */
function holdsRank(node: PageNode, heading: PageNode): boolean {
  return node
    .elements()
    .some(
      (child) =>
        child !== heading && ((rankOf(child) <= rankOf(heading) && rankOf(child) < 7) || holdsRank(child, heading)),
    );
}

/** Three boxes or more side by side, each a link with a price: what else is sold. With the heading above them, if that is all there is. */
function discardCards(node: PageNode): void {
  for (const child of node.elements()) {
    if (child.isJunk || child.tag === "table") continue;
    const cards = [...Map.groupBy(child.elements().filter(isCard), shapeOf).values()].find(
      ({ length }) => length >= MIN_CARDS,
    );
    if (!cards) {
      discardCards(child);
      continue;
    }
    let box = child;
    while (box.parent && holdsOnly(box.parent, box)) box = box.parent;
    const isAll = cards.reduce((sum, card) => sum + card.textLength, 0) > child.textLength * 0.8;
    for (const other of isAll && !PAGE_TAGS.has(box.tag) ? [box] : cards) discard(other);
  }
}

/** Nothing but the list of cards, with its heading and a link to more of them. */
function holdsOnly(box: PageNode, list: PageNode): boolean {
  if (PAGE_TAGS.has(box.tag) || box.has(CONTAINS.h1)) return false;
  return box.children.every((child) => {
    if (typeof child === "string") return child.trim() === "";
    return child === list || child.isHeading || child.textLength === child.linkedLength;
  });
}

function isCard(node: PageNode): boolean {
  if (
    node.isJunk ||
    node.textLength > MAX_CARD_CHARS ||
    node.linkedLength === 0 ||
    node.has(CONTAINS.table | CONTAINS.h1)
  )
    return false;
  const leads = ({ tag, attributes }: PageNode) => tag === "a" && /^(?!#|javascript:)./.test(attributes.href ?? "");
  return (leads(node) || find(node, leads) !== undefined) && PRICE.test(textOf(node, MAX_CARD_CHARS));
}
