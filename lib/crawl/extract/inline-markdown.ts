import { collapse } from "./text";

/** Stands for `<br>` until the run is finished; control characters never come from the page. */
const BREAK = "\u0001";
const MAX_HREF_CHARS = 2_000;

/** Text → Markdown that renders as this text. Only what would be read as markup is escaped: `snake_case` and `5 * 3` stay. */
export function escapeText(text: string): string {
  if (!/[\\`*_[<~&]/.test(text)) return text;
  return text
    .replace(/\\(?=[!-/:-@[-`{-~])/g, "\\\\")
    .replace(/`/g, "\\`")
    .replace(/\*(?=\S)|(?<=\S)\*/g, "\\*")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
    .replace(/\[(?=[^[\]]{0,200}\]\()/g, "\\[")
    .replace(/<(?=[a-z/!?])/gi, "\\<")
    .replace(/~~/g, "\\~~")
    .replace(/&(?=#?\w{1,31};)/g, "\\&");
}

/** The words that would make a line a heading, list item, quote, rule or table lose that meaning. */
function escapeLineStart(line: string): string {
  if (/^(?:#{1,6}(?:\s|$)|>|[-+](?:\s|$)|\||={2,}$|-{3,}$)/.test(line)) return `\\${line}`;
  return line.replace(/^(\d{1,9})([.)])(?=\s|$)/, "$1\\$2");
}

const lineOf = (text: string, startsLine: boolean): string =>
  startsLine ? escapeLineStart(collapse(text)) : collapse(text);

/**
 * Inline Markdown of one run while it is read, as pieces: a run may hold thousands of links, and joining as it grows would copy
 * all of it for each.
 */
export class InlineMarkdown {
  private pieces: string[] = [];

  /** A place to give to `wrap`, `link` or `code` once what follows has been written. */
  get mark(): number {
    return this.pieces.length;
  }

  text(text: string): void {
    this.pieces.push(escapeText(text));
  }

  /** What is Markdown already. */
  raw(markdown: string): void {
    this.pieces.push(markdown);
  }

  lineBreak(): void {
    this.pieces.push(BREAK);
  }

  /** Wraps what was written since `start` in a sign such as `**`; nothing happens to blank or already wrapped text. */
  wrap(start: number, sign: string): void {
    this.replace(start, (inner) => (inner.includes(sign) || inner.includes(BREAK) ? inner : `${sign}${inner}${sign}`));
  }

  link(start: number, href: string): void {
    this.replace(start, (inner) => linkTo(inner.replaceAll(BREAK, " "), href));
  }

  code(start: number, text: string): void {
    this.replace(start, () => codeSpan(text));
  }

  /**
   * Ends the run: lines collapsed, two breaks in a row become a blank line.
   * @param startsLine whether the text will stand at the start of a line (headings and cells do not)
   */
  take(startsLine: boolean): string {
    const value = this.pieces.join("");
    this.pieces = [];
    if (!value.includes(BREAK)) return lineOf(value, startsLine);
    const lines = value.split(BREAK).map((line) => lineOf(line, startsLine));
    return lines
      .join("\n")
      .replace(/\n{3,}/g, "\n\n")
      .trim();
  }

  private replace(start: number, change: (inner: string) => string): void {
    const written = this.pieces.slice(start).join("");
    const inner = written.trim();
    if (inner === "") return;
    const at = written.indexOf(inner);
    this.pieces.length = start;
    this.pieces.push(written.slice(0, at), change(inner), written.slice(at + inner.length));
  }
}

export function linkTo(label: string, href: string): string {
  return `[${collapse(label)}](${href.replace(/[()<>\s]/g, encodeURIComponentStrict)})`;
}

/** A code span whose fence is longer than any run of backticks inside. */
export function codeSpan(text: string): string {
  const code = collapse(text);
  if (code === "") return "";
  const fence = "`".repeat(longestRun(code, "`") + 1);
  const pad = code.startsWith("`") || code.endsWith("`") ? " " : "";
  return `${fence}${pad}${code}${pad}${fence}`;
}

/** Absolute http(s), mailto or tel address of a link; undefined for scripts, data and what is not an address. */
export function absoluteHref(href: string | undefined, baseUrl: string | undefined): string | undefined {
  const value = href?.trim();
  if (!value || value.length > MAX_HREF_CHARS) return undefined;
  const url = URL.parse(value, baseUrl);
  return url && /^(?:https?|mailto|tel):$/.test(url.protocol) ? url.href : undefined;
}

function encodeURIComponentStrict(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}

/** Length of the longest unbroken run of one character. */
export function longestRun(text: string, character: string): number {
  let longest = 0;
  let run = 0;
  for (const next of text) {
    run = next === character ? run + 1 : 0;
    if (run > longest) longest = run;
  }
  return longest;
}
