import { expect, test } from "vitest";
import { estimateTokens } from "@/lib/core/text/tokens";
import type { SelectedPassage } from "@/lib/knowledge";
import { DEFAULT_BUDGET, fitPrompt, withinStep } from "./budget";

const NOTHING = { tokens: 0, costMicroUsd: 0 };
const FREE = { inputMicroUsdPerMillion: 0, outputMicroUsdPerMillion: 0 };
const LONGEST = 800;
const words = (count: number): string => "word ".repeat(count).trim();
const passage = (id: string, count: number): SelectedPassage =>
  ({ chunkId: id, chunkIds: [id], content: words(count), tokenCount: estimateTokens(words(count)) }) as SelectedPassage;
const turn = (count: number) => ({ role: "visitor" as const, text: words(count) });
const prompt = { fixed: [words(300)], history: [turn(50), turn(60)], passages: [passage("a", 400), passage("b", 400)] };

test("a usual prompt stays as it is, and may be answered at full length", () => {
  expect(fitPrompt(DEFAULT_BUDGET, NOTHING, FREE, LONGEST, prompt)).toEqual({
    maxOutputTokens: LONGEST,
    cut: "tokens",
    history: prompt.history,
    passages: prompt.passages,
  });
});

test("what does not fit goes in order: the oldest of the conversation, then the weakest passages, then the answer's length", () => {
  const limits = (tokens: number) => ({ ...DEFAULT_BUDGET, tokens });
  const fitIn = (tokens: number) => fitPrompt(limits(tokens), NOTHING, FREE, LONGEST, prompt);
  const whole = Array.from({ length: 4_000 }, (_, n) => n).find((n) => n > 900 && keeps(fitIn, n, 2, 2))!;
  expect(fitIn(whole - 1)).toMatchObject({ history: [prompt.history[1]], passages: prompt.passages });
  const withoutHistory = Array.from({ length: whole }, (_, n) => n).find((n) => n > 900 && keeps(fitIn, n, 0, 2))!;
  expect(withoutHistory).toBeLessThan(whole);
  const best = fitIn(withoutHistory - 1);
  expect(best).toMatchObject({ history: [], passages: [prompt.passages[0]], maxOutputTokens: LONGEST });
  expect(fitIn(1_000).maxOutputTokens).toBeLessThan(LONGEST);
  expect(() => fitIn(700)).toThrow(expect.objectContaining({ code: "plan_limit" }));
});

/** Whether a budget keeps so many turns and passages beside the longest answer. */
function keeps(
  fitIn: (tokens: number) => ReturnType<typeof fitPrompt>,
  tokens: number,
  turns: number,
  passages: number,
) {
  const fitted = fitIn(tokens);
  const isWhole = fitted.maxOutputTokens === LONGEST;
  return isWhole && fitted.history.length === turns && fitted.passages.length === passages;
}

test("what was spent before counts, and so does money: the dearer limit names the cut", () => {
  const dear = { inputMicroUsdPerMillion: 2_000_000, outputMicroUsdPerMillion: 100_000_000 };
  const fitted = fitPrompt({ ...DEFAULT_BUDGET, costMicroUsd: 50_000 }, NOTHING, dear, LONGEST, prompt);
  expect(fitted.cut).toBe("cost");
  expect(fitted.maxOutputTokens).toBeLessThan(500);
  const spent = { tokens: 8_500, costMicroUsd: 0 };
  expect(fitPrompt(DEFAULT_BUDGET, spent, FREE, LONGEST, prompt).maxOutputTokens).toBeLessThan(LONGEST);
  expect(() => fitPrompt(DEFAULT_BUDGET, { tokens: 0, costMicroUsd: 200_000 }, dear, LONGEST, prompt)).toThrow();
});

test("a step that takes longer than it may ends with a sentence for the visitor", async () => {
  await expect(withinStep(5, new Promise(() => {}))).rejects.toMatchObject({ code: "timeout" });
  expect(await withinStep(60_000, Promise.resolve("found"))).toBe("found");
});
