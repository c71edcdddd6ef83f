/**
 * The part of Markdown that answers use: paragraphs, headings, emphasis, code, nested lists, links, tables, quotes and
 * citations; for most answers `plain.ts` does. Nothing that comes out can carry markup, a handler or an address to be loaded: HTML stays text, an image
 * becomes its description, and only http, https and mailto make a link.
 */
import { HALF_SIGN, type Make, safeUrl } from "./plain";

type Kids<Made> = (Made | string)[];

/** Deeper structures are shown as text: the time stays linear in the length whatever comes. */
const MAX_DEPTH = 8;

/** What a line may begin other than a paragraph: fence, heading, quote, rule (and its sign), item. */
const BLOCK = /^\s*(?:(`{3,}|~{3,})|(#{1,6})(?=\s|$)|(>)|(([-*_])(?:\s*\5){2,}\s*$)|([-*+]|\d{1,9}[.)])(?=\s|$))/;
/** The second line of a table. */
const DELIMITERS = /^(?=.*-)(?=.*\|)[\s|:-]+$/;

/** What may begin something within a line. What closes code and emphasis is searched from there. */
const TOKEN = [
  /\\([!-/:-@[-`{-~\n])/,
  // A citation or several, unless it is the label of a link or a definition.
  /\[(\d\d?(?:, ?\d\d?)*)\](?![(:])/,
  // A link or an image: label with brackets one deep, destination with parentheses one deep, title.
  /(!?)\[((?:\\.|\[[^[\]]*\]|[^[\]\\])*)\]\(\s*<?([^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?:\s+"[^"]*"|\s+'[^']*')?\s*\)/,
  // An address in the text; what closes the sentence or a bracket around it is not part of it.
  /<((?:https?:\/\/|mailto:)[^\s<>]+)>/,
  /(?<!\w)(https?:\/\/(?:\([^\s<>()]*\)|[^\s<>"`|()])+(?<![.,;:!?'*_~\]]))/,
  // The only way to break a line in a cell of a table.
  /(<br ?\/?>)/,
  /(`+)/,
  /(?<!\*)(\*{1,3})(?![*\s])|(?<![\p{L}\p{N}_])(_{1,3})(?![_\s])|(~~)(?![~\s])/u,
  /!?\[/,
]
  .map(({ source }) => source)
  .join("|");

/**
 * @param streaming true while more text is to come: what is still open at the end is taken as closed there, and marks
 *   that cannot be told yet (half a citation, the first row of a table) wait
 * @returns the blocks, as `make` made them
 */
export function parseMarkdown<Made>(text: string, streaming: boolean, make: Make<Made>): Made[] {
  /** @param item these are the lines of a list's item: its first paragraph stands directly in it, which keeps lists tight */
  function blocks(lines: string[], open: boolean, depth: number, item = false): Kids<Made> {
    const out: Kids<Made> = [];
    let at = 0;
    /** Takes the lines from here on for which `belongs` is true. */
    const take = (belongs: (line: string) => unknown) => {
      const from = at;
      while (at < lines.length && belongs(lines[at]!)) at++;
      return lines.slice(from, at);
    };
    const atEnd = () => open && at >= lines.length;
    const isTable = () => lines[at]!.includes("|") && DELIMITERS.test(lines[at + 1] ?? "");

    while (at < lines.length) {
      const line = lines[at]!;
      const [all = "", fence, heading, quote, rule, , marker] = (depth < MAX_DEPTH && BLOCK.exec(line)) || [];
      const inner = (inside: string[]) => blocks(inside, atEnd(), depth + 1);
      if (marker) {
        out.push(list(/\d/.test(marker)));
      } else if (quote) {
        out.push(
          make("blockquote", inner(take((next) => /^\s*>/.test(next)).map((next) => next.replace(/^\s*> ?/, "")))),
        );
      } else if (fence) {
        at++;
        const code = take((next) => !next.trim().startsWith(fence)).join("\n");
        at++;
        out.push(make("pre", [code]));
      } else if (rule) {
        at++;
        out.push(make("hr", []));
      } else if (isTable()) {
        out.push(table(take((next) => next.includes("|"))));
      } else {
        at++;
        if (heading) {
          out.push(make("h3", inline(line.slice(all.length).trim().replace(/ #+$/, ""), atEnd(), 0)));
        } else if (line.trim()) {
          const more = take((next) => next.trim() && !BLOCK.test(next) && !isTable());
          const paragraph = [line, ...more].map((next) => next.trim()).join("\n");
          // What may become a table waits for its second line.
          if (open && paragraph[0] === "|" && !lines.slice(at).join("").trim()) break;
          const kids = inline(paragraph, atEnd(), 0);
          out.push(...(item && !out[0] ? kids : [make("p", kids)]));
        }
      }
    }
    return out;

    function table(lines: string[]): Made {
      const [head = [], , ...rows] = lines.map((line) => line.replace(/^\s*\||\|\s*$/g, "").split(/(?<!\\)\|/));
      const row = (cells: string[], tag: "th" | "td") =>
        make(
          "tr",
          head.map((_, i) => make(tag, inline((cells[i] ?? "").trim(), false, 0))),
        );
      return make("table", [row(head, "th"), ...rows.map((cells) => row(cells, "td"))]);
    }

    /** The items from here on that are all numbered or all not. */
    function list(ordered: boolean): Made {
      const items: Made[] = [];
      let start: string | undefined;
      for (;;) {
        const [all = "", , , , , , marker] = BLOCK.exec(lines[at] ?? "") ?? [];
        if (!marker || /\d/.test(marker) !== ordered) break;
        start ??= marker;
        const indent = all.length - marker.length;
        const first = lines[at++]!.slice(all.length);
        let blank = false;
        const more = take((next) => {
          const deep = next.search(/\S/);
          const nested = BLOCK.exec(next);
          const belongs = deep < 0 || deep > indent + (nested?.[6] ? 1 : 0) || !(blank || nested);
          blank = deep < 0;
          return belongs;
        }).map((next) => next.slice(Math.min(all.length + 1, Math.max(0, next.search(/\S/)))));
        items.push(make("li", blocks([first, ...more], atEnd(), depth + 1, true)));
      }
      return make(ordered ? "ol" : "ul", items, start);
    }
  }

  /** @param open the end of `source` is the end of a text that still grows */
  function inline(source: string, open: boolean, depth: number, inLink = false): Kids<Made> {
    const out: Kids<Made> = [];
    const token = new RegExp(TOKEN, "giu");
    /** Marks that were searched to the end in vain: they need not be searched again. */
    const unclosed = new Set<string>();
    const within = (content: string, isOpen = false, link = inLink): Kids<Made> =>
      depth < MAX_DEPTH ? inline(content, isOpen, depth + 1, link) : [content];
    /** Where the marks are closed; the end of the text when that may still come; -1 when they are no marks. */
    const closing = (marks: string) => {
      const mark = marks[0]!;
      // One mark does not close next to another of its kind, unless those two close something themselves.
      const before = marks[1] ? "[^\\s\\\\]" : `[^\\s\\\\${mark}]|[^${mark}][${mark}]{2}`;
      const end = new RegExp(
        mark === "`"
          ? `(?<!\`)${marks}(?!\`)`
          : `(?<=${before})[${mark}]{${marks.length}}(?![${mark}${mark === "_" ? "\\p{L}\\p{N}" : ""}])`,
        "gu",
      );
      end.lastIndex = token.lastIndex;
      const found = unclosed.has(marks) ? undefined : end.exec(source)?.index;
      if (found === undefined) unclosed.add(marks);
      return found ?? (open && depth < MAX_DEPTH ? source.length : -1);
    };

    let at = 0;
    for (let match = token.exec(source); match; match = token.exec(source)) {
      const [all, escaped, citation, image, label, target, quoted, bare, br, ticks, ...emphasis] = match;
      const marks = ticks ?? emphasis.find(Boolean);
      const url = target ?? quoted ?? bare;
      out.push(source.slice(at, match.index));
      if (escaped) {
        out.push(escaped);
      } else if (citation && !inLink) {
        out.push(...citation.split(",").map((number) => make("cite", [], number.trim())));
      } else if (url !== undefined) {
        const href = inLink || image ? undefined : safeUrl(url);
        const kids = label === undefined ? [url] : within(label, false, true);
        out.push(...(href ? [make("a", kids, href)] : kids));
      } else if (br) {
        out.push(make("br", []));
      } else if (marks) {
        const from = token.lastIndex;
        const end = closing(marks);
        const content = source.slice(from, end);
        if (end < 0) {
          out.push(all);
        } else {
          token.lastIndex = Math.min(source.length, end + marks.length);
          const kids = ticks ? [content.trim()] : within(content, open && end === source.length);
          const tag = ticks ? "code" : marks === "~~" ? "del" : marks[1] ? "strong" : "em";
          if (content) out.push(make(tag, marks[2] && !ticks ? [make("em", kids)] : kids));
        }
      } else {
        // Half a link: its label for now. Half a citation: nothing yet.
        const half = open && /^!?\[(?:[\d, ]*|([^\]]{0,200})(?:\](?:\([^\s)]*)?)?)$/.exec(source.slice(match.index));
        if (half) token.lastIndex = source.length;
        out.push(...(half ? within(half[1] ?? "", true, true) : [all]));
      }
      at = token.lastIndex;
    }
    out.push(source.slice(at));
    return out.filter(Boolean);
  }

  return blocks(
    (streaming ? text.replace(HALF_SIGN, "") : text).replaceAll("\t", "    ").split(/\r\n?|\n/),
    streaming,
    0,
  ) as Made[];
}
