import type { ParsedDocument } from "../document";
import { FileProblem } from "../problem";
import { MAX_COLUMNS, TextBudget, tooManyColumns } from "./limits";
import { coreProperties, relationsOf } from "./office";
import { rowsToMarkdown } from "./table";
import { dateStyles, excelDate } from "./xlsx-dates";
import { firstNamed, nodesNamed, readXml, XmlReader } from "./xml";
import type { Archive } from "./zip";

const MAIN = "xl/workbook.xml";
const MAX_ROWS = 200_000;

/** Sheets in their order, each a section with its rows as a table. Hidden sheets are left out; formulas give their last result. */
export async function parseXlsx(archive: Archive): Promise<ParsedDocument> {
  const workbook = readXml((await archive.read(MAIN))!);
  const relations = await relationsOf(archive, MAIN);
  const from1904 = firstNamed(workbook, "workbookPr")?.attributes.date1904;
  const context: Context = {
    strings: await sharedStrings(archive),
    isDate: dateStyles(await archive.read("xl/styles.xml")),
    from1904: from1904 === "1" || from1904 === "true",
  };
  const budget = new TextBudget();
  const sections: string[] = [];
  const hidden: string[] = [];
  const sheets = [...nodesNamed(workbook, "sheet")];
  for (const { attributes } of sheets) {
    const part = relations.get(attributes["r:id"] ?? "")?.target;
    const name = (attributes.name ?? "Sheet").replace(/\s+/g, " ");
    if (!part || !archive.has(part)) continue;
    if (attributes.state === "hidden" || attributes.state === "veryHidden") {
      hidden.push(name);
      continue;
    }
    const table = rowsToMarkdown(await readRows(archive, part, context), { budget });
    if (table) sections.push(`## ${name}\n\n${table}`);
  }
  const { title, language } = await coreProperties(archive);
  return {
    title,
    description: null,
    language,
    markdown: sections.join("\n\n"),
    places: null,
    count: sheets.length,
    notes: hidden.length === 0 ? [] : [`Hidden sheets were left out: ${hidden.slice(0, 10).join(", ")}.`],
  };
}

interface Context {
  strings: string[];
  isDate: (style: number) => boolean;
  from1904: boolean;
}

async function sharedStrings(archive: Archive): Promise<string[]> {
  const strings: string[] = [];
  let text: string | undefined;
  let isText = false;
  let phonetic = 0;
  const reader = new XmlReader({
    open(name) {
      if (name === "si") text = "";
      else if (name === "rPh") phonetic++;
      isText = name === "t";
    },
    text(piece) {
      if (isText && text !== undefined && phonetic === 0) text += piece;
    },
    close(name) {
      isText = false;
      if (name === "rPh") phonetic--;
      if (name !== "si") return;
      strings.push(text ?? "");
      text = undefined;
    },
  });
  if (await archive.inflate("xl/sharedStrings.xml", (piece) => reader.write(piece))) reader.end();
  return strings;
}

async function readRows(archive: Archive, part: string, context: Context): Promise<string[][]> {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell: { column: number; type: string; style: number; value: string } | undefined;
  let takes = false;
  const reader = new XmlReader({
    open(name, attributes) {
      if (name === "row") row = [];
      else if (name === "c")
        cell = {
          column: attributes.r ? columnOf(attributes.r) : row.length,
          type: attributes.t ?? "n",
          style: Number(attributes.s ?? 0),
          value: "",
        };
      takes = name === "v" || name === "t";
    },
    text(piece) {
      if (takes && cell) cell.value += piece;
    },
    close(name) {
      takes = false;
      if (name === "c" && cell) {
        if (cell.column >= MAX_COLUMNS && cell.value !== "") throw tooManyColumns(cell.column + 1);
        if (cell.value !== "" && cell.column < MAX_COLUMNS) {
          while (row.length < cell.column) row.push("");
          row[cell.column] = shown(cell, context);
        }
        cell = undefined;
      } else if (name === "row") {
        rows.push(row);
        if (rows.length > MAX_ROWS)
          throw new FileProblem(
            "too_large",
            `A sheet has more than ${MAX_ROWS.toLocaleString("en")} rows. Split it and upload the parts.`,
          );
      }
    },
  });
  await archive.inflate(part, (piece) => reader.write(piece));
  reader.end();
  return rows;
}

/** The column of "AB12", from 0. */
function columnOf(reference: string): number {
  let column = 0;
  for (const letter of /^[A-Z]+/.exec(reference)?.[0] ?? "A") column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

function shown({ type, style, value }: { type: string; style: number; value: string }, context: Context): string {
  if (type === "s") return context.strings[Number(value)] ?? "";
  if (type === "b") return value === "1" ? "TRUE" : "FALSE";
  if (type === "e") return "";
  if (type !== "n" || value.trim() === "") return value;
  const number = Number(value);
  if (Number.isNaN(number)) return value;
  if (context.isDate(style)) return excelDate(number, context.from1904);
  // 0.1 + 0.2 is stored with 17 digits; people see 15 at most.
  return String(Number(number.toPrecision(15)));
}
