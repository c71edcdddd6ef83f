import { AppError } from "@/lib/core/errors";
import { csvRows } from "./parse/csv";
import { jsonLines } from "./parse/json";
import { FileProblem } from "./problem";
import { Pair } from "./schema";

const QUESTION = /^(q|question|frage|vraag|pregunta|domanda|title)$/i;
const ANSWER = /^(a|answer|antwort|antwoord|respuesta|risposta|réponse|reponse|response|text)$/i;

/**
 * Pairs from CSV, JSON or JSON lines. CSV: columns named question and answer, or the first two. JSON: a list of
 * {"question", "answer"}.
 * @throws AppError "bad_request" that names the row that is wrong
 */
export function readPairs(text: string): Pair[] {
  const rows = rowsOf(text.replace(/^\uFEFF/, "").trim());
  if (rows.length === 0)
    throw new AppError(
      "bad_request",
      "No questions were found. Give two columns, question and answer, or JSON with these names.",
    );
  return rows.map((row, index) => {
    const parsed = Pair.safeParse(row);
    if (!parsed.success)
      throw new AppError(
        "bad_request",
        `Question ${index + 1}: ${parsed.error.issues[0]?.message ?? "is not complete."}`,
      );
    return parsed.data;
  });
}

function rowsOf(text: string): unknown[] {
  try {
    if (text.startsWith("[")) return list(JSON.parse(text)).map(named);
    if (text.startsWith("{")) return jsonLines(text).map(named);
    const rows = csvRows(text).filter((row) => row.some((cell) => cell.trim() !== ""));
    const head = rows[0]?.map((cell) => cell.trim()) ?? [];
    const [question, answer] = [
      head.findIndex((cell) => QUESTION.test(cell)),
      head.findIndex((cell) => ANSWER.test(cell)),
    ];
    if (question >= 0 && answer >= 0)
      return rows.slice(1).map((row) => ({ question: row[question] ?? "", answer: row[answer] ?? "" }));
    return rows.map((row) => ({ question: row[0] ?? "", answer: row[1] ?? "" }));
  } catch (error) {
    if (error instanceof FileProblem) throw new AppError("bad_request", error.message);
    if (error instanceof SyntaxError)
      throw new AppError("bad_request", "This is not valid JSON. Correct it and try again.");
    throw error;
  }
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function named(row: unknown): unknown {
  const entries = Object.entries(row ?? {});
  const of = (names: RegExp) => entries.find(([key]) => names.test(key))?.[1] ?? "";
  return { question: of(QUESTION), answer: of(ANSWER) };
}
