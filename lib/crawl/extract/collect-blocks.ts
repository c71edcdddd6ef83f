import type { Block, Container } from "./block";
import { preformattedText } from "./code";
import { formulaOf, meaningfulAlt } from "./image";
import { absoluteHref, InlineMarkdown, linkTo } from "./inline-markdown";
import { PairFinder } from "./pairs";
import { BOILERPLATE_LINE } from "./phrases";
import { collapse } from "./text";
import { CONTAINS, isBlockTag, type PageNode } from "./tree";
import { LEAD, NOT_A_QUOTED_POST, QUOTED_POST } from "./vocabulary";

const MAX_PHRASE_CHARS = 60;

interface CollectOptions {
  /** Articles lose captions, link lists, forms and their own header; every other kind keeps them. */
  isArticle: boolean;
  /** On the relaxed attempt caption classes are not trusted either. */
  isRelaxed: boolean;
  /** What links are resolved against; undefined leaves them out. */
  baseUrl: string | undefined;
}

/** The content root's text as blocks, junk left out. */
export function collectBlocks(root: PageNode, options: CollectOptions): Block[] {
  const collector = new BlockCollector(root, options);
  if (options.isArticle) collector.lead(root);
  collector.element(root, root.tag, false, null);
  return collector.blocks;
}

class BlockCollector {
  readonly blocks: Block[] = [];
  private readonly markdown = new InlineMarkdown();
  private text: string[] = [];
  private textLength = 0;
  private linkedLength = 0;
  /** Target of a link around whole blocks. */
  private outerHref: string | undefined;
  private readonly itemCounts = new Map<PageNode, number>();
  private readonly terms = new Map<PageNode | null, PageNode>();
  private readonly pairs = new PairFinder();
  private readonly total: number;

  constructor(
    root: PageNode,
    private readonly options: CollectOptions,
  ) {
    this.total = root.good || 1;
  }

  /** A lead paragraph set outside the article's body, in one of the six elements before it. */
  lead(root: PageNode): void {
    let node = root;
    for (let level = 0; level < 2 && node.parent; level++, node = node.parent) {
      const siblings = node.parent.children;
      const at = siblings.indexOf(node);
      for (let i = at - 1; i >= 0 && i >= at - 6; i--) {
        const sibling = siblings[i]!;
        if (typeof sibling === "string" || !this.isLead(sibling)) continue;
        this.children(sibling, "p", false, null, sibling);
        this.finish("p", sibling, null);
        return;
      }
    }
  }

  private isLead(node: PageNode): boolean {
    if (node.isJunk || node.tag === "header" || node.has(CONTAINS.h1)) return false;
    return node.good > 70 && node.good < this.total * 0.3 && node.words.allMatch(LEAD);
  }

  /** @param tag the rule name of text that stands directly in `node` before its first inner block */
  element(node: PageNode, tag: string, inLink: boolean, container: Container | null): void {
    this.children(node, tag, inLink, container, node);
    this.finish(isBlockTag(node.tag) ? node.tag : "div", node, container);
  }

  private children(node: PageNode, tag: string, inLink: boolean, container: Container | null, owner: PageNode): void {
    for (let index = 0; index < node.children.length; index++) {
      const child = node.children[index]!;
      if (typeof child === "string") this.piece(child, inLink);
      else if (child.tag === "br") this.lineBreak();
      else if (child.tag === "hr") this.finish(tag, owner, container);
      else if ((child.tag === "img" || child.tag === "math") && formulaOf(child)) this.formula(formulaOf(child)!);
      else if (child.tag === "img") this.image(child);
      else if (child.tag === "button" && !child.isJunk && opensPanel(child)) {
        this.finish(tag, owner, container);
        this.children(child, "summary", inLink, container, child);
        this.finish("summary", child, container);
      } else if (this.isSkipped(child) && !isWithinSentence(node, index)) {
        if (child.isBlock) this.finish(tag, owner, container);
      } else if (child.isBlock) {
        this.finish(tag, owner, container);
        if (!this.isDroppedFromArticle(child)) this.block(child, tag, inLink, container);
      } else if (!(this.isCaption(child) && child.good < this.total * 0.2)) {
        if (this.touchesPrevious(child, node.children[index - 1])) {
          // No text of the page joins two links; two words that touch look like two, and are one to whoever searches the page.
          if (child.tag === "a") this.lineBreak();
          else this.piece(" ", inLink);
        }
        this.inline(child, tag, inLink, container, owner);
      }
    }
  }

