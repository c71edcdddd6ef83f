import { decodeHTML, decodeHTMLAttribute } from "entities";
import { type TagRules, tagRules } from "./tags";

export type Attributes = Readonly<Record<string, string>>;

/** What a document is made of, in its order. Names are in lower case, but for `foreignObject`; what is left open is closed, in order, as far as it was opened. */
export interface HtmlHandler {
  /** Of two attributes of one name the first one counts. */
  onopentag?(tag: string, attributes: Attributes): void;
  /** Entities decoded; a text may come in several pieces. */
  ontext?(text: string): void;
  onclosetag?(tag: string): void;
}

/**
 * Reads HTML as it stands in the wild. Comments, doctype and processing instructions are passed over. Never throws, and takes time in
 * proportion to the length of the text, however deeply it is nested.
 *
 * Text and attribute values, most of a page, are found by searching for where they end rather than by looking at each character: three times
 * as fast as htmlparser2, whose rules these are (`read-html.test.ts` holds the two against each other).
 */
export function readHtml(html: string, handler: HtmlHandler): void {
  new HtmlReader(html, handler).read();
}

const [TAB, LINE_FEED, FORM_FEED, RETURN, SPACE, BANG, QUOTE, APOSTROPHE, SLASH, EQUALS, GREATER, QUESTION] = [
  9, 10, 12, 13, 32, 33, 34, 39, 47, 61, 62, 63,
];
/** Of every tag that has none: the same object. */
const NO_ATTRIBUTES: Attributes = Object.freeze({});
/** End tags of elements that hold text. */
const ENDS = new Map<string, RegExp>();
const COMMENT_END = /--!?>/g;

interface TagRest {
  attributes: Attributes;
  /** Whether the tag ends in a slash. */
  isSelfClosing: boolean;
  /** Behind its ">". */
  end: number;
}

/** What stands behind the names of tags, by its text: the pages of a site repeat their menus, footers and boxes to the letter. */
const knownRests = new Map<string, TagRest>();
const MAX_KNOWN_RESTS = 5_000;
const MAX_KNOWN_CHARS = 300;

class HtmlReader {
  private at = 0;
  /** Whether the tag that was read last ends in a slash. */
  private isSelfClosing = false;
  private readonly stack: TagRules[] = [];
  /** How often each element stands in the stack: an end tag without a beginning need not look through all of it. */
  private readonly open = new Map<string, number>();
  /** By whose rules is read, for each open element that changes them. */
  private readonly foreign: ("" | "svg" | "math")[] = [""];

  constructor(
    private readonly html: string,
    private readonly handler: HtmlHandler,
  ) {}

  read(): void {
    const { html } = this;
    let textStart = 0;
    for (;;) {
      const less = html.indexOf("<", this.at);
      // A "<" with nothing behind it that could be markup is text.
      if (less < 0 || less + 1 >= html.length || (html.charCodeAt(less + 1) === SLASH && less + 2 >= html.length))
        break;
      const next = html.charCodeAt(less + 1);
      if (!isLetter(next) && next !== SLASH && next !== BANG && next !== QUESTION) {
        this.at = less + 1;
        continue;
      }
      this.text(textStart, less);
      this.at = less + 1;
      if (next === SLASH) this.endTag();
      else if (next === BANG) this.declaration();
      else if (next === QUESTION) this.skipPast(">");
      else this.startTag();
      textStart = this.at;
    }
    this.text(textStart, html.length);
    while (this.stack.length > 0) this.pop();
  }

  private text(start: number, end: number, hasEntities = true): void {
    if (start >= end || !this.handler.ontext) return;
    const text = this.html.slice(start, end);
    this.handler.ontext(hasEntities && text.includes("&") ? decodeHTML(text) : text);
  }

