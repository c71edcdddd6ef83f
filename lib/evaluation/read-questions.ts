import { CsvError, parse } from "csv-parse/sync";
import { AppError } from "@/lib/core/errors";
import { MAX_QUESTIONS, TestQuestion } from "./schema";

/** Lines that are named before the rest is only counted. */
const NAMED_PROBLEMS = 8;

const COLUMNS = {
  question: /^(question|q|frage|pregunta|vraag|domanda)$/i,
  expectedFacts: /^(facts?|expected[ _]?facts?|answer|expected)$/i,
  expectedSources: /^(sources?|expected[ _]?sources?|urls?)$/i,
  mustRefuse: /^(must[ _]?refuse|refuse)$/i,
} as const;
type Column = keyof typeof COLUMNS;
/** `place` says where it stands: "Line 3", or "Question 3" of a list. */
type Row = { place: string; value: Partial<Record<Column, unknown>> };

/**
 * Test questions from CSV, JSON or JSON lines. CSV: a head with question and, where wanted, facts, sources and must_refuse; several facts or sources
 * are divided by "|". JSON: the same names, facts and sources as lists or texts.
 * @throws AppError "bad_request" that names the lines that are wrong; then nothing is imported
 */
export function readQuestions(text: string): TestQuestion[] {
  const source = text.replace(/^\uFEFF/, "");
  if (source.trim() === "") throw new AppError("bad_request", "The file is empty. Give at least one question.");
  const rows = rowsOf(source);
  if (rows.length === 0)
    throw new AppError("bad_request", "No questions were found below the head. Give one question a line.");
  if (rows.length > MAX_QUESTIONS)
    throw new AppError(
      "bad_request",
      `A set holds at most ${MAX_QUESTIONS.toLocaleString("en")} questions; this holds ${rows.length.toLocaleString("en")}. Divide it into several.`,
    );
  const problems: string[] = [];
  const questions = rows.flatMap(({ place, value }) => {
    const parsed = TestQuestion.safeParse({
      question: value.question ?? "",
      expectedFacts: list(value.expectedFacts),
      expectedSources: list(value.expectedSources),
      mustRefuse: truth(value.mustRefuse),
    });
    if (parsed.success) return [parsed.data];
    problems.push(`${place}: ${said(parsed.error.issues[0])}`);
    return [];
  });
  if (problems.length > 0) throw refused(problems);
  return questions;
}

function rowsOf(text: string): Row[] {
  const [first] = text.trimStart();
  return first === "{" ? jsonLines(text) : first === "[" ? jsonList(text) : csvRows(text);
}

function csvRows(text: string): Row[] {
  try {
    const records = parse(text, {
      bom: true,
      info: true,
      delimiter: delimiterOf(text),
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      relax_column_count: true,
    }) as unknown as { info: { lines: number }; record: string[] }[];
    const head = (records[0]?.record ?? []).map((cell) => cell.trim());
    const at = Object.fromEntries(
      Object.entries(COLUMNS).map(([column, names]) => [column, head.findIndex((cell) => names.test(cell))]),
    ) as Record<Column, number>;
    if (at.question < 0)
      throw new AppError(
        "bad_request",
        "Line 1: the head names no column “question”. Begin with: question,facts,sources,must_refuse",
      );
    return records.slice(1).map(({ info, record }) => ({
      place: `Line ${info.lines}`,
      value: Object.fromEntries(
        Object.entries(at).flatMap(([column, index]) => (index < 0 ? [] : [[column, record[index] ?? ""]])),
      ),
    }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = "lines" in error ? error.lines : undefined;
    throw new AppError(
      "bad_request",
      `${typeof line === "number" ? `Line ${line}: ` : ""}this is not valid CSV. Check that every quote (") is closed.`,
      { cause: error },
    );
  }
}

/** Spreadsheets of many countries write semicolons. */
function delimiterOf(text: string): string {
  const head = text.slice(0, text.search(/[\r\n]|$/));
  return [",", ";", "\t"].reduce((best, each) => (head.split(each).length > head.split(best).length ? each : best));
}

function jsonLines(text: string): Row[] {
  return objects(
    text.split(/\r?\n/).flatMap((source, index) => {
      if (source.trim() === "") return [];
      try {
        return [{ place: `Line ${index + 1}`, value: JSON.parse(source) as unknown }];
      } catch {
        return [{ place: `Line ${index + 1}`, value: null }];
      }
    }),
  );
}

function jsonList(text: string): Row[] {
  try {
    const list = JSON.parse(text) as unknown[];
    return objects(list.map((value, index) => ({ place: `Question ${index + 1}`, value })));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new AppError("bad_request", "This is not valid JSON. Correct it and import it again.", { cause: error });
  }
}

/** @throws AppError that names what is none */
function objects(values: { place: string; value: unknown }[]): Row[] {
  const isObject = (value: unknown): value is object =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  const wrong = values.filter(({ value }) => !isObject(value));
  if (wrong.length > 0) throw refused(wrong.map(({ place }) => `${place}: this is no JSON object.`));
  return values.map(({ place, value }) => ({ place, value: named(value as object) }));
}

function named(value: object): Row["value"] {
  const entries = Object.entries(value);
  return Object.fromEntries(
    Object.entries(COLUMNS).flatMap(([column, names]) => {
      const found = entries.find(([key]) => names.test(key.replace(/([a-z])([A-Z])/g, "$1_$2")));
      return found ? [[column, found[1]]] : [];
    }),
  );
}

function refused(problems: string[]): AppError {
  const more = problems.length - NAMED_PROBLEMS;
  const shown = problems.slice(0, NAMED_PROBLEMS).join("\n");
  return new AppError("bad_request", `${shown}${more > 0 ? `\nand ${more.toLocaleString("en")} more lines.` : ""}`);
}

const list = (value: unknown): unknown =>
  typeof value === "string"
    ? value.split(/[|\n]/).filter((part) => part.trim() !== "")
    : value === undefined || value === null
      ? []
      : value;

const truth = (value: unknown): unknown =>
  typeof value === "string" ? /^(1|true|yes|y|x|ja|oui|sí|si)$/i.test(value.trim()) : (value ?? false);

/** Zod's own words about types are not for members. */
const said = (issue: { message: string; code?: string; path: PropertyKey[] } | undefined): string =>
  issue?.code === "invalid_type"
    ? `${String(issue.path[0])} is not of the right kind.`
    : (issue?.message ?? "is wrong.");
