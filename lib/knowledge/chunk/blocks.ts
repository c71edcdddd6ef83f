/** A piece of Markdown that is kept whole when possible. `text` is the Markdown as it stood, without line ends around it. */
export type Block =
  | { type: "heading"; level: number; title: string; anchor: string | null; text: string }
  | { type: "code"; text: string }
  | { type: "table"; text: string }
  | { type: "item"; text: string }
  | { type: "text"; text: string };

const FENCE = /^[ \t]*(`{3,}|~{3,})(.*)$/;
const ITEM = /^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)/;
const BREAK = /^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const UNDERLINE = /^ {0,3}(={3,}|-{3,})[ \t]*$/;
const ANCHOR = /\s*\{#([^\s{}]{1,200})\}$/;
const MAX_HEADING_LENGTH = 300;

/**
 * Reads Markdown line by line into blocks, in linear time and without ever failing: what is not recognised is text.
 * Knows ATX headings with an optional `{#anchor}`, underlined headings, fences (a fence that is never closed is text), tables,
 * top-level list items with all that is nested in them, and paragraphs.
 */
export function readBlocks(markdown: string): Block[] {
  return new Reader(markdown.replace(/\r\n?/g, "\n").split("\n")).read();
}

class Reader {
  private line = 0;
  private readonly blocks: Block[] = [];
  /** Shortest fence that was looked for in vain, by character: later ones need not be looked for again. */
  private readonly neverClosed: Record<string, number> = {};

  constructor(private readonly lines: string[]) {}

  read(): Block[] {
    while (this.line < this.lines.length) this.readBlock();
    return this.blocks;
  }

  private readBlock(): void {
    const start = this.line;
    const line = this.lines[start]!;
    if (!line.trim()) {
      this.line++;
      return;
    }
    const heading = readHeading(line);
    if (heading) {
      this.line++;
      this.blocks.push(heading);
      return;
    }
    const fenceEnd = this.fenceEnd(start);
    if (fenceEnd) this.push("code", start, fenceEnd);
    else if (BREAK.test(line)) this.line++;
    else if (this.startsTable(start)) this.push("table", start, this.tableEnd(start));
    else if (ITEM.test(line)) this.push("item", start, this.itemEnd(start));
    else this.readParagraph(start);
  }

  private readParagraph(start: number): void {
    let end = start + 1;
    while (end < this.lines.length && this.lines[end]!.trim()) {
      const next = this.lines[end]!;
      const underline = end === start + 1 ? UNDERLINE.exec(next) : null;
      if (underline) {
        const heading = headingOf(this.lines[start]!.trim(), underline[1]!.startsWith("=") ? 1 : 2);
        if (heading) {
          this.blocks.push(heading);
          this.line = end + 1;
          return;
        }
      }
      if (this.interrupts(end)) break;
      end++;
    }
    this.push("text", start, end);
  }

  /** Whether a line of a paragraph begins something else. */
  private interrupts(at: number): boolean {
    const line = this.lines[at]!;
    return (
      readHeading(line) !== null ||
      BREAK.test(line) ||
      ITEM.test(line) ||
      this.fenceEnd(at) !== undefined ||
      this.startsTable(at)
    );
  }

  private push(type: "code" | "table" | "item" | "text", start: number, end: number): void {
    const text = this.lines.slice(start, end).join("\n").trimEnd();
    if (text.trim()) this.blocks.push({ type, text });
    this.line = end;
  }

  /** Line behind the closing fence, or undefined when this line opens none. */
  private fenceEnd(at: number): number | undefined {
    const open = FENCE.exec(this.lines[at]!);
    if (!open) return undefined;
    const [, marks, info] = open as unknown as [string, string, string];
    const mark = marks[0]!;
    if (mark === "`" && info.includes("`")) return undefined;
    if (marks.length >= (this.neverClosed[mark] ?? Number.POSITIVE_INFINITY)) return undefined;
    for (let i = at + 1; i < this.lines.length; i++) {
      const line = this.lines[i]!.trim();
      if (line.length >= marks.length && line.startsWith(marks) && isOnly(line, mark)) return i + 1;
    }
    this.neverClosed[mark] = marks.length;
    return undefined;
  }

  private startsTable(at: number): boolean {
    const delimiter = this.lines[at + 1];
    return this.lines[at]!.includes("|") && delimiter !== undefined && isTableDelimiter(delimiter);
  }

  private tableEnd(start: number): number {
    let end = start + 2;
    while (end < this.lines.length && this.lines[end]!.includes("|") && this.lines[end]!.trim()) end++;
    return end;
  }

  /** An item goes on over indented lines, blank lines before these, and lines that directly continue its paragraph. */
  private itemEnd(start: number): number {
    let end = start + 1;
    while (end < this.lines.length) {
      const line = this.lines[end]!;
      if (!line.trim()) {
        let next = end + 1;
        while (next < this.lines.length && !this.lines[next]!.trim()) next++;
        if (next >= this.lines.length || !/^(?: {2,}|\t)/.test(this.lines[next]!)) return end;
        end = next;
        continue;
      }
      if (/^(?: {2,}|\t)/.test(line)) {
        end = this.fenceEnd(end) ?? end + 1;
        continue;
      }
      if (this.interrupts(end)) return end;
      end++;
    }
    return end;
  }
}

function isOnly(line: string, mark: string): boolean {
  for (const character of line) if (character !== mark) return false;
  return true;
}

/** `| --- | :-: |`: cells of dashes, at least one bar. */
export function isTableDelimiter(line: string): boolean {
  if (!line.includes("|") || !line.includes("-")) return false;
  const cells = line.trim().replace(/^\|/, "").replace(/\|$/, "").split("|");
  return cells.every((cell) => /^:?-+:?$/.test(cell.trim()));
}

function readHeading(line: string): Block | null {
  const marks = /^ {0,3}(#{1,6})(?=[ \t]|$)/.exec(line);
  if (!marks) return null;
  let title = line.slice(marks[0].length).trim();
  const closing = /(?:^|[ \t])#+$/.exec(title);
  if (closing) title = title.slice(0, closing.index).trim();
  return headingOf(title, marks[1]!.length);
}

/** A heading too long to be one is left to be read as text. */
function headingOf(line: string, level: number): Block | null {
  if (line.length > MAX_HEADING_LENGTH) return null;
  const found = ANCHOR.exec(line);
  // Braces that are all there is are words.
  const anchor = found && /[\p{L}\p{N}]/u.test(line.slice(0, found.index)) ? found : null;
  const title = plainTitle(anchor ? line.slice(0, anchor.index) : line);
  return { type: "heading", level, title, anchor: anchor?.[1] ?? null, text: `${"#".repeat(level)} ${title}` };
}

/** A heading's words without links, emphasis and code marks. */
function plainTitle(text: string): string {
  return text
    .replace(/!?\[([^\][]*)\]\([^()\s]*\)/g, "$1")
    .replace(/(\*\*|`)/g, "")
    .replace(/\\([\\`*_{}[\]()#+\-.!|<>~])/g, "$1")
    .trim();
}