  private startTag(): void {
    const { html } = this;
    const isForeign = this.foreign.at(-1) !== "";
    const nameEnd = this.endOfName(this.at);
    if (nameEnd >= html.length) {
      this.skipAll();
      return;
    }
    const tag = this.tagAt(this.at, nameEnd);
    // A form within a form is not there.
    const isThere = !(tag.name === "form" && this.open.get("form"));
    if (isThere) this.begin(tag);
    this.at = nameEnd;
    const attributes = this.attributes();
    if (!attributes) {
      this.skipAll();
      return;
    }
    if (isThere) {
      this.handler.onopentag?.(tag.name, attributes);
      if (tag.isVoid) this.handler.onclosetag?.(tag.name);
      else if (this.isSelfClosing && this.foreign.at(-1) !== "" && this.stack.at(-1) === tag) this.pop();
    }
    if (!isForeign && tag.text) this.content(tag);
  }

  private tagAt(start: number, end: number): TagRules {
    const name = this.html.slice(start, end).toLowerCase();
    const rules = this.foreign.at(-1);
    if (name === "image" && rules === "") return tagRules("img");
    const isOfSvg = name === "foreignobject" && (rules === "svg" || this.open.get("foreignObject"));
    return tagRules(isOfSvg ? "foreignObject" : name);
  }

  private begin(tag: TagRules): void {
    const { closes, isVoid, name, content } = tag;
    if (closes) while (this.stack.length > 0 && closes.has(this.stack.at(-1)!.name)) this.pop();
    if (isVoid) return;
    this.stack.push(tag);
    this.open.set(name, (this.open.get(name) ?? 0) + 1);
    if (content !== undefined) this.foreign.push(content);
  }

  private pop(): void {
    const { name, content } = this.stack.pop()!;
    this.open.set(name, this.open.get(name)! - 1);
    if (content !== undefined) this.foreign.pop();
    this.handler.onclosetag?.(name);
  }

  /** All of a tag behind its name; undefined when the document ends before it does. */
  private attributes(): Attributes | undefined {
    const { html, at } = this;
    const greater = html.indexOf(">", at);
    if (greater < 0) return undefined;
    const known = greater - at < MAX_KNOWN_CHARS ? knownRest(html.slice(at, greater + 1)) : undefined;
    const rest = known ?? readRest(html, at);
    if (!rest) return undefined;
    this.isSelfClosing = rest.isSelfClosing;
    this.at = known ? greater + 1 : rest.end;
    return rest.attributes;
  }

  private content({ name, text }: TagRules): void {
    const { html, at } = this;
    const until = name === "plaintext" ? -1 : this.endTagOf(name);
    this.text(at, until < 0 ? html.length : until, text === "decoded");
    if (until < 0) {
      this.skipAll();
      return;
    }
    this.at = until + 1;
    this.endTag();
  }

  private endTagOf(name: string): number {
    const end = ENDS.get(name) ?? new RegExp(`</${name}(?=[ \\n\\t\\f\\r/>])`, "gi");
    ENDS.set(name, end);
    end.lastIndex = this.at;
    return end.exec(this.html)?.index ?? -1;
  }

  private endTag(): void {
    const { html } = this;
    const start = this.at + 1;
    if (!isLetter(html.charCodeAt(start))) {
      this.skipPast(">");
      return;
    }
    const end = this.endOfName(start);
    if (end >= html.length) {
      this.skipAll();
      return;
    }
    this.close(this.tagAt(start, end));
    this.at = end;
    this.skipPast(">");
  }

  private close(tag: TagRules): void {
    const { name } = tag;
    if (name === "br") {
      this.handler.onopentag?.(name, NO_ATTRIBUTES);
      this.handler.onclosetag?.(name);
    } else if (this.open.get(name)) {
      while (this.stack.at(-1)!.name !== name) this.pop();
      this.pop();
    } else if (name === "p") {
      this.begin(tag);
      this.handler.onopentag?.(name, NO_ATTRIBUTES);
      this.pop();
    }
  }

