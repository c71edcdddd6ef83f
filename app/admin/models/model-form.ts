import {
  type MODEL_KINDS,
  type MODEL_TIERS,
  type Model,
  microUsd,
  type PROVIDERS,
  type REASONING,
} from "@/lib/models/schema";

/** What stands in the fields, as it was typed. */
export interface ModelForm {
  provider: (typeof PROVIDERS)[number];
  model: string;
  kind: (typeof MODEL_KINDS)[number];
  enabled: boolean;
  position: string;
  note: string;
  context: string;
  input: string;
  tier: (typeof MODEL_TIERS)[number] | "";
  maxOutput: string;
  cached: string;
  output: string;
  hasLongPrompt: boolean;
  above: string;
  longInput: string;
  longCached: string;
  longOutput: string;
  reasoning: (typeof REASONING)[number] | "";
  dimensions: string;
  requestDimensions: boolean;
  batchTexts: string;
  batchTokens: string;
}

const price = (micro: number): string => String(micro / 1_000_000);

const EMPTY: ModelForm = {
  provider: "openai",
  model: "",
  kind: "chat",
  enabled: true,
  position: "1000",
  note: "",
  context: "",
  input: "",
  tier: "SLM_A",
  maxOutput: "",
  cached: "",
  output: "",
  hasLongPrompt: false,
  above: "",
  longInput: "",
  longCached: "",
  longOutput: "",
  reasoning: "",
  dimensions: "",
  requestDimensions: false,
  batchTexts: "256",
  batchTokens: "200000",
};

/** @param model null: one that is to be added */
export function formOf(model: Model | null): ModelForm {
  if (!model) return EMPTY;
  const { provider, kind, enabled, position, note, contextTokens, inputMicroUsd } = model;
  const shared = {
    ...EMPTY,
    provider,
    model: model.model,
    kind,
    enabled,
    position: String(position),
    note,
    context: String(contextTokens),
    input: price(inputMicroUsd),
  };
  if (model.kind === "rerank") return shared;
  if (model.kind === "embedding")
    return {
      ...shared,
      dimensions: String(model.dimensions),
      requestDimensions: model.requestDimensions,
      batchTexts: String(model.maxBatchTexts),
      batchTokens: String(model.maxBatchTokens),
    };
  const { longPrompt } = model;
  return {
    ...shared,
    tier: model.tier ?? "",
    maxOutput: model.maxOutputTokens === null ? "" : String(model.maxOutputTokens),
    cached: price(model.cachedInputMicroUsd),
    output: price(model.outputMicroUsd),
    reasoning: model.reasoning ?? "",
    ...(longPrompt && {
      hasLongPrompt: true,
      above: String(longPrompt.aboveTokens),
      longInput: price(longPrompt.inputMicroUsd),
      longCached: price(longPrompt.cachedInputMicroUsd),
      longOutput: price(longPrompt.outputMicroUsd),
    }),
  };
}

/** Whole numbers as people write them: `128,000` and `128 000` are the same. NaN for what is none; the schema says what is wrong. */
const whole = (text: string): number => {
  const plain = text.replace(/[\s,]/g, "");
  return /^\d+$/.test(plain) ? Number(plain) : Number.NaN;
};

/** What the fields say, unchecked: the action's schema has the words for what does not fit. */
export function factsOf(form: ModelForm) {
  const shared = {
    position: whole(form.position),
    enabled: form.enabled,
    contextTokens: whole(form.context),
    inputMicroUsd: microUsd(form.input),
    note: form.note,
  };
  if (form.kind === "rerank") return { ...shared, kind: form.kind };
  if (form.kind === "embedding")
    return {
      ...shared,
      kind: form.kind,
      dimensions: whole(form.dimensions),
      requestDimensions: form.requestDimensions,
      maxBatchTexts: whole(form.batchTexts),
      maxBatchTokens: whole(form.batchTokens),
    };
  // Where no price of cached tokens is written, they cost what others do.
  const cached = (text: string, input: string) => microUsd(text.trim() === "" ? input : text);
  return {
    ...shared,
    kind: form.kind,
    tier: form.tier || null,
    maxOutputTokens: form.maxOutput.trim() === "" ? null : whole(form.maxOutput),
    cachedInputMicroUsd: cached(form.cached, form.input),
    outputMicroUsd: microUsd(form.output),
    longPrompt: form.hasLongPrompt
      ? {
          aboveTokens: whole(form.above),
          inputMicroUsd: microUsd(form.longInput),
          cachedInputMicroUsd: cached(form.longCached, form.longInput),
          outputMicroUsd: microUsd(form.longOutput),
        }
      : null,
    reasoning: form.reasoning || null,
  };
}