  private block(node: PageNode, outerTag: string, inLink: boolean, outer: Container | null): void {
    const container = this.containerOf(node, outer);
    if (node.tag === "pre") {
      const text = preformattedText(node);
      if (text !== "") this.blocks.push({ text, markdown: text, tag: "pre", linkShare: 0, container, node });
      return;
    }
    if (!this.options.isArticle && this.pairs.isPair(node)) {
      this.pair(node, inLink, outer);
      return;
    }
    const isBox = node.tag === "div" || node.tag === "section" || !isBlockTag(node.tag);
    this.element(node, isBox ? (outerTag === "li" ? "li" : "div") : node.tag, inLink, container);
  }

  /** A label and its value side by side: a term and its definition. */
  private pair(node: PageNode, inLink: boolean, outer: Container | null): void {
    const [label, value] = node.elements() as [PageNode, PageNode];
    const container: Container = { kind: "item", node, parent: outer, list: node.parent ?? node, marker: "- " };
    for (const [tag, part] of [
      ["dt", label],
      ["dd", value],
    ] as const) {
      this.inline(part, tag, inLink, container, node);
      this.finish(tag, node, container);
    }
  }

  private inline(node: PageNode, tag: string, inLink: boolean, container: Container | null, owner: PageNode): void {
    const isLink = node.tag === "a";
    const wrapsBlocks = node.has(CONTAINS.block);
    const href = isLink ? absoluteHref(node.attributes.href, this.options.baseUrl) : undefined;
    const textStart = this.text.length;
    const start = this.markdown.mark;
    const outerHref = this.outerHref;
    if (wrapsBlocks && href) this.outerHref = href;
    this.children(node, tag, inLink || isLink, container, owner);
    this.outerHref = outerHref;
    if (wrapsBlocks) return;
    if (isLink) {
      if (href && !/^h[1-6]$/.test(tag)) this.markdown.link(start, href);
    } else if (/^(?:code|kbd|samp|tt)$/.test(node.tag)) this.markdown.code(start, this.text.slice(textStart).join(""));
    else if (/^(?:strong|b)$/.test(node.tag) && !/^(?:h[1-6]|th|dt)$/.test(tag)) this.markdown.wrap(start, "**");
    else if (/^(?:del|s|strike)$/.test(node.tag)) this.markdown.wrap(start, "~~");
  }

  /** Links in a row, and labels set apart by style alone (`<b>Start</b><span>Unpack it</span>`), must not grow together. */
  private touchesPrevious(node: PageNode, previous: PageNode | string | undefined): boolean {
    if (typeof previous !== "object" || previous.isBlock || node.parent?.tag === "code") return false;
    const last = this.text.at(-1) ?? "";
    if (node.tag === "a" && previous.tag === "a") return /\S$/.test(last);
    return /\p{Ll}{3}[.!?]?$/u.test(last.slice(-5)) && /^\p{Lu}/u.test(firstText(node));
  }

  private piece(text: string, inLink: boolean): void {
    this.text.push(text);
    this.markdown.text(text);
    const { length } = text.trim();
    this.textLength += length;
    if (inLink) this.linkedLength += length;
  }

  private lineBreak(): void {
    this.text.push("\n");
    this.markdown.lineBreak();
  }

  private formula(tex: string): void {
    this.text.push(tex);
    this.textLength += tex.length;
    this.markdown.raw(`$${tex}$`);
  }

  private image(node: PageNode): void {
    const alt = this.options.isArticle ? undefined : meaningfulAlt(node);
    if (alt) this.markdown.text(` ${alt} `);
  }

  private finish(tag: string, node: PageNode, container: Container | null): void {
    const text = collapse(this.text.join(""));
    let markdown = this.markdown.take(!/^(?:h[1-6]|t[dh])$/.test(tag));
    const linkShare = this.textLength === 0 ? 0 : this.linkedLength / this.textLength;
    this.text = [];
    this.textLength = 0;
    this.linkedLength = 0;
    if (text === "" && markdown === "") return;
    if (this.outerHref && linkShare === 1 && text.length <= 200 && !/^h[1-6]$/.test(tag)) {
      markdown = linkTo(markdown, this.outerHref);
      this.outerHref = undefined; // one link is enough for a card
    }
    this.blocks.push({ text, markdown, tag: text === "" ? "img" : tag, linkShare, container, node });
  }

  private containerOf(node: PageNode, parent: Container | null): Container | null {
    if (node.tag === "blockquote") return { kind: "quote", node, parent };
    if (node.tag === "li")
      return { kind: "item", node, parent, list: node.parent ?? node, marker: this.markerOf(node) };
    if (node.tag === "td" || node.tag === "th") {
      const row = closest(node, "tr");
      const table = closest(node, "table");
      return row && table ? { kind: "cell", node, parent, table, row } : parent;
    }
    if (node.tag !== "dt" && node.tag !== "dd") return parent;
    const list = closest(node, "dl");
    const term = node.tag === "dd" ? (this.terms.get(list) ?? node) : node;
    if (node.tag === "dt") this.terms.set(list, node);
    return { kind: "item", node: term, parent, list: list ?? node, marker: "- " };
  }

