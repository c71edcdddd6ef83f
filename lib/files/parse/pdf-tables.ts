import type { Row, Segment } from "./pdf-lines";

/** A run of rows that is a table, and where it ends. */
export interface FoundTable {
  cells: string[][];
  /** Index of the first row after it. */
  end: number;
}

const TIGHT = 1.35;
const MAX_ROW_GAP = 4;

/**
 * Rows from `start` on that stand in columns: at least two rows of two pieces or more whose pieces line up. A line of one piece close
 * under a row continues its cell. Undefined when there is no table.
 */
export function findTable(rows: readonly Row[], start: number): FoundTable | undefined {
  if ((rows[start]?.segments.length ?? 0) < 2) return undefined;
  let end = start + 1;
  let columns = columnsOf(rows[start]!.segments);
  while (end < rows.length) {
    const row = rows[end]!;
    if (row.y - rows[end - 1]!.y > row.size * MAX_ROW_GAP) break;
    if (row.segments.length > 1) {
      const merged = columnsOf([...columns, ...row.segments]);
      // A row that bridges columns is no row of this table.
      if (merged.length < 2 || merged.length < columns.length - 1) break;
      columns = merged;
    } else if (!continues(rows, end, columns)) break;
    end++;
  }
  const table = rows.slice(start, end);
  if (table.filter((row) => row.segments.length > 1).length < 2 || columns.length < 2) return undefined;
  const cells: string[][] = [];
  for (const [index, row] of table.entries()) {
    const own = Array.from({ length: columns.length }, () => "");
    for (const segment of row.segments) {
      const column = columnFor(segment, columns);
      own[column] = own[column] ? `${own[column]} ${segment.text}` : segment.text;
    }
    const last = cells.at(-1);
    if (row.segments.length === 1 && last && index > 0) {
      const column = columnFor(row.segments[0]!, columns);
      last[column] = last[column] ? `${last[column]} ${own[column]}` : own[column]!;
    } else cells.push(own);
  }
  return { cells, end };
}

/** A line of one piece under a row: part of the cell above when it is close, and within one column. */
function continues(rows: readonly Row[], index: number, columns: readonly Span[]): boolean {
  const [segment] = rows[index]!.segments;
  const overlapped = columns.filter((column) => segment!.left < column.right && segment!.right > column.left);
  return overlapped.length === 1 && rows[index]!.y - rows[index - 1]!.y <= rows[index]!.size * TIGHT;
}

type Span = Pick<Segment, "left" | "right">;

/** Spans that overlap are one column. */
function columnsOf(spans: readonly Span[]): Span[] {
  const columns: Span[] = [];
  for (const { left, right } of [...spans].sort((a, b) => a.left - b.left)) {
    const last = columns.at(-1);
    if (last && left < last.right) last.right = Math.max(last.right, right);
    else columns.push({ left, right });
  }
  return columns;
}

function columnFor(segment: Span, columns: readonly Span[]): number {
  const middle = (segment.left + segment.right) / 2;
  let best = 0;
  let distance = Number.POSITIVE_INFINITY;
  for (const [index, column] of columns.entries()) {
    const away = Math.max(column.left - middle, middle - column.right, 0);
    if (away < distance) [best, distance] = [index, away];
  }
  return best;
}
