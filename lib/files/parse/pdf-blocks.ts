import { placeMark } from "../document";
import { inReadingOrder, type Row, type Segment, toRows } from "./pdf-lines";
import { findTable } from "./pdf-tables";
import { rowsToMarkdown } from "./table";

/** Letters of one size that most of a document is set in, and the sizes of its headings, largest first. */
export interface TypeScale {
  body: number;
  headings: number[];
}

const HEADING_RATIO = 1.12;
const MAX_HEADING_CHARS = 200;
const MAX_LEVELS = 4;
const BULLET = /^[•◦▪‣●○■□–—*·]\s+/;
const NUMBERED = /^(\d{1,3}|[a-z])[.)]\s+/;

/** Sizes larger than the text, in halves of a point; the largest heads the document. */
export function typeScale(pages: readonly Segment[][]): TypeScale {
  const chars = new Map<number, number>();
  for (const page of pages)
    for (const { size, text } of page) chars.set(rounded(size), (chars.get(rounded(size)) ?? 0) + text.length);
  const [body = 10] = [...chars].sort((a, b) => b[1] - a[1])[0] ?? [];
  const headings = [...chars.keys()].filter((size) => size >= body * HEADING_RATIO).sort((a, b) => b - a);
  return { body, headings };
}

const rounded = (size: number): number => Math.round(size * 2) / 2;

/** One page as Markdown, region after region. */
export function pageMarkdown(segments: readonly Segment[], page: number, scale: TypeScale): string {
  const mark = placeMark(page);
  return inReadingOrder(segments)
    .map((region) => new Region(toRows(region), mark, scale).write())
    .filter(Boolean)
    .join("\n\n");
}

class Region {
  private readonly parts: string[] = [];
  private lines: string[] = [];
  private last: { y: number; size: number; right: number } | undefined;
  private readonly right: number;
  private readonly left: number;

  constructor(
    private readonly rows: readonly Row[],
    private readonly mark: string,
    private readonly scale: TypeScale,
  ) {
    this.left = Math.min(...rows.map((row) => row.segments[0]!.left));
    this.right = Math.max(...rows.map((row) => row.segments.at(-1)!.right));
  }

  write(): string {
    for (let i = 0; i < this.rows.length; ) {
      const table = findTable(this.rows, i);
      if (table) {
        this.flush();
        this.parts.push(rowsToMarkdown(table.cells, { mark: () => this.mark }));
        this.last = undefined;
        i = table.end;
        continue;
      }
      this.line(this.rows[i]!);
      i++;
    }
    this.flush();
    return this.parts.join("\n\n");
  }

  private line(row: Row): void {
    const text = row.segments.map((segment) => segment.text).join(" ");
    const level = this.levelOf(row, text);
    const right = row.segments.at(-1)!.right;
    if (level > 0) {
      const title = this.parts.at(-1);
      const prefix = `${"#".repeat(level)} `;
      const goesOn =
        this.lines.length === 0 &&
        this.last?.size === rounded(row.size) &&
        row.y - this.last.y < row.size * 1.6 &&
        title?.startsWith(prefix);
      if (goesOn && title!.length + text.length <= MAX_HEADING_CHARS)
        this.parts[this.parts.length - 1] = `${title} ${text}`;
      else {
        this.flush();
        this.parts.push(prefix + text);
      }
    } else {
      if (this.beginsParagraph(row, text)) this.flush();
      this.lines.push(text);
    }
    this.last = { y: row.y, size: rounded(row.size), right };
  }

  private beginsParagraph(row: Row, text: string): boolean {
    const { last } = this;
    if (!last || this.lines.length === 0) return true;
    if (BULLET.test(text) || NUMBERED.test(text)) return true;
    if (row.y - last.y > row.size * 1.65 || rounded(row.size) !== last.size) return true;
    const endedEarly = last.right < this.right - (this.right - this.left) * 0.2;
    return endedEarly && /[.!?:;]["')\]]?$/.test(this.lines.at(-1)!) && row.y - last.y > row.size * 1.3;
  }

  private levelOf(row: Row, text: string): number {
    if (text.length > MAX_HEADING_CHARS || !/\p{L}/u.test(text)) return 0;
    const at = this.scale.headings.indexOf(rounded(row.size));
    return at < 0 ? 0 : Math.min(at + 1, MAX_LEVELS);
  }

  /** Lines so far are a paragraph, or an item of a list. */
  private flush(): void {
    if (this.lines.length === 0) return;
    const text = this.lines.reduce(joinLines).replace(/^#/, "\\#");
    this.lines = [];
    const item = BULLET.exec(text) ?? NUMBERED.exec(text);
    const before = this.parts.at(-1);
    const part = item ? `- ${this.mark}${item[1] ? item[0] : ""}${text.slice(item[0].length)}` : this.mark + text;
    if (item && before?.startsWith("- ")) this.parts[this.parts.length - 1] = `${before}\n${part}`;
    else this.parts.push(part);
  }
}

/** A word that was divided at the line's end becomes whole. */
export function joinLines(before: string, line: string): string {
  if (/\p{Ll}[-\u00AD\u2010]$/u.test(before) && /^\p{Ll}/u.test(line)) return before.slice(0, -1) + line;
  return `${before} ${line}`;
}
