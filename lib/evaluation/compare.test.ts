import { describe, expect, test } from "vitest";
import { compareRuns } from "./compare";

const result = (
  question: string,
  passed: boolean,
  more: { totalMs?: number; facts?: string[]; done?: boolean } = {},
) => ({
  question,
  expectedFacts: more.facts ?? [],
  expectedSources: [],
  mustRefuse: false,
  done: more.done ?? true,
  passed,
  checks: passed ? [] : [{ name: "facts" as const, ok: false, detail: `It says nothing of ${question}.` }],
  recall: null,
  reciprocalRank: null,
  totalMs: more.totalMs ?? 100,
  firstTokenMs: 10,
  costMicroUsd: 5,
});

describe("two runs", () => {
  test("name what was gained and lost and why it failed, with the p of the split", () => {
    const before = [result("a", true), result("b", false), result("c", false), result("d", true)];
    const after = [result("a", true), result("b", true), result("c", true), result("d", false)];
    expect(compareRuns(before, after)).toMatchObject({
      questions: 4,
      gained: [
        { question: "b", reason: "It says nothing of b." },
        { question: "c", reason: "It says nothing of c." },
      ],
      lost: [{ question: "d", reason: "It says nothing of d." }],
      pValue: 1,
    });
  });

  test("count a question as passed only if every repeat was", () => {
    const { lost } = compareRuns([result("a", true), result("a", true)], [result("a", true), result("a", false)]);
    expect(lost).toEqual([{ question: "a", reason: "It says nothing of a." }]);
  });

  test("leave out questions whose expectations changed, that are only in one, or not answered yet", () => {
    const before = [result("a", true), result("b", true), result("c", true)];
    const after = [result("a", true, { facts: ["x"] }), result("b", true, { done: false }), result("c", true)];
    expect(compareRuns(before, after)).toMatchObject({ questions: 1, unpaired: 3 });
  });

  test("give the interval of the difference of means, and no figure that nothing is known of", () => {
    const questions = Array.from({ length: 30 }, (_, i) => `q${i}`);
    const { figures } = compareRuns(
      questions.map((q, i) => result(q, true, { totalMs: 100 + i })),
      questions.map((q, i) => result(q, true, { totalMs: 160 + i })),
    );
    expect(figures.map(({ name }) => name)).toEqual(["Pass rate", "First words", "Whole answer", "Cost of an answer"]);
    expect(figures[2]).toMatchObject({ before: 114.5, after: 174.5, low: 60, high: 60 });
  });

  test("without a common question say so", () => {
    expect(compareRuns([], [result("a", true)])).toEqual({
      questions: 0,
      unpaired: 1,
      gained: [],
      lost: [],
      pValue: 1,
      figures: [],
    });
  });
});
