import { type Attributes, readHtml } from "@/lib/core/html/read-html";
import { type ClassWords, classWordsOf } from "./class-words";

/** Bounds that keep hostile pages cheap; real pages stay far below all of them. */
const MAX_HTML_CHARS = 10_000_000;
const MAX_DEPTH = 1_200;
const MAX_ELEMENTS = 150_000;
const MAX_JSON_LD_CHARS = 1_000_000;
const MAX_NOSCRIPT_CHARS = 2_000;
const MAX_OPENED = 1_000;
const MAX_DATED = 100;

const setOf = (names: string) => new Set(names.split(" "));

/** Elements never built: their content is not text a reader sees. */
const DROPPED = setOf(
  "script style noscript template svg iframe embed canvas textarea select input link meta base title param source track area",
);
const VOID = setOf("area base br col embed hr img input link meta param source track wbr");
const BLOCK = setOf(
  "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul",
);
const HEADING = setOf("h1 h2 h3 h4 h5 h6");

/** Bits of `PageNode.contains`: what stands somewhere below an element. */
export const CONTAINS = { h1: 1, blockquote: 2, table: 4, pre: 8, block: 16, nav: 32 } as const;

/** 0 content, 1 junk by class or by a tag that sometimes holds content, 2 junk for certain. */
export type JunkMark = 0 | 1 | 2;

const NO_ELEMENTS: PageNode[] = [];

/** One element. Text is kept as strings among the children; neighbouring pieces of text are one string. */
export class PageNode {
  readonly children: (PageNode | string)[] = [];
  private elementChildren: PageNode[] = NO_ELEMENTS;

  // Set once by measureStatic (mass.ts).
  /** Unlinked text in pieces of at least 40 characters, in weighted characters. */
  prose = 0;
  textLength = 0;
  linkedLength = 0;
  /** `p` elements below with at least 60 characters, mostly unlinked. */
  paragraphs = 0;
  headings = 0;
  contains = 0;

  // Set for each attempt by the junk and mass stages.
  mark: JunkMark = 0;
  /** A guard decided that the mark was wrong. */
  kept = false;
  good = 0;
  bad = 0;
  /** Where the element's prose starts and ends in the page's stream of prose. */
  start = 0;
  end = 0;

  constructor(
    readonly tag: string,
    readonly attributes: Attributes,
    readonly parent: PageNode | null,
    readonly words: ClassWords,
  ) {}

  get isJunk(): boolean {
    return this.mark > 0 && !this.kept;
  }

  /** Block by its tag, or a custom element that wraps blocks. */
  get isBlock(): boolean {
    return BLOCK.has(this.tag) || (this.has(CONTAINS.block) && this.tag.includes("-"));
  }

  get isHeading(): boolean {
    return HEADING.has(this.tag);
  }

  /** Share of the text that is inside links, in [0, 1]; 0 for an element without text. */
  get linkShare(): number {
    return this.textLength === 0 ? 0 : this.linkedLength / this.textLength;
  }

  has(bits: number): boolean {
    return (this.contains & bits) !== 0;
  }

  /** The children that are elements. */
  elements(): readonly PageNode[] {
    return this.elementChildren;
  }

  append(child: PageNode): void {
    this.children.push(child);
    if (this.elementChildren === NO_ELEMENTS) this.elementChildren = [child];
    else this.elementChildren.push(child);
  }
}

/** What the page says about itself outside its visible text. */
export interface PageHead {
  title: string;
  /** `name`, `property` or `itemprop` of meta elements in lower case → content; the first one wins. */
  meta: Map<string, string>;
  canonicalHref?: string;
  baseHref?: string;
  language?: string;
  /** Raw JSON-LD scripts. */
  jsonLd: string[];
  noscript: string;
  scripts: number;
  /** Ids of elements that a button, tab or link of the page opens. */
  opened: Set<string>;
  /** Some visible element says in microdata what it is. */
  hasItemTypes: boolean;
  /** Attributes of visible elements that say when the page was made or changed. */
  dated: Attributes[];
}

interface ParsedPage {
  root: PageNode;
  head: PageHead;
}

export function isBlockTag(tag: string): boolean {
  return BLOCK.has(tag);
}

export type OnTag = (tag: string, attributes: Attributes) => void;

/**
 * HTML → light tree and head facts. Never throws; beyond the bounds above the rest of the page is ignored.
 * @param onTag is told of every tag of the page, so that it need not be parsed twice
 */
export function parsePage(html: string, onTag?: OnTag): ParsedPage {
  const builder = new TreeBuilder(onTag);
  readHtml(withoutControlCharacters(html.length > MAX_HTML_CHARS ? html.slice(0, MAX_HTML_CHARS) : html), builder);
  return { root: builder.root, head: builder.head };
}

/** Postgres refuses NUL, and no reader sees the others. */
export function withoutControlCharacters(html: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the purpose
  const controls = /[\u0000-\u0008\u000b\u000e-\u001f\u007f]+/g;
  return html.search(controls) < 0 ? html : html.replace(controls, "");
}

class TreeBuilder {
  readonly head: PageHead = {
    title: "",
    meta: new Map(),
    jsonLd: [],
    noscript: "",
    scripts: 0,
    opened: new Set(),
    hasItemTypes: false,
    dated: [],
  };
  isFull = false;
  readonly root: PageNode;
  private current: PageNode;
  private depth = 0;
  private elements = 0;
  private skippedTag = "";
  private skippedDepth = 0;
  private isJsonLd = false;
  private hasTitle = false;

