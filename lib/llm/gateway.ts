import { reachableProviders } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { chatModelEntry, EMBEDDING_MODELS, embeddingModelEntry } from "./catalog";
import { streamChat } from "./chat";
import { embedTexts } from "./embed";
import { createModelFetch } from "./http";
import type { OnCall } from "./meter";
import { loadChatModel, loadEmbeddingModel } from "./providers";
import { parseEmbeddingModel, selectChatModel, selectEmbeddingModel } from "./select";
import type { EmbeddingModelInfo, Gateway, GatewayEnv, Limits, ModelRef } from "./types";

export const DEFAULT_LIMITS: Limits = {
  firstTokenMs: 30_000,
  idleMs: 20_000,
  totalMs: 180_000,
  embedMs: 60_000,
  attempts: 3,
  backoffMs: 400,
};

/**
 * The one way to any model. Make one per process: it holds the connections to the provider.
 * @param onCall gets one record per call, before the call's result is seen by the caller; must not be slow, may fail
 * @param fetch replaces the connection to providers, for tests of the network itself
 * @throws AppError "config_invalid" when the environment names a model that cannot work
 */
export function createGateway(options: {
  env: GatewayEnv;
  onCall: OnCall;
  fetch?: typeof globalThis.fetch;
  limits?: Partial<Limits>;
}): Gateway {
  const { env, onCall } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const chatRef = selectChatModel(env);
  const embeddingRef = selectEmbeddingModel(env);
  const chatEntry = chatModelEntry(chatRef.provider, chatRef.id);
  const connection = once(() => options.fetch ?? createModelFetch());
  const loadChat = once(() => loadChatModel(env, chatRef, connection()));

  const embedders = new Map<string, Embedder>();
  const embedderOf = (ref: ModelRef): Embedder => {
    const key = `${ref.provider}/${ref.id}`;
    const known = embedders.get(key);
    if (known) return known;
    const entry = embeddingModelEntry(ref.provider, ref.id);
    const info = {
      ...ref,
      isLocal: ref.provider === "local",
      dimensions: entry.dimensions,
      microUsdPerMillionTokens: entry.inputPrice,
    };
    const made = { ref, entry, info, loadModel: once(() => loadEmbeddingModel(env, ref, connection())) };
    embedders.set(key, made);
    return made;
  };
  const own = embedderOf(embeddingRef);
  const choices = EMBEDDING_MODELS.filter(({ provider }) => reachableProviders(env)[provider])
    .map(({ provider, model }) => embedderOf({ provider, id: model }))
    .filter((embedder) => embedder !== own);

  return {
    chatModel: {
      ...chatRef,
      isLocal: chatRef.provider === "local",
      contextTokens: chatEntry.contextTokens,
      inputMicroUsdPerMillion: chatEntry.inputPrice,
      outputMicroUsdPerMillion: chatEntry.outputPrice,
    },
    embeddingModel: own.info,
    embeddingModels: [own, ...choices].map(({ info }) => info),
    embeddingModelInfo(model) {
      try {
        return embedderOf(parseEmbeddingModel(env, model)).info;
      } catch (error) {
        if (error instanceof AppError) return null;
        throw error;
      }
    },
    chat(input) {
      const deps = { ref: chatRef, entry: chatEntry, loadModel: loadChat, limits, onCall };
      return { model: chatRef, stream: streamChat(deps, input) };
    },
    async embed(input) {
      const { ref, entry, info, loadModel } = input.model ? embedderOf(parseEmbeddingModel(env, input.model)) : own;
      const result = await embedTexts({ ref, entry, loadModel, limits, onCall }, input);
      if (result.dimensions > 0) info.dimensions ??= result.dimensions;
      return result;
    },
  };
}

type Embedder = {
  ref: ModelRef;
  entry: ReturnType<typeof embeddingModelEntry>;
  info: EmbeddingModelInfo;
  loadModel: () => ReturnType<typeof loadEmbeddingModel>;
};

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
