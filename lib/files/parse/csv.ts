import { CsvError, parse } from "csv-parse/sync";
import type { ParsedDocument } from "../document";
import { FileProblem } from "../problem";
import { MAX_COLUMNS, tooManyColumns } from "./limits";
import { rowsToMarkdown } from "./table";

const DELIMITERS = [",", ";", "\t", "|"];
const LOOKED_AT_LINES = 20;
const MAX_RECORD_CHARS = 1_000_000;

/** A table in text: the separator is found by looking, quotes and broken rows are taken as they come. */
export function parseCsv(text: string): ParsedDocument {
  return {
    title: "",
    description: null,
    language: null,
    markdown: rowsToMarkdown(csvRows(text)),
    places: null,
    count: null,
    notes: [],
  };
}

/** @throws FileProblem when it has more columns than can be read, or a quote that is never closed */
export function csvRows(text: string): string[][] {
  const delimiter = detectDelimiter(text);
  // Seen before the parser builds them all.
  const columns = Math.max(...linesOutsideQuotes(text).map((line) => line.split(delimiter).length));
  if (columns > MAX_COLUMNS) throw tooManyColumns(columns);
  try {
    return parse(text, {
      delimiter,
      bom: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      max_record_size: MAX_RECORD_CHARS,
      on_record: (record: string[]) => {
        if (record.length > MAX_COLUMNS) throw tooManyColumns(record.length);
        return record;
      },
    });
  } catch (error) {
    if (error instanceof CsvError && error.code === "CSV_MAX_RECORD_SIZE")
      throw new FileProblem(
        "broken",
        "A row of this table is longer than a million characters, perhaps because a quotation mark is never closed. Check the file and upload it again.",
      );
    if (error instanceof CsvError)
      throw new FileProblem(
        "broken",
        "This table cannot be read: its quotation marks do not match. Save it as CSV again and upload that.",
      );
    throw error;
  }
}

/** The separator that stands equally often in the first lines, outside of quotes. */
export function detectDelimiter(text: string): string {
  const lines = linesOutsideQuotes(text);
  let best = { delimiter: ",", score: 0 };
  for (const delimiter of DELIMITERS) {
    const counts = lines.map((line) => line.split(delimiter).length - 1);
    const most = Math.max(...counts, 0);
    if (most === 0) continue;
    const common = counts.filter((count) => count === counts[0]).length / counts.length;
    const score = common * 10 + Math.min(counts[0] ?? 0, 20) / 20 + counts.filter(Boolean).length / counts.length;
    if (counts[0] && score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

/** The first lines with what is quoted taken out. */
function linesOutsideQuotes(text: string): string[] {
  return text
    .slice(0, 64_000)
    .replace(/"(?:[^"]|"")*"/g, "")
    .split(/\r\n?|\n/)
    .filter((line) => line.trim() !== "")
    .slice(0, LOOKED_AT_LINES);
}

/** Whether text without a telling name is a table: at least two lines, and the same number of the same separator in nearly all. */
export function looksLikeCsv(text: string): boolean {
  const lines = linesOutsideQuotes(text);
  if (lines.length < 3) return false;
  const delimiter = detectDelimiter(text);
  const counts = lines.map((line) => line.split(delimiter).length - 1);
  return (
    (counts[0] ?? 0) >= 1 &&
    counts.every((count) => count === counts[0]) &&
    (delimiter !== "," || (counts[0] ?? 0) >= 2)
  );
}
