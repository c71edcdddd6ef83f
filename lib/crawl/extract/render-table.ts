import type { Block, Container } from "./block";
import { codeSpan } from "./inline-markdown";
import { collapse } from "./text";
import { CONTAINS, type PageNode } from "./tree";

const MAX_CELL_CHARS = 2_000;
const MAX_MEAN_CELL_CHARS = 400;
const MAX_COLUMNS = 40;
const MAX_SPAN = 50;
/** More than this is not a head, whatever the markup says. */
const MAX_HEAD_ROWS = 3;
const MAX_REPEATED_CHARS = 20_000;

/**
 * Whether a table's blocks can be one Markdown table. Tables that lay out a page (one column or row, nested tables, listings,
 * headings, long texts) cannot: their blocks are written one after the other.
 */
function isDataTable(table: PageNode): boolean {
  let known = verdicts.get(table);
  if (known === undefined) {
    known = holdsData(table);
    verdicts.set(table, known);
  }
  return known;
}

/** The outermost data table that a block is a cell of. */
export function dataCellOf(block: Block): Extract<Container, { kind: "cell" }> | undefined {
  let found: Extract<Container, { kind: "cell" }> | undefined;
  for (let up = block.container; up; up = up.parent) if (up.kind === "cell" && isDataTable(up.table)) found = up;
  return found;
}

/** A table is asked about once per cell. */
const verdicts = new WeakMap<PageNode, boolean>();

function holdsData(table: PageNode): boolean {
  if (table.has(CONTAINS.table) || table.headings > 0 || hasListing(table)) return false;
  const rows = rowsOf(table)
    .map(cellsOf)
    .filter((cells) => cells.length > 0);
  const cells = rows.flat();
  if (rows.length < 2 || !rows.some((row) => row.length > 1)) return false;
  return (
    table.textLength / cells.length < MAX_MEAN_CELL_CHARS && cells.every((cell) => cell.textLength <= MAX_CELL_CHARS)
  );
}

/**
 * One GFM table. Cells that span rows are repeated in each of them, so that every row can be read alone; the rows of a head become
 * one; rows and columns without text are left out.
 * @param blocks the table's blocks that survived cleaning
 */
export function renderTable(table: PageNode, blocks: readonly Block[]): string {
  const texts = cellTexts(blocks);
  const rows = gridOf(table, texts).filter(({ cells }) => cells.some((cell) => cell !== ""));
  const heads = rows.findIndex(({ isHead }) => !isHead);
  const headRows = rows.slice(0, heads > MAX_HEAD_ROWS ? 1 : Math.max(heads, 0));
  const body = rows.slice(headRows.length).map(({ cells }) => cells);
  const width = rows.reduce((widest, { cells }) => Math.max(widest, cells.length), 0);
  const columns = [...Array(width).keys()].filter((column) => rows.some(({ cells }) => cells[column]));
  if (rows.length === 0 || columns.length === 0) return "";
  const line = (row: readonly string[]) => `| ${columns.map((column) => row[column] ?? "").join(" | ")} |`;
  const hasHeader = headRows.length === 0 && body.length > 1 && startsWithHeader(table, texts);
  const header = headRows.length > 0 ? joinedHeads(headRows, width) : hasHeader ? body.shift()! : [];
  const caption = blocks.filter((block) => !texts.owner.has(block)).map((block) => block.markdown);
  const lines = [line(header), `| ${columns.map(() => "---").join(" | ")} |`, ...body.map(line)];
  return [...caption, lines.join("\n")].join("\n\n");
}

/** Several rows of headings as one: "Size – Width", "Size – Height". */
function joinedHeads(rows: readonly GridRow[], width: number): string[] {
  return [...Array(width).keys()].map((column) =>
    [...new Set(rows.map(({ cells }) => cells[column] ?? "").filter(Boolean))].join(" – "),
  );
}

interface GridRow {
  cells: string[];
  /** One of the rows of `thead`. */
  isHead: boolean;
}

