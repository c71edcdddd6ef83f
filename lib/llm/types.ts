import type { Env } from "@/lib/core/env";
import type { ErrorCode } from "@/lib/core/errors";
import type { ModelTier, Provider } from "./catalog";

/** The part of the environment that decides which models are used. */
export type GatewayEnv = Pick<
  Env,
  | "OPENAI_API_KEY"
  | "OPENAI_BASE_URL"
  | "OPENAI_COMPATIBLE_BASE_URL"
  | "OPENAI_COMPATIBLE_API_KEY"
  | "ANTHROPIC_API_KEY"
  | "ANTHROPIC_BASE_URL"
  | "GOOGLE_GENERATIVE_AI_API_KEY"
  | "GOOGLE_BASE_URL"
  | "CHAT_MODEL"
  | "EMBEDDING_MODEL"
  | "RERANK_MODEL"
  | "RERANK_BASE_URL"
  | "RERANK_API_KEY"
>;

/** What a call is for; the price list of a tenant's month is grouped by it. */
export type CallStep =
  | "answer"
  | "rewrite"
  | "judge"
  | "rerank"
  | "embed_query"
  | "embed_chunks"
  | "embed_gaps"
  | "eval";

/** Whose call it is. Goes into the record unchanged. */
export type CallMeta = { tenantId: string; agentId?: string; runId?: string; messageId?: string; step: CallStep };

export type CallOutcome = "ok" | "error" | "aborted" | "timeout";

/** One row per call, whatever became of it. Retries inside a call are one record with `attempts` above 1. */
export type CallRecord = CallMeta & {
  provider: Provider;
  /** The provider's own name of the model, for example `gpt-6-luna`. */
  model: string;
  inputTokens: number;
  outputTokens: number;
  /** Part of `inputTokens` that the provider read from its prompt cache. */
  cachedTokens: number;
  costMicroUsd: number;
  /** True when the provider reported no usage and the tokens were counted from the text. */
  estimated: boolean;
  latencyMs: number;
  firstTokenMs: number | null;
  attempts: number;
  outcome: CallOutcome;
  errorCode?: ErrorCode;
};

export type ChatMessage = { role: "system" | "user" | "assistant"; content: string };

/** A passage of the site that may be quoted; `number` is what the answer cites as `[number]`. */
export type Passage = { number: number; title: string; heading?: string; url: string; text: string };

export type ModelRef = { provider: Provider; id: string };

export type Usage = { inputTokens: number; outputTokens: number; cachedTokens: number; estimated: boolean };

/** `length`: cut at maxOutputTokens. `filtered`: the provider refused to go on. */
export type FinishReason = "stop" | "length" | "filtered" | "other";

export type ChatEvent =
  | { type: "text"; text: string }
  | { type: "finish"; usage: Usage; finishReason: FinishReason; costMicroUsd: number };

export type ChatInput = {
  messages: ChatMessage[];
  /** `provider/model`; the environment's chat model unless given. */
  model?: string;
  /** Both are optional: given, they become the last user message, written by `renderQuestion`. */
  sources?: Passage[];
  question?: string;
  maxOutputTokens?: number;
  temperature?: number;
  signal?: AbortSignal;
  meta: CallMeta;
};

export type EmbedInput = {
  texts: string[];
  /** `provider/model`; the environment's embedding model unless given. */
  model?: string;
  signal?: AbortSignal;
  meta: CallMeta;
};

export type EmbedResult = {
  model: ModelRef;
  dimensions: number;
  /** In the order of `texts`; null where the model refused this one text, however it was shortened. */
  vectors: (number[] | null)[];
  usage: { inputTokens: number; estimated: boolean; costMicroUsd: number };
};

export type RerankInput = {
  query: string;
  texts: string[];
  signal?: AbortSignal;
  meta: Omit<CallMeta, "step">;
};

export type Limits = {
  /** From the call to the first text, retries included. */
  firstTokenMs: number;
  /** Longest silence inside an answer. */
  idleMs: number;
  /** Longest answer, from the call to its end. */
  totalMs: number;
  /** One reranking: a visitor waits for it. */
  rerankMs: number;
  /** One embedding call: 5 s while a visitor waits for `embed_query`, this otherwise. */
  embedMs: number;
  attempts: number;
  /** First pause between attempts; doubles each time, with jitter. */
  backoffMs: number;
};

/** What is configured, for diagnosis pages and for the index to remember. */
export type ChatModelInfo = ModelRef & {
  isLocal: boolean;
  contextTokens: number;
  tier: ModelTier | null;
  /** 100,000 is 0.10 USD; 0 for models outside the catalog too. */
  inputMicroUsdPerMillion: number;
  outputMicroUsdPerMillion: number;
};
/** `dimensions` is null until a model outside the catalog has answered once. */
export type EmbeddingModelInfo = ModelRef & {
  isLocal: boolean;
  dimensions: number | null;
  /** 100,000 is 0.10 USD; 0 for models outside the catalog too. */
  microUsdPerMillionTokens: number;
};

export type Gateway = {
  chatModel: ChatModelInfo;
  /** Those that an agent may choose: of the providers that have a key here, the environment's own first. */
  chatModels: ChatModelInfo[];
  /**
   * Of one of them by `provider/model`, or of a tier: its first model, of the environment's own provider if that has one. Null when there
   * is none, so that what a tenant writes cannot name a model that nobody here chose to offer.
   */
  chatModelInfo(choice: string): ChatModelInfo | null;
  embeddingModel: EmbeddingModelInfo;
  /** Those that an agent may choose: of the providers that have a key here, the environment's own first. */
  embeddingModels: EmbeddingModelInfo[];
  /** Of a `provider/model`; null when its provider has no key here. */
  embeddingModelInfo(model: string): EmbeddingModelInfo | null;
  /** Nothing is sent before the stream is read. Leaving the loop early ends the call at the provider. */
  chat(input: ChatInput): { model: ModelRef; stream: AsyncIterable<ChatEvent> };
  embed(input: EmbedInput): Promise<EmbedResult>;
  /** Whether a reranker is configured. */
  canRerank: boolean;
  /** How well each text answers the query, in the order of `texts`; null when nobody could say, which costs the answer nothing. */
  rerank(input: RerankInput): Promise<number[] | null>;
};
