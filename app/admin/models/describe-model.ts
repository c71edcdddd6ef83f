import { number } from "@/components/ui/number";
import { dollars, KIND_LABELS, type MODEL_TIERS, type ModelFacts, type REASONING } from "@/lib/models/schema";

export const TIER_LABELS: Record<(typeof MODEL_TIERS)[number], string> = {
  SLM_A: "Small (SLM_A)",
  SLM_B: "In between (SLM_B)",
  LLM: "Large (LLM)",
};

export const REASONING_LABELS: Record<(typeof REASONING)[number], string> = {
  none: "None",
  minimal: "Minimal",
  low: "Low",
  medium: "Medium",
  high: "High",
  xhigh: "Very high",
};

/** What is known of a model, as labels with words for people. */
function wordsOf(facts: ModelFacts): [label: string, value: string][] {
  const { kind, contextTokens, inputMicroUsd, position, enabled, note } = facts;
  const shared: [string, string][] = [
    ["For", KIND_LABELS[kind]],
    ["Offered", enabled ? "yes" : "no"],
    [kind === "embedding" ? "Longest text" : "Context", `${number(contextTokens)} tokens`],
    ["Price in", dollars(inputMicroUsd)],
    ["Order", number(position)],
    ["Note", note || "none"],
  ];
  if (kind === "rerank") return shared;
  if (kind === "embedding")
    return [
      ...shared,
      ["Dimensions", number(facts.dimensions)],
      ["Texts a request", number(facts.maxBatchTexts)],
      ["Tokens a request", number(facts.maxBatchTokens)],
    ];
  const { tier, maxOutputTokens, cachedInputMicroUsd, outputMicroUsd, longPrompt, reasoning } = facts;
  return [
    ...shared,
    ["Size", tier ? TIER_LABELS[tier] : "none"],
    ["Longest answer", maxOutputTokens === null ? "not known" : `${number(maxOutputTokens)} tokens`],
    ["Price cached", dollars(cachedInputMicroUsd)],
    ["Price out", dollars(outputMicroUsd)],
    ["Long prompts", longPrompt ? describeLongPrompt(longPrompt) : "same price"],
    ["Thinking", reasoning ? REASONING_LABELS[reasoning] : "its own"],
  ];
}

export const describeLongPrompt = ({
  aboveTokens,
  inputMicroUsd,
  cachedInputMicroUsd,
  outputMicroUsd,
}: NonNullable<Extract<ModelFacts, { kind: "chat" }>["longPrompt"]>): string =>
  `above ${number(aboveTokens)} tokens ${dollars(inputMicroUsd)} in, ${dollars(cachedInputMicroUsd)} cached, ${dollars(outputMicroUsd)} out`;

/** What differs between two accounts of one model. */
export function differences(before: ModelFacts, after: ModelFacts): { label: string; from: string; to: string }[] {
  const were = new Map(wordsOf(before));
  return wordsOf(after)
    .map(([label, to]) => ({ label, from: were.get(label) ?? "none", to }))
    .filter(({ from, to }) => from !== to);
}
