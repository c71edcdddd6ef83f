import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";

export const PROVIDERS = ["openai", "anthropic", "google", "compatible", "local"] as const;
export type Provider = (typeof PROVIDERS)[number];

type Price = {
  /** Micro-USD per million tokens: 100_000 is 0.10 USD. */
  inputPrice: number;
  cachedInputPrice: number;
  outputPrice: number;
};

/** By what a model is for: quick and cheap, in between, for the hard questions. */
export type ModelTier = "SLM_A" | "SLM_B" | "LLM";

type Entry = {
  provider: Provider;
  model: string;
  /** Not offered to agents. Whoever named it in the environment keeps it, at its price. */
  disabled?: true;
};

export type ChatModelEntry = Entry &
  Price & {
    /** Absent: it is chosen by name alone, as the local one, which takes no instructions. */
    tier?: ModelTier;
    contextTokens: number;
    /** Absent: not known, so whatever is asked for is asked. */
    maxOutputTokens?: number;
    /** Some models charge more per token of the whole call once the prompt is longer than this. */
    longPrompt?: Price & { aboveTokens: number };
    /** Sent with each call: answers quote given passages, so thinking first only delays the first word. */
    reasoning?: LanguageModelV4CallOptions["reasoning"];
  };

export type EmbeddingModelEntry = Entry & {
  inputPrice: number;
  dimensions: number;
  /** The model's own default is another length, so `dimensions` is asked for in each request. */
  requestDimensions?: true;
  /** Longest text; the rest is not seen by the model. */
  maxTextTokens: number;
  maxBatchTexts: number;
  maxBatchTokens: number;
};

/** Of a server with `/rerank`; a chat model that ranks is a chat model. */
export type RerankModelEntry = Entry & { inputPrice: number };

/** What is known of models. Of those of a kind the first of a provider is its default, and the first of a tier is what the tier means. */
export type Catalog = {
  chat: readonly ChatModelEntry[];
  embedding: readonly EmbeddingModelEntry[];
  rerank: readonly RerankModelEntry[];
};

const usd = (dollars: number) => Math.round(dollars * 1_000_000);
const price = (input: number, cached: number, output: number): Price => ({
  inputPrice: usd(input),
  cachedInputPrice: usd(cached),
  outputPrice: usd(output),
});

/** Prices as the providers' pages gave them in November 2026. */
const CHAT_MODELS: ChatModelEntry[] = [
  {
    provider: "openai",
    model: "gpt-6-luna",
    tier: "SLM_A",
    contextTokens: 1_050_000,
    ...price(0.1, 0.01, 0.5),
    longPrompt: { aboveTokens: 272_000, ...price(0.2, 0.02, 0.75) },
    reasoning: "none",
  },
  {
    provider: "openai",
    model: "gpt-6-sol",
    tier: "LLM",
    contextTokens: 1_050_000,
    ...price(2, 0.2, 10),
    longPrompt: { aboveTokens: 272_000, ...price(4, 0.4, 15) },
    reasoning: "none",
  },
  {
    provider: "openai",
    model: "gpt-5.4-mini",
    tier: "SLM_B",
    contextTokens: 400_000,
    maxOutputTokens: 128_000,
    ...price(0.75, 0.075, 4.5),
    reasoning: "none",
  },
  {
    provider: "openai",
    model: "gpt-5.4-nano",
    tier: "SLM_A",
    contextTokens: 400_000,
    maxOutputTokens: 128_000,
    ...price(0.2, 0.02, 1.25),
    reasoning: "none",
  },
  {
    provider: "openai",
    model: "gpt-5-mini",
    tier: "SLM_B",
    contextTokens: 400_000,
    maxOutputTokens: 128_000,
    ...price(0.25, 0.025, 2),
    reasoning: "minimal",
  },
  {
    provider: "openai",
    model: "gpt-5-nano",
    tier: "SLM_A",
    contextTokens: 400_000,
    maxOutputTokens: 128_000,
    ...price(0.05, 0.005, 0.4),
    reasoning: "minimal",
  },
  {
    provider: "openai",
    model: "gpt-4.1-mini",
    tier: "SLM_B",
    contextTokens: 1_047_576,
    maxOutputTokens: 32_768,
    ...price(0.4, 0.1, 1.6),
  },
  {
    provider: "openai",
    model: "gpt-4o-mini",
    tier: "SLM_A",
    contextTokens: 128_000,
    maxOutputTokens: 16_384,
    ...price(0.15, 0.075, 0.6),
  },
  {
    provider: "anthropic",
    model: "claude-haiku-5-5",
    tier: "SLM_A",
    contextTokens: 1_000_000,
    ...price(0.1, 0.01, 0.5),
    longPrompt: { aboveTokens: 100_000, ...price(0.5, 0.05, 2.5) },
    reasoning: "none",
  },
  {
    provider: "anthropic",
    model: "claude-haiku-4-5",
    tier: "SLM_B",
    contextTokens: 200_000,
    maxOutputTokens: 64_000,
    ...price(1, 0.1, 5),
  },
  {
    provider: "anthropic",
    model: "claude-sonnet-5-5",
    tier: "LLM",
    contextTokens: 1_000_000,
    ...price(2, 0.1, 10),
    reasoning: "low",
  },
  {
    provider: "google",
    model: "gemini-3.5-flash-lite",
    tier: "SLM_A",
    contextTokens: 1_048_576,
    ...price(0.3, 0.03, 2.5),
    reasoning: "minimal",
  },
  {
    provider: "google",
    model: "gemini-3.6-flash",
    tier: "LLM",
    contextTokens: 1_048_576,
    ...price(1.5, 0.15, 7.5),
    reasoning: "minimal",
  },
  {
    provider: "google",
    model: "gemini-2.5-flash",
    tier: "SLM_B",
    contextTokens: 1_048_576,
    maxOutputTokens: 65_535,
    ...price(0.3, 0.03, 2.5),
    reasoning: "none",
  },
  {
    provider: "google",
    model: "gemini-2.5-flash-lite",
    tier: "SLM_A",
    contextTokens: 1_048_576,
    maxOutputTokens: 65_535,
    ...price(0.1, 0.01, 0.4),
  },
  { provider: "local", model: "extractive", contextTokens: 1_000_000, ...price(0, 0, 0) },
];