  constructor(private readonly onTag?: OnTag) {
    this.root = new PageNode("#root", {}, null, classWordsOf(undefined, undefined));
    this.current = this.root;
  }

  onopentag(tag: string, attributes: Attributes): void {
    this.onTag?.(tag, attributes);
    if (this.isFull) return;
    if (!VOID.has(tag)) this.depth++;
    if (this.skippedDepth > 0) {
      if (tag === this.skippedTag) this.skippedDepth++;
      return;
    }
    this.readHead(tag, attributes);
    if (isDropped(tag, attributes)) {
      if (!VOID.has(tag)) {
        this.skippedTag = tag;
        this.skippedDepth = 1;
      }
      return;
    }
    if (++this.elements > MAX_ELEMENTS) this.isFull = true;
    // What is nested deeper is taken out of its elements, as in browsers: its text belongs to the last one that counts.
    if (this.depth > MAX_DEPTH) return;
    const facts = factsOf(attributes);
    if (facts.hasRole) this.readRoles(attributes, facts);
    const node = new PageNode(tag, attributes, this.current, facts.words);
    this.current.append(node);
    if (!VOID.has(tag)) this.current = node;
  }

  ontext(text: string): void {
    if (this.isFull) return;
    if (this.skippedDepth > 0) {
      this.readSkippedText(text);
      return;
    }
    const { children } = this.current;
    const last = children.length - 1;
    if (typeof children[last] === "string") children[last] += text;
    else children.push(text);
  }

  onclosetag(tag: string): void {
    if (this.isFull || VOID.has(tag)) return;
    this.depth--;
    if (this.skippedDepth > 0) {
      if (tag === this.skippedTag && --this.skippedDepth === 0) {
        this.isJsonLd = false;
        if (tag === "title") this.hasTitle = this.head.title.trim() !== "";
      }
      return;
    }
    if (this.depth >= MAX_DEPTH) return;
    // The parser closes what it opened, in order; the climb only passes elements it closed silently.
    let node: PageNode | null = this.current;
    while (node && node.tag !== tag) node = node.parent;
    if (node?.parent) this.current = node.parent;
  }

  private readHead(tag: string, attributes: Attributes): void {
    const { head } = this;
    if (tag === "html") head.language ??= attributes.lang ?? attributes["xml:lang"];
    else if (tag === "base") head.baseHref ??= attributes.href;
    else if (tag === "link" && attributes.rel?.toLowerCase() === "canonical") head.canonicalHref ??= attributes.href;
    else if (tag === "meta") {
      const name = (
        attributes.property ??
        attributes.name ??
        attributes.itemprop ??
        attributes["http-equiv"]
      )?.toLowerCase();
      if (name && attributes.content && !head.meta.has(name)) head.meta.set(name, attributes.content);
    } else if (tag === "script") {
      this.isJsonLd = attributes.type?.toLowerCase() === "application/ld+json";
      if (this.isJsonLd) head.jsonLd.push("");
      else head.scripts++;
    }
  }

  private readRoles(attributes: Attributes, { opens, saysWhen }: AttributeFacts): void {
    const { opened, dated } = this.head;
    if (attributes.itemtype !== undefined) this.head.hasItemTypes = true;
    if (opens && opened.size < MAX_OPENED) opened.add(opens);
    if (saysWhen && dated.length < MAX_DATED) dated.push(attributes);
  }

  private readSkippedText(text: string): void {
    const { head } = this;
    if (this.skippedTag === "title") {
      if (!this.hasTitle && head.title.length < 1_000) head.title += text;
    } else if (this.isJsonLd) {
      const last = head.jsonLd.length - 1;
      if (head.jsonLd[last]!.length < MAX_JSON_LD_CHARS) head.jsonLd[last] += text;
    } else if (this.skippedTag === "noscript" && head.noscript.length < MAX_NOSCRIPT_CHARS) head.noscript += text;
  }
}

interface AttributeFacts {
  words: ClassWords;
  /** Id of the element that a control with these attributes opens. */
  opens: string | undefined;
  saysWhen: boolean;
  /** Any of what `readRoles` looks for. */
  hasRole: boolean;
}

/** Tags that stand on many pages share their attributes. */
const knownFacts = new WeakMap<Attributes, AttributeFacts>();

function factsOf(attributes: Attributes): AttributeFacts {
  let facts = knownFacts.get(attributes);
  if (!facts) {
    const opens = openedBy(attributes);
    const saysWhen = attributes.itemprop !== undefined || attributes.pubdate !== undefined;
    const hasRole = opens !== undefined || saysWhen || attributes.itemtype !== undefined;
    facts = { words: classWordsOf(attributes.class, attributes.id), opens, saysWhen, hasRole };
    knownFacts.set(attributes, facts);
  }
  return facts;
}

/** What a control opens: by ARIA, or by the data attributes of the usual accordions and tabs. */
function openedBy(attributes: Attributes): string | undefined {
  if (attributes["aria-expanded"] !== undefined || attributes.role === "tab") {
    const controlled = attributes["aria-controls"];
    if (controlled) return controlled;
  }
  const toggle = attributes["data-bs-toggle"] ?? attributes["data-toggle"];
  if (toggle === undefined || !/^(?:collapse|tab|pill)$/.test(toggle)) return undefined;
  const target = attributes["data-bs-target"] ?? attributes["data-target"] ?? attributes.href;
  return target?.startsWith("#") ? target.slice(1) : undefined;
}

/** A template with a declarative shadow root is shown; every other template is not. */
function isDropped(tag: string, attributes: Attributes): boolean {
  return DROPPED.has(tag) && !(tag === "template" && attributes.shadowrootmode !== undefined);
}
