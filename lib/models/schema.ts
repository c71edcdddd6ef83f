import { z } from "zod";
import { MODEL_TIERS } from "@/lib/agents/schema";
import { PROVIDERS, type Provider } from "@/lib/llm/catalog";

export { MODEL_TIERS, PROVIDERS, type Provider };

export const MODEL_KINDS = ["chat", "embedding", "rerank"] as const;
export type ModelKind = (typeof MODEL_KINDS)[number];

/** How much a model thinks before it answers. */
export const REASONING = ["none", "minimal", "low", "medium", "high", "xhigh"] as const;

export const MODEL_LIMITS = { noteLength: 300, tokens: 100_000_000, position: 100_000, dimensions: 4_000 } as const;

const MAX_PRICE = 1_000_000_000;
const tokens = z
  .int("Write a whole number of tokens.")
  .min(1, "Write a number of tokens from 1.")
  .max(MODEL_LIMITS.tokens, "That is more than any model has.");
/** Micro-USD per million tokens: 100,000 is 0.10 USD. */
const price = z
  .int("Write dollars, such as 0.25; at most six decimals.")
  .min(0, "A price is not below 0.")
  .max(MAX_PRICE, "Write at most 1,000 dollars per million tokens.");

export const ModelName = z.object({
  provider: z.enum(PROVIDERS, "Choose a provider."),
  model: z
    .string()
    .trim()
    .regex(/^\S{1,200}$/, "Write the name as the provider does, without spaces."),
});
export type ModelName = z.output<typeof ModelName>;

const shared = {
  /** Of a kind the first of a provider is its default, and the first of a tier is what the tier means. */
  position: z
    .int("Write a whole number.")
    .min(0, "Write a number from 0.")
    .max(MODEL_LIMITS.position, `Write at most ${MODEL_LIMITS.position.toLocaleString("en")}.`),
  enabled: z.boolean(),
  /** Of an embedding model the longest text. */
  contextTokens: tokens,
  inputMicroUsd: price,
  note: z.string().trim().max(MODEL_LIMITS.noteLength, `Use at most ${MODEL_LIMITS.noteLength} characters.`),
};

const Chat = z.object({
  kind: z.literal("chat"),
  ...shared,
  /** Null: it is chosen by name alone. */
  tier: z.enum(MODEL_TIERS, "Choose a size from the list.").nullable(),
  /** Null: not known, so whatever is asked for is asked. */
  maxOutputTokens: tokens.nullable(),
  cachedInputMicroUsd: price,
  outputMicroUsd: price,
  /** Prices of the whole call once the prompt is longer. */
  longPrompt: z
    .object({
      aboveTokens: tokens,
      inputMicroUsd: price,
      cachedInputMicroUsd: price,
      outputMicroUsd: price,
    })
    .nullable(),
  reasoning: z.enum(REASONING, "Choose from the list.").nullable(),
});
const Embedding = z.object({
  kind: z.literal("embedding"),
  ...shared,
  dimensions: z
    .int("Write a whole number.")
    .min(1, "Write the length of its vectors.")
    .max(MODEL_LIMITS.dimensions, `Vectors have at most ${MODEL_LIMITS.dimensions.toLocaleString("en")} dimensions.`),
  requestDimensions: z.boolean(),
  maxBatchTexts: z.int("Write a whole number.").min(1, "At least 1.").max(10_000, "At most 10,000."),
  maxBatchTokens: tokens,
});
const Rerank = z.object({ kind: z.literal("rerank"), ...shared });

/** What is known of a model: all but its name. */
export const ModelFacts = z.discriminatedUnion("kind", [Chat, Embedding, Rerank], "Choose what it is for.");
export type ModelFacts = z.output<typeof ModelFacts>;

/** Adapters ask servers only for what they offer: what cannot be called is not written down. */
export const AddModel = z
  .intersection(ModelName, ModelFacts)
  .refine(({ provider, kind }) => kind !== "embedding" || provider !== "anthropic", {
    path: ["provider"],
    message: "Anthropic offers no embeddings.",
  })
  .refine(({ provider, kind }) => kind !== "rerank" || provider === "compatible", {
    path: ["provider"],
    message: "Rerankers are servers of their own: choose Compatible.",
  })
  .refine(({ provider }) => provider !== "local", {
    path: ["provider"],
    message: "The local models are part of the product and all there already.",
  });
export type AddModel = z.input<typeof AddModel>;

/** `seen` is the model's `updatedAt` when it was looked at: somebody else's change in between is a conflict. */
export const ChangeModel = z.intersection(ModelName.extend({ seen: z.string().min(1) }), ModelFacts);
export type ChangeModel = z.input<typeof ChangeModel>;

export const RemoveModel = ModelName.extend({ seen: z.string().min(1) });
export type RemoveModel = z.input<typeof RemoveModel>;

export type Model = ModelName &
  ModelFacts & {
    updatedAt: string;
    /** E-mail address; null for the product itself, and for who has left. */
    updatedBy: string | null;
  };

export interface ModelChange extends ModelName {
  id: string;
  /** Null: it was not there before, or is no more. */
  before: ModelFacts | null;
  after: ModelFacts | null;
  changedAt: string;
  changedBy: string | null;
}

/** `provider/model`, as settings and variables name it. */
export const modelName = ({ provider, model }: ModelName): string => `${provider}/${model}`;

export const PROVIDER_LABELS: Record<Provider, string> = {
  openai: "OpenAI",
  anthropic: "Anthropic",
  google: "Google",
  compatible: "Compatible",
  local: "Local",
};

export const KIND_LABELS: Record<ModelKind, string> = {
  chat: "Chat",
  embedding: "Embedding",
  rerank: "Reranking",
};

/** Micro-USD of a price that a person wrote in dollars: `0.25` and `0,25` are the same. NaN for what is none. */
export function microUsd(text: string): number {
  const plain = text
    .trim()
    .replace(/^\$\s*/, "")
    .replace(",", ".");
  if (!/^\d{1,6}(\.\d{1,6})?$/.test(plain)) return Number.NaN;
  return Math.round(Number(plain) * 1_000_000);
}

/** `$0.25`: at least two decimals, and as many as there are. */
export const dollars = (micro: number): string =>
  `$${(micro / 1_000_000).toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 6 })}`;