const EMBEDDING_MODELS: EmbeddingModelEntry[] = [
  openAiEmbedding("text-embedding-3-small", 0.02, 1536),
  openAiEmbedding("text-embedding-3-large", 0.13, 3072),
  googleEmbedding("gemini-embedding-001", 0.15, 2_048),
  googleEmbedding("gemini-embedding-2", 0.2, 8_192),
  {
    provider: "local",
    model: "hash-384",
    inputPrice: 0,
    dimensions: 384,
    maxTextTokens: 1_000_000,
    maxBatchTexts: 256,
    maxBatchTokens: 1_000_000,
  },
];

function openAiEmbedding(model: string, dollars: number, dimensions: number): EmbeddingModelEntry {
  const limits = { maxTextTokens: 8_191, maxBatchTexts: 256, maxBatchTokens: 200_000 };
  return { provider: "openai", model, inputPrice: usd(dollars), dimensions, ...limits };
}

/** Google's own 3,072 dimensions would double the index for a difference within the noise. */
function googleEmbedding(model: string, dollars: number, maxTextTokens: number): EmbeddingModelEntry {
  const limits = { maxTextTokens, maxBatchTexts: 100, maxBatchTokens: 100_000 };
  return { provider: "google", model, inputPrice: usd(dollars), dimensions: 1536, requestDimensions: true, ...limits };
}

/** What the product itself knows. An installation's own list begins as this one (see lib/models) and takes its place. */
export const BUILT_IN_CATALOG: Catalog = { chat: CHAT_MODELS, embedding: EMBEDDING_MODELS, rerank: [] };

/** A model outside the catalog works too: without a price, and with cautious limits. */
export function chatModelEntry({ chat }: Catalog, provider: Provider, model: string): ChatModelEntry {
  const known = chat.find((entry) => entry.provider === provider && entry.model === model);
  return known ?? { provider, model, contextTokens: 32_000, inputPrice: 0, cachedInputPrice: 0, outputPrice: 0 };
}

export function embeddingModelEntry(
  { embedding }: Catalog,
  provider: Provider,
  model: string,
): Omit<EmbeddingModelEntry, "dimensions"> & { dimensions: number | null } {
  const known = embedding.find((entry) => entry.provider === provider && entry.model === model);
  const limits = { maxTextTokens: 8_191, maxBatchTexts: 64, maxBatchTokens: 50_000 };
  return known ?? { provider, model, inputPrice: 0, dimensions: null, ...limits };
}

/** @returns micro-USD, rounded up, so that no paid call is free */
export function chatCostMicroUsd(
  entry: ChatModelEntry,
  usage: { inputTokens: number; outputTokens: number; cachedTokens: number },
): number {
  const long = entry.longPrompt;
  const rate = long && usage.inputTokens > long.aboveTokens ? long : entry;
  const cached = Math.min(usage.cachedTokens, usage.inputTokens);
  const total =
    (usage.inputTokens - cached) * rate.inputPrice +
    cached * rate.cachedInputPrice +
    usage.outputTokens * rate.outputPrice;
  return Math.ceil(total / 1_000_000);
}

/** Of an embedding or a reranking: only what goes in is paid for. */
export function inputCostMicroUsd(entry: { inputPrice: number }, inputTokens: number): number {
  return Math.ceil((inputTokens * entry.inputPrice) / 1_000_000);
}
