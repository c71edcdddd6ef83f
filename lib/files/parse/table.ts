import { MAX_COLUMNS, TextBudget, tooManyColumns } from "./limits";

const MAX_TABLE_COLUMNS = 12;
const MAX_TABLE_ROW_CHARS = 300;
const MAX_LABEL_CHARS = 120;

/**
 * Rows as Markdown from which the chunker makes passages that never cut a row and always name its columns: a table while rows are
 * short, else one section a row with "column: value" lines. Lines above the head that fill one cell only are its title.
 * @param mark stands before each row: the page it is on
 */
export function rowsToMarkdown(
  rows: string[][],
  { budget = new TextBudget(), mark = () => "" }: { budget?: TextBudget; mark?: (row: number) => string } = {},
): string {
  const filled = rows
    .map((cells, index) => ({ cells: cells.map(plain), index }))
    .filter(({ cells }) => cells.some((cell) => cell !== ""));
  const width = filled.reduce((widest, { cells }) => Math.max(widest, lastFilled(cells) + 1), 0);
  if (width > MAX_COLUMNS) throw tooManyColumns(width);
  const parts: string[] = [];
  const write = (text: string) => parts.push(budget.take(text));
  while (width > 1 && filled.length > 1 && filled[0]!.cells.filter(Boolean).length === 1) {
    const { cells, index } = filled.shift()!;
    write(mark(index) + cells.find(Boolean)!);
  }
  if (filled.length === 0) return parts.join("\n\n");
  if (width === 1) {
    write(filled.map(({ cells, index }) => `- ${mark(index)}${cells.find(Boolean) ?? ""}`).join("\n"));
    return parts.join("\n\n");
  }
  const header = hasHeader(filled.map(({ cells }) => cells))
    ? filled.shift()!.cells
    : Array.from({ length: width }, (_, i) => `Column ${i + 1}`);
  const used = [...Array(width).keys()].filter((i) => header[i] || filled.some(({ cells }) => cells[i]));
  const nameOf = (column: number) => header[column] || `Column ${column + 1}`;
  const chars = filled.reduce((sum, { cells }) => sum + cells.reduce((all, cell) => all + cell.length, 0), 0);
  if (used.length <= MAX_TABLE_COLUMNS && chars / Math.max(filled.length, 1) <= MAX_TABLE_ROW_CHARS) {
    const lines = [tableLine(used.map(nameOf)), `| ${used.map(() => "---").join(" | ")} |`];
    for (const { cells, index } of filled)
      lines.push(budget.take(tableLine(used.map((i, at) => (at === 0 ? mark(index) : "") + (cells[i] ?? "")))));
    parts.push(lines.join("\n"));
  } else {
    for (const { cells, index } of filled) {
      const label = (cells.find(Boolean) ?? "").slice(0, MAX_LABEL_CHARS);
      const lines = used.filter((i) => cells[i]).map((i) => `- **${nameOf(i)}**: ${cells[i]}`);
      if (lines[0]) lines[0] = lines[0].replace("- ", () => `- ${mark(index)}`);
      write(`### ${label}\n\n${lines.join("\n")}`);
    }
  }
  return parts.join("\n\n");
}

/** The first row names the columns when it holds different words and no number, and something stands below it. */
function hasHeader([first, ...rest]: string[][]): boolean {
  const names = (first ?? []).filter(Boolean);
  const width = rest.reduce((widest, cells) => Math.max(widest, cells.filter(Boolean).length), 0);
  return (
    rest.length > 0 &&
    names.length >= Math.min(2, width) &&
    names.length * 2 >= width &&
    new Set(names).size === names.length &&
    names.every((name) => !/^[-+]?[\d.,\s%€$£]+$/.test(name) && name.length <= 200)
  );
}

const lastFilled = (cells: string[]): number => cells.findLastIndex((cell) => cell !== "");

const plain = (cell: string): string => cell.replace(/\s+/g, " ").trim();

const tableLine = (cells: string[]): string => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
