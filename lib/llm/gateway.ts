import { chatModelEntry, embeddingModelEntry } from "./catalog";
import { streamChat } from "./chat";
import { embedTexts } from "./embed";
import { createModelFetch } from "./http";
import type { OnCall } from "./meter";
import { loadChatModel, loadEmbeddingModel } from "./providers";
import { selectChatModel, selectEmbeddingModel } from "./select";
import type { Gateway, GatewayEnv, Limits } from "./types";

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
  const embeddingEntry = embeddingModelEntry(embeddingRef.provider, embeddingRef.id);
  const connection = once(() => options.fetch ?? createModelFetch());
  const loadChat = once(() => loadChatModel(env, chatRef, connection()));
  const loadEmbedding = once(() => loadEmbeddingModel(env, embeddingRef, connection()));

  const embeddingModel = {
    ...embeddingRef,
    isLocal: embeddingRef.provider === "local",
    dimensions: embeddingEntry.dimensions,
  };
  return {
    chatModel: { ...chatRef, isLocal: chatRef.provider === "local", contextTokens: chatEntry.contextTokens },
    embeddingModel,
    chat(input) {
      const deps = { ref: chatRef, entry: chatEntry, loadModel: loadChat, limits, onCall };
      return { model: chatRef, stream: streamChat(deps, input) };
    },
    async embed(input) {
      const deps = { ref: embeddingRef, entry: embeddingEntry, loadModel: loadEmbedding, limits, onCall };
      const result = await embedTexts(deps, input);
      if (result.vectors.length > 0) embeddingModel.dimensions ??= result.dimensions;
      return result;
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
