/** In front of a file tells spreadsheets that it is UTF-8. */
export const CSV_START = "\uFEFF";

/** One line of a CSV file. What strangers wrote must not become a formula in somebody's spreadsheet: such texts begin with an apostrophe. */
export const csvLine = (cells: readonly (string | number | null)[]): string => `${cells.map(cellOf).join(",")}\r\n`;

const FORMULA = /^(\s*[=+\-@]|[\t\r])/;
/** A telephone number, say. */
const DIGITS_ALONE = /^\+?[\d\s().\-/]+$/;

function cellOf(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = FORMULA.test(value) && !DIGITS_ALONE.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