  private markerOf(item: PageNode): string {
    const list = item.parent;
    if (list?.tag !== "ol") return "- ";
    const first = Number.parseInt(list.attributes.start ?? "1", 10);
    const own = Number.parseInt(item.attributes.value ?? "", 10);
    const next = this.itemCounts.get(list) ?? (Number.isNaN(first) ? 1 : first);
    const number = Number.isNaN(own) ? next : own;
    this.itemCounts.set(list, number + 1);
    return `${Math.abs(number) % 1_000_000_000}. `;
  }

  private isSkipped(node: PageNode): boolean {
    if (node.isJunk && node.mark === 1 && this.options.isArticle && isQuotedPost(node)) node.kept = true;
    return node.isJunk;
  }

  private isCaption(node: PageNode): boolean {
    const { isArticle, isRelaxed } = this.options;
    if (!isArticle || isRelaxed || !node.words.isCaption) return false;
    return node.tag !== "blockquote" && !node.has(CONTAINS.blockquote);
  }

  private isDroppedFromArticle(node: PageNode): boolean {
    if (!this.options.isArticle) return false;
    const { tag, good, linkShare } = node;
    const { total } = this;
    if (good < total * 0.3 && this.isCaption(node) && !(good > total * 0.06 && node.paragraphs >= 3)) return true;
    if (tag === "figure") return !node.has(CONTAINS.blockquote | CONTAINS.table | CONTAINS.pre);
    if (tag === "header") return good < total * 0.25 && node.has(CONTAINS.h1);
    if (tag === "figcaption") return true;
    if (tag === "form") return good < total * 0.5;
    if (tag === "ul" || tag === "ol") return linkShare > 0.6;
    if (tag === "div" || tag === "section") return good < total * 0.2 && linkShare > 0.6;
    return tag === "table" && linkShare > 0.7 && !isTableOfData(node);
  }
}

/**
 * A short inline element with text on both sides: `The <a class="tag">Doobie Brothers</a> will unite`. Whatever its class says, the
 * sentence needs it.
 */
function isWithinSentence(parent: PageNode, index: number): boolean {
  const node = parent.children[index];
  const before = parent.children[index - 1];
  const after = parent.children[index + 1];
  if (typeof node !== "object" || typeof before !== "string" || typeof after !== "string") return false;
  if (node.mark !== 1 || isBlockTag(node.tag) || parent.textLength < MAX_PHRASE_CHARS) return false;
  const phrase = visibleText(node).trim();
  if (
    phrase.length < 2 ||
    phrase.length > Math.min(MAX_PHRASE_CHARS, parent.textLength / 2) ||
    BOILERPLATE_LINE.test(phrase)
  )
    return false;
  return /[\p{L}\p{N},.]\s*$/u.test(before.slice(-20)) && /^[\s,.’']*\(?\p{L}/u.test(after.slice(0, 20));
}

/** The question of an accordion; one inside a heading or a term is part of it. */
function opensPanel(button: PageNode): boolean {
  return button.attributes["aria-controls"] !== undefined && !/^(?:h[1-6]|dt|summary)$/.test(button.parent?.tag ?? "");
}

function firstText(node: PageNode): string {
  const first = node.children[0];
  return first === undefined ? "" : typeof first === "string" ? first : firstText(first);
}

function visibleText(node: PageNode): string {
  let text = "";
  for (const child of node.children) {
    if (typeof child === "string") text += child;
    else if (!child.isJunk) text += visibleText(child);
    if (text.length > 1_000) break;
  }
  return text;
}

/** A tweet or other post quoted in the text, under a class that otherwise says "widget". */
function isQuotedPost(node: PageNode): boolean {
  const { words } = node;
  return node.has(CONTAINS.blockquote) && words.allMatch(QUOTED_POST) && !words.allMatch(NOT_A_QUOTED_POST);
}

/** At least four rows, most of them with three cells or more. */
function isTableOfData(table: PageNode): boolean {
  let rows = 0;
  let wide = 0;
  const visit = (node: PageNode) => {
    for (const child of node.elements()) {
      if (child.tag === "tr") {
        rows++;
        const cells = child.elements().filter(({ tag }) => tag === "td" || tag === "th");
        if (cells.length >= 3) wide++;
      }
      visit(child);
    }
  };
  visit(table);
  return rows >= 4 && wide >= rows * 0.7;
}

function closest(node: PageNode, tag: string): PageNode | null {
  let up = node.parent;
  while (up && up.tag !== tag) up = up.parent;
  return up;
}
