/**
 * Nothing that comes out can carry markup, a handler or an address to be loaded, see `markdown.ts`.
 */
type Tag =
  | "p"
  | "h3"
  | "ul"
  | "ol"
  | "li"
  | "pre"
  | "blockquote"
  | "hr"
  | "table"
  | "tr"
  | "th"
  | "td"
  | "strong"
  | "em"
  | "del"
  | "code"
  | "br"
  | "a"
  | "cite";

/**
 * Makes one element of the result. `detail` is the address of `a` (absolute, may be followed), the first sign of
 * `ol`, the number of `cite`.
 */
export type Make<Made> = (tag: Tag, kids: (Made | string)[], detail?: string) => Made;

/** Makes the blocks of a text that may still grow. */
export type Parse<Made> = (text: string, streaming: boolean, make: Make<Made>) => Made[];

/** @returns the address when it may be followed from an answer, else undefined */
export const safeUrl = (url: string): string | undefined =>
  /^(https?:\/\/|mailto:)\S+$/i.test(url) && URL.canParse(url) ? url : undefined;

/** What only the whole of Markdown makes something of: code, tables, quotations, images, rules, HTML, escapes, underscores. */
const BEYOND = /[`|\\\t\r]|~~|#$|!\[|<\w|\b_|^ *(?:[^\S\n ]|>|([-*])(?: *\1){2,} *$)/m;
/** How a line begins: as a heading, an item, or neither. */
const LINE = /^\s*(?:(#{1,6}|[-*+]|\d{1,9}[.)])(?=\s|$))?/;
/** A citation or several; a link; the half of either at the end; emphasis, perhaps not closed at the end. */
const TOKEN =
  /\[(\d\d?(?:, ?\d\d?)*)\](?![(:])|\[([^[\]]*)\]\(([^\s<>()]*)\)|\[([^\]]{0,200})(?:\](?:\([^\s)]*)?)?$|(?<!\*)(\*\*?)(?![*\s])([^*]*)(?:(?<![\s*])(\5)(?!\*)|\*?$)/g;

/** Half a sign at the start of the last line of a text that still grows: it waits. */
export const HALF_SIGN = /(?<=^|\n)[ \t]*([-*+>#`~]+|\d{1,3}[.)]?)[ \t]*$/;

interface Block {
  tag: "p" | "h3" | "ul" | "ol" | "li";
  text: string;
  kids: Block[];
  start?: string;
}

/**
 * The Markdown of most answers: paragraphs, headings, emphasis, flat lists, links, citations. It makes what the whole
 * parser (`markdown.ts`) makes of the same text, or says that it does not know.
 * @param streaming see there
 * @param beyond called when there is, or may be, something that it leaves as text
 */
export function parsePlain<Made>(text: string, streaming: boolean, make: Make<Made>, beyond: () => void): Made[] {
  const root: Block[] = [];
  /** The list that is open, and where its last item stands. */
  let list: Block | undefined;
  let indent = 0;
  /** What the next line goes on with. */
  let last: Block | undefined;

  const inline = (source: string, open: boolean): (Made | string)[] => {
    const out: (Made | string)[] = [];
    let at = 0;
    const say = (literal: string) => {
      if (/[*[]|https?:/.test(literal)) beyond();
      out.push(literal);
    };
    for (const match of source.matchAll(TOKEN)) {
      const [all, citations, label, url = "", half, mark, content = "", closed] = match;
      const atEnd = open && match.index + all.length === source.length;
      say(source.slice(at, match.index));
      if (citations) {
        for (const number of citations.split(",")) out.push(make("cite", [], number.trim()));
      } else if (label !== undefined) {
        const kids = inline(label, false);
        out.push(...(safeUrl(url) ? [make("a", kids, url)] : kids));
      } else if (!atEnd && !closed) {
        say(all);
      } else if (mark) {
        if (content) out.push(make(mark[1] ? "strong" : "em", inline(content, atEnd && !closed)));
      } else if (!/^\[[\d, ]*$/.test(all)) {
        // Half a link: its label for now. Half a citation: nothing yet.
        out.push(...inline(half!, true));
      }
      at = match.index + all.length;
    }
    say(source.slice(at));
    return out.filter(Boolean);
  };
  const render = (block: Block): Made => {
    const { tag, text, kids, start } = block;
    return make(tag, [...inline(text.trim(), streaming && block === last), ...kids.map(render)], start);
  };

  if (streaming) text = text.replace(HALF_SIGN, "");
  if (BEYOND.test(text)) beyond();
  for (const line of text.split("\n")) {
    const [begin, sign = ""] = LINE.exec(line)!;
    const rest = line.slice(begin.length).trim();
    const at = line.search(/\S/);
    if (at < 0) {
      last = undefined;
    } else if (sign && sign[0] !== "#") {
      // A list in a list, or an item that begins with another block.
      if ((list && at > indent + 1) || LINE.exec(rest)![1] || BEYOND.test(rest)) beyond();
      const tag = /\d/.test(sign) ? "ol" : "ul";
      if (list?.tag !== tag) {
        list = { tag, text: "", kids: [], start: sign };
        root.push(list);
      }
      last = { tag: "li", text: rest, kids: [] };
      list.kids.push(last);
      indent = at;
    } else if (!sign && last && last.tag !== "h3") {
      last.text += `\n${rest}`;
    } else {
      // A paragraph of an item.
      if (list && at > indent) beyond();
      list = undefined;
      last = sign ? { tag: "h3", text: rest, kids: [] } : { tag: "p", text: rest, kids: [] };
      root.push(last);
    }
  }
  return root.map(render);
}
