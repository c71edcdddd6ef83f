/** A piece of text on one line, in points from the page's top left corner. Wide gaps on a line separate pieces. */
export interface Segment {
  text: string;
  left: number;
  right: number;
  /** Baseline. */
  y: number;
  /** Of the letters. */
  size: number;
}

/** What the text layer gives: letters that were drawn together. */
export interface Glyphs {
  text: string;
  left: number;
  width: number;
  y: number;
  size: number;
  rightToLeft: boolean;
}

const SAME_LINE = 0.45;
const SPACE_GAP = 0.12;
const SEGMENT_GAP = 1.1;

/** Joins what stands on the same line and close together. */
export function toSegments(glyphs: readonly Glyphs[]): Segment[] {
  const segments: Segment[] = [];
  for (const line of linesOf(glyphs)) {
    const rightToLeft = line.filter((part) => part.rightToLeft).length * 2 > line.length;
    line.sort((a, b) => (rightToLeft ? b.left - a.left : a.left - b.left));
    let current: Segment | undefined;
    for (const part of line) {
      const gap = current ? (rightToLeft ? current.left - (part.left + part.width) : part.left - current.right) : 0;
      const unit = Math.max(part.size, 1);
      if (current && gap < unit * SEGMENT_GAP) {
        const needsSpace = gap > unit * SPACE_GAP && !/\s$/.test(current.text) && !/^\s/.test(part.text);
        current.text += (needsSpace ? " " : "") + part.text;
        current.left = Math.min(current.left, part.left);
        current.right = Math.max(current.right, part.left + part.width);
        if (part.text.trim().length > 1) current.size = Math.max(current.size, part.size);
      } else {
        current = { text: part.text, left: part.left, right: part.left + part.width, y: part.y, size: part.size };
        segments.push(current);
      }
    }
  }
  return segments
    .map((segment) => ({ ...segment, text: segment.text.replace(/\s+/g, " ").trim() }))
    .filter(({ text }) => text !== "");
}

function linesOf(glyphs: readonly Glyphs[]): Glyphs[][] {
  const lines: { y: number; size: number; parts: Glyphs[] }[] = [];
  for (const part of [...glyphs]
    .filter(({ text }) => text.trim() !== "")
    .sort((a, b) => a.y - b.y || a.left - b.left)) {
    const line = lines.at(-1);
    if (line && Math.abs(part.y - line.y) <= Math.max(part.size, line.size) * SAME_LINE) {
      line.parts.push(part);
      if (part.size > line.size) Object.assign(line, { y: part.y, size: part.size });
    } else lines.push({ y: part.y, size: part.size, parts: [part] });
  }
  return lines.map(({ parts }) => parts);
}

export interface Row {
  y: number;
  size: number;
  segments: Segment[];
}

/** Segments on the same line, left to right. */
export function toRows(segments: readonly Segment[]): Row[] {
  const rows: Row[] = [];
  for (const segment of [...segments].sort((a, b) => a.y - b.y || a.left - b.left)) {
    const row = rows.at(-1);
    if (row && Math.abs(segment.y - row.y) <= Math.max(segment.size, row.size) * SAME_LINE) {
      row.segments.push(segment);
      row.size = Math.max(row.size, segment.size);
    } else rows.push({ y: segment.y, size: segment.size, segments: [segment] });
  }
  for (const row of rows) row.segments.sort((a, b) => a.left - b.left);
  return rows;
}

const MIN_COLUMN_LINES = 4;
const MIN_LINE_CHARS = 20;
const MIN_FILLED = 0.5;
const MAX_CUTS = 12;

/**
 * A page's regions in reading order: cut between columns of text where there are any, else at the widest empty band that leaves such
 * columns on one side. Columns of tables are not cut: their lines are short and do not fill the width.
 */
export function inReadingOrder(segments: readonly Segment[], cutsLeft = MAX_CUTS): Segment[][] {
  if (segments.length < 2 * MIN_COLUMN_LINES || cutsLeft === 0) return [[...segments]];
  const gutter = findGutter(segments);
  if (gutter !== undefined) {
    const left = segments.filter((segment) => segment.right <= gutter);
    const right = segments.filter((segment) => segment.right > gutter);
    return [...inReadingOrder(left, cutsLeft - 1), ...inReadingOrder(right, cutsLeft - 1)];
  }
  const band = findBand(segments);
  if (band === undefined) return [[...segments]];
  const above = inReadingOrder(
    segments.filter((segment) => segment.y < band),
    cutsLeft - 1,
  );
  const below = inReadingOrder(
    segments.filter((segment) => segment.y >= band),
    cutsLeft - 1,
  );
  return above.length === 1 && below.length === 1 ? [[...segments]] : [...above, ...below];
}

/** The middle of a vertical gap that no segment crosses, with a column of text on either side. */
function findGutter(segments: readonly Segment[]): number | undefined {
  const byLeft = [...segments].sort((a, b) => a.left - b.left);
  const size = median(segments.map((segment) => segment.size));
  let reach = byLeft[0]!.right;
  for (const segment of byLeft) {
    if (segment.left - reach > size * 0.8) {
      const gutter = (segment.left + reach) / 2;
      const left = segments.filter(({ right }) => right <= gutter);
      if (isTextColumn(left) && isTextColumn(segments.filter(({ right }) => right > gutter))) return gutter;
    }
    reach = Math.max(reach, segment.right);
  }
  return undefined;
}

function isTextColumn(segments: readonly Segment[]): boolean {
  if (segments.length < MIN_COLUMN_LINES) return false;
  if (median(segments.map(({ text }) => text.length)) < MIN_LINE_CHARS) return false;
  const left = Math.min(...segments.map((segment) => segment.left));
  const right = Math.max(...segments.map((segment) => segment.right));
  const filled = segments.filter((segment) => segment.right - segment.left >= (right - left) * 0.75).length;
  return filled >= segments.length * MIN_FILLED;
}

/** The baseline under the widest empty band between two lines. */
function findBand(segments: readonly Segment[]): number | undefined {
  const rows = toRows(segments);
  let best: { y: number; gap: number } | undefined;
  for (let i = 1; i < rows.length; i++) {
    const gap = rows[i]!.y - rows[i]!.size - rows[i - 1]!.y;
    if (gap > rows[i]!.size * 0.5 && (!best || gap > best.gap)) best = { y: rows[i]!.y - rows[i]!.size * 0.6, gap };
  }
  return best?.y;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
