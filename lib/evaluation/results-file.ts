import { CSV_START, csvLine } from "@/lib/core/text/csv-line";
import type { EvalResult } from "./schema";

/** The first four are named as the import reads them, so that a file of results is a list of questions again. */
const COLUMNS = [
  "question",
  "facts",
  "sources",
  "must_refuse",
  "repeat",
  "passed",
  "reason",
  "status",
  "given_answer",
  "cited",
  "found",
  "recall",
  "reciprocal_rank",
  "grounded",
  "first_token_ms",
  "total_ms",
  "cost_usd",
  "error",
] as const;

/** Every answer of a run that was given, as CSV: what was expected, what came, and why it did not pass. */
export const resultsFile = (results: EvalResult[]): string =>
  CSV_START +
  csvLine(COLUMNS) +
  results
    .filter(({ done }) => done)
    .map(lineOf)
    .join("");

function lineOf(result: EvalResult): string {
  const cells: Record<(typeof COLUMNS)[number], string | number | null> = {
    question: result.question,
    facts: result.expectedFacts.join("|"),
    sources: result.expectedSources.join("|"),
    must_refuse: yes(result.mustRefuse),
    repeat: result.repeat,
    passed: yes(result.passed),
    reason: result.checks.flatMap(({ ok, detail }) => (ok ? [] : [detail])).join(" "),
    status: result.answerStatus,
    given_answer: result.answer,
    cited: result.citations.map(({ url, title }) => url ?? title).join("|"),
    found: result.retrieved.map(({ url, title }) => url ?? title).join("|"),
    recall: result.recall,
    reciprocal_rank: result.reciprocalRank,
    grounded: yes(result.grounded),
    first_token_ms: result.firstTokenMs,
    total_ms: result.totalMs,
    cost_usd: result.costMicroUsd / 1_000_000,
    error: result.errorCode,
  };
  return csvLine(COLUMNS.map((column) => cells[column]));
}

const yes = (value: boolean | null): string | null => (value === null ? null : value ? "yes" : "no");