  private declaration(): void {
    const { html, at } = this;
    if (html.startsWith("[CDATA[", at + 1)) {
      const start = at + 8;
      this.at = start;
      this.skipPast("]]>");
      if (this.foreign.at(-1) !== "" && html.endsWith("]]>", this.at)) this.text(start, this.at - 3, false);
    } else if (html.startsWith("--", at + 1)) {
      const start = at + 3;
      const isEmpty = html.charCodeAt(start) === GREATER || html.startsWith("->", start);
      COMMENT_END.lastIndex = start;
      if (isEmpty) this.skipPast(">");
      else if (COMMENT_END.test(html)) this.at = COMMENT_END.lastIndex;
      else this.skipAll();
    } else this.skipPast(">");
  }

  private endOfName(from: number): number {
    const { html } = this;
    let at = from;
    while (at < html.length && !isTagEnd(html.charCodeAt(at))) at++;
    return at;
  }

  private skipPast(text: string): void {
    const found = this.html.indexOf(text, this.at);
    this.at = found < 0 ? this.html.length : found + text.length;
  }

  private skipAll(): void {
    this.at = this.html.length;
  }
}

/** Undefined when the first ">" is not the tag's end: it stands in quotes. */
function knownRest(text: string): TagRest | undefined {
  if (text.length === 1) return EMPTY_REST;
  const known = knownRests.get(text);
  if (known) return known;
  // A copy: a piece of a text keeps all of it in memory.
  const own = ` ${text}`.slice(1);
  const rest = readRest(own, 0);
  if (!rest) return undefined;
  if (knownRests.size >= MAX_KNOWN_RESTS) knownRests.clear();
  knownRests.set(own, rest);
  return rest;
}

const EMPTY_REST: TagRest = { attributes: NO_ATTRIBUTES, isSelfClosing: false, end: 1 };

function readRest(html: string, from: number): TagRest | undefined {
  const { length } = html;
  let values: Record<string, string> | undefined;
  let isSelfClosing = false;
  let at = from;
  for (;;) {
    const code = html.charCodeAt(at);
    if (at >= length) return undefined;
    if (isSpace(code)) at++;
    else if (code === GREATER) break;
    else if (code === SLASH) {
      isSelfClosing = true;
      at++;
    } else {
      isSelfClosing = false;
      const start = at++;
      while (at < length && html.charCodeAt(at) !== EQUALS && !isTagEnd(html.charCodeAt(at))) at++;
      const name = html.slice(start, at).toLowerCase();
      while (isSpace(html.charCodeAt(at))) at++;
      let value = "";
      if (html.charCodeAt(at) === EQUALS) {
        do at++;
        while (isSpace(html.charCodeAt(at)));
        const quote = html.charCodeAt(at);
        const isQuoted = quote === QUOTE || quote === APOSTROPHE;
        if (isQuoted) at++;
        const end = isQuoted ? html.indexOf(quote === QUOTE ? '"' : "'", at) : endOfBareValue(html, at);
        if (end < 0) return undefined;
        value = html.slice(at, end);
        if (value.includes("&")) value = decodeHTMLAttribute(value);
        at = isQuoted ? end + 1 : end;
      }
      values ??= {};
      if (!Object.hasOwn(values, name)) values[name] = value;
    }
  }
  return { attributes: values ?? NO_ATTRIBUTES, isSelfClosing, end: at + 1 };
}

function endOfBareValue(html: string, from: number): number {
  for (let at = from; at < html.length; at++) {
    const code = html.charCodeAt(at);
    if (code === GREATER || isSpace(code)) return at;
  }
  return -1;
}

const isSpace = (code: number): boolean =>
  code === SPACE || code === LINE_FEED || code === TAB || code === RETURN || code === FORM_FEED;
const isTagEnd = (code: number): boolean => code === GREATER || code === SLASH || isSpace(code);
const isLetter = (code: number): boolean => (code | 32) >= 97 && (code | 32) <= 122;
