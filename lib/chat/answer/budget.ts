import { AppError } from "@/lib/core/errors";
import { estimateTokens } from "@/lib/core/text/tokens";
import type { SelectedPassage } from "@/lib/knowledge";
import type { Cut } from "../schema";

/** What one request may use. */
export interface BudgetLimits {
  /** Read and written, over all its model calls. */
  tokens: number;
  costMicroUsd: number;
  /** The wall time of each step: understanding, search, the answer from its first word on, what is asked of a judge. */
  stepMs: number;
}

export const DEFAULT_BUDGET: BudgetLimits = { tokens: 10_000, costMicroUsd: 100_000, stepMs: 5_000 };

interface Price {
  inputMicroUsdPerMillion: number;
  outputMicroUsdPerMillion: number;
}

/** An answer that is shorter than this is not worth its prompt. */
const MIN_OUTPUT_TOKENS = 40;
/** What frames each message and each source. */
const FRAME_TOKENS = 40;

interface Prompt {
  /** System message and question: always sent. */
  fixed: string[];
  history: { role: "visitor" | "assistant"; text: string }[];
  passages: SelectedPassage[];
}

interface Fitted extends Pick<Prompt, "history" | "passages"> {
  maxOutputTokens: number;
  /** Which limit it is that ends an answer of that length. */
  cut: Cut;
}

/**
 * Makes a prompt fit what is left of a request's budget: the oldest of the conversation goes first, then the weakest passages, until the longest
 * answer fits too; an answer may be shorter before the last passage goes.
 * @param spent by the calls before
 * @throws AppError plan_limit when not even a short answer from the best passage fits
 */
export function fitPrompt(
  limits: BudgetLimits,
  spent: { tokens: number; costMicroUsd: number },
  price: Price,
  longest: number,
  { fixed, history, passages }: Prompt,
): Fitted {
  const sizeOf = (texts: string[]) => texts.reduce((sum, text) => sum + estimateTokens(text) + FRAME_TOKENS, 0);
  const turns = history.map(({ text }) => sizeOf([text]));
  const sources = passages.map((passage) =>
    // Counted when it was stored, unless it was put together from several.
    passage.chunkIds.length > 1 ? sizeOf([passage.content]) : passage.tokenCount + FRAME_TOKENS,
  );
  let input = sizeOf(fixed) + sum(turns) + sum(sources);
  const room = (): Pick<Fitted, "maxOutputTokens" | "cut"> => {
    const byTokens = limits.tokens - spent.tokens - input;
    const costLeft = limits.costMicroUsd - spent.costMicroUsd - (input * price.inputMicroUsdPerMillion) / 1e6;
    const byCost = price.outputMicroUsdPerMillion > 0 ? (costLeft * 1e6) / price.outputMicroUsdPerMillion : Infinity;
    const most = Math.floor(Math.min(longest, byTokens, byCost));
    return { maxOutputTokens: most, cut: byCost < Math.min(byTokens, longest) ? "cost" : "tokens" };
  };
  while (room().maxOutputTokens < longest && turns.length > 0) input -= turns.shift()!;
  while (room().maxOutputTokens < longest && sources.length > 1) input -= sources.pop()!;
  const left = room();
  if (left.maxOutputTokens < Math.min(MIN_OUTPUT_TOKENS, longest))
    throw new AppError("plan_limit", "This question needs more than one answer may use. Ask it in fewer words.");
  return {
    ...left,
    history: turns.length > 0 ? history.slice(-turns.length) : [],
    passages: passages.slice(0, sources.length),
  };
}

const sum = (numbers: number[]): number => numbers.reduce((all, n) => all + n, 0);

/** @throws AppError timeout when a step takes longer than its wall time; what it began is left to end by itself */
export async function withinStep<T>(stepMs: number, step: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new AppError("timeout", "Looking for the answer took too long. Try again in a moment.")),
      stepMs,
    );
  });
  return Promise.race([step, late]).finally(() => clearTimeout(timer));
}
