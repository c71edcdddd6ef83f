import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { readQuestions } from "./read-questions";
import { resultsFile } from "./results-file";
import type { EvalResult } from "./schema";

const result = (over: Partial<EvalResult> = {}): EvalResult => ({
  id: "r",
  number: 1,
  repeat: 1,
  question: "How long is the warranty?",
  expectedFacts: ["two years", "free, of course"],
  expectedSources: ["https://a.test/x"],
  mustRefuse: false,
  done: true,
  answer: "Two years [1].\n\nReally.",
  answerStatus: "complete",
  citations: [{ number: 1, url: null, title: "Warranty.pdf", heading: "", quote: "Two years" }],
  retrieved: [{ title: "Warranty", url: "https://a.test/x", score: 1, expected: true }],
  checks: [
    { name: "answered", ok: true, detail: "" },
    { name: "facts", ok: false, detail: "The answer does not say “free, of course”." },
  ],
  passed: false,
  recall: 1,
  reciprocalRank: 1,
  grounded: true,
  firstTokenMs: 12,
  totalMs: 340,
  costMicroUsd: 1_500,
  errorCode: null,
  ...over,
});
const rowsOf = (text: string) => parse(text, { bom: true, columns: true }) as Record<string, string>[];

test("each answer is a line with what was expected, what came and why it failed", () => {
  const [row, ...others] = rowsOf(resultsFile([result(), result({ done: false })]));
  expect(others).toEqual([]);
  expect(row).toMatchObject({
    question: "How long is the warranty?",
    passed: "no",
    reason: "The answer does not say “free, of course”.",
    given_answer: "Two years [1].\n\nReally.",
    cited: "Warranty.pdf",
    found: "https://a.test/x",
    grounded: "yes",
    total_ms: "340",
    cost_usd: "0.0015",
    error: "",
  });
});

test("it can be imported as questions again, each once with what it expected", () => {
  const refused = result({ question: "Who won?", expectedFacts: [], expectedSources: [], mustRefuse: true });
  const questions = readQuestions(resultsFile([result(), refused]));
  expect(questions).toEqual([
    {
      question: "How long is the warranty?",
      expectedFacts: ["two years", "free, of course"],
      expectedSources: ["https://a.test/x"],
      mustRefuse: false,
    },
    { question: "Who won?", expectedFacts: [], expectedSources: [], mustRefuse: true },
  ]);
});

test("an answer that a spreadsheet would take for a formula is a text in it", () => {
  expect(rowsOf(resultsFile([result({ answer: '=HYPERLINK("https://evil.test")' })]))[0]!.given_answer).toBe(
    '\'=HYPERLINK("https://evil.test")',
  );
});