interface CellTexts {
  byCell: Map<PageNode, string>;
  /** The cell of each block that has one; captions have none. */
  owner: Map<Block, PageNode>;
}

function cellTexts(blocks: readonly Block[]): CellTexts {
  const byCell = new Map<PageNode, string>();
  const owner = new Map<Block, PageNode>();
  for (const block of blocks) {
    let container = block.container;
    while (container && container.kind !== "cell") container = container.parent;
    if (!container) continue;
    owner.set(block, container.node);
    const before = byCell.get(container.node);
    const joint = block.tag === "li" ? "; " : " ";
    byCell.set(container.node, before ? before + joint + cellText(block) : cellText(block));
  }
  return { byCell, owner };
}

function cellText(block: Block): string {
  const text = block.tag === "pre" ? codeSpan(block.text) : collapse(block.markdown);
  return text.replace(/(?<!\\)\|/g, "\\|");
}

function gridOf(table: PageNode, { byCell }: CellTexts): GridRow[] {
  const grid: string[][] = [];
  const rows = rowsOf(table);
  let repeatedChars = 0;
  for (const [rowIndex, row] of rows.entries()) {
    grid[rowIndex] ??= [];
    const isHead = isHeadRow(row);
    let column = 0;
    for (const cell of cellsOf(row)) {
      while (grid[rowIndex]![column] !== undefined) column++;
      if (column >= MAX_COLUMNS) break;
      const text = byCell.get(cell) ?? "";
      const columnSpan = span(cell.attributes.colspan, MAX_COLUMNS - column);
      const lastRow = Math.min(rowIndex + span(cell.attributes.rowspan, MAX_SPAN), rows.length);
      for (let r = rowIndex; r < lastRow; r++) {
        grid[r] ??= [];
        if (r > rowIndex) repeatedChars += text.length;
        const shown = r === rowIndex || repeatedChars < MAX_REPEATED_CHARS ? text : "";
        for (let c = 0; c < columnSpan; c++) grid[r]![column + c] = c === 0 || isHead ? shown : "";
      }
      column += columnSpan;
    }
  }
  return grid.map((cells, index) => ({
    cells: Array.from(cells, (cell) => cell ?? ""),
    isHead: rows[index] !== undefined && isHeadRow(rows[index]),
  }));
}

function isHeadRow(row: PageNode): boolean {
  return row.parent?.tag === "thead";
}

function span(attribute: string | undefined, max: number): number {
  const value = Number.parseInt(attribute ?? "1", 10);
  return Number.isNaN(value) ? 1 : Math.max(1, Math.min(value, max));
}

/** A row of `th`, or in a wide table without any `th` a first row of labels (full, no digits). */
function startsWithHeader(table: PageNode, { byCell }: CellTexts): boolean {
  const rows = rowsOf(table).map(cellsOf);
  const first = rows.find((row) => row.some((cell) => byCell.get(cell)));
  if (!first) return false;
  if (first.every((cell) => cell.tag === "th" || !byCell.get(cell))) return true;
  if (first.length < 3 || rows.some((row) => row.some((cell) => cell.tag === "th"))) return false;
  return first.every((cell) => /^[^\d]{1,60}$/.test(byCell.get(cell) ?? ""));
}

function rowsOf(table: PageNode, rows: PageNode[] = []): PageNode[] {
  for (const child of table.elements()) {
    if (child.isJunk) continue;
    if (child.tag === "tr") rows.push(child);
    else if (child.tag !== "table" && child.tag !== "td" && child.tag !== "th") rowsOf(child, rows);
  }
  return rows;
}

function cellsOf(row: PageNode): PageNode[] {
  return row.elements().filter((cell) => (cell.tag === "td" || cell.tag === "th") && !cell.isJunk);
}

function hasListing(node: PageNode): boolean {
  for (const child of node.elements()) {
    if (child.tag === "pre" ? child.textLength > 200 : hasListing(child)) return true;
  }
  return false;
}
