import { reachableProviders } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { CHAT_MODELS, chatModelEntry, EMBEDDING_MODELS, embeddingModelEntry } from "./catalog";
import { streamChat } from "./chat";
import { embedTexts } from "./embed";
import { createModelFetch, modelConnections } from "./http";
import type { OnCall } from "./meter";
import { loadChat, loadEmbeddingModel } from "./providers";
import { rerankTexts } from "./rerank";
import { modelKey, parseChatModel, parseEmbeddingModel, selectChatModel, selectEmbeddingModel } from "./select";
import type { ChatModelInfo, EmbeddingModelInfo, Gateway, GatewayEnv, Limits, ModelRef } from "./types";

export const DEFAULT_LIMITS: Limits = {
  firstTokenMs: 30_000,
  idleMs: 20_000,
  totalMs: 180_000,
  embedMs: 60_000,
  rerankMs: 2_500,
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
  const embeddingRef = selectEmbeddingModel(env);
  const connections = once(modelConnections);
  const connection = once(() => options.fetch ?? createModelFetch(connections()));

  const chatters = new Map<string, Chatter>();
  const chatterOf = (ref: ModelRef): Chatter => {
    const key = modelKey(ref);
    const known = chatters.get(key);
    if (known) return known;
    const entry = chatModelEntry(ref.provider, ref.id);
    const info = {
      ...ref,
      isLocal: ref.provider === "local",
      contextTokens: entry.contextTokens,
      tier: entry.tier ?? null,
      inputMicroUsdPerMillion: entry.inputPrice,
      outputMicroUsdPerMillion: entry.outputPrice,
    };
    const made = {
      ref,
      entry,
      info,
      loadModel: once(() => loadChat(env, ref, { fetch: connection(), own: options.fetch ? null : connections() })),
    };
    chatters.set(key, made);
    return made;
  };
  const ownChat = chatterOf(selectChatModel(env));
  const chatChoices = CHAT_MODELS.filter(({ provider }) => reachableProviders(env)[provider])
    .map(({ provider, model }) => chatterOf({ provider, id: model }))
    .filter((chatter) => chatter !== ownChat);
  const ofTier = (tier: string): Chatter | undefined => {
    const fitting = [ownChat, ...chatChoices].filter(({ entry }) => entry.tier === tier);
    return fitting.find(({ ref }) => ref.provider === ownChat.ref.provider) ?? fitting[0];
  };

  const embedders = new Map<string, Embedder>();
  const embedderOf = (ref: ModelRef): Embedder => {
    const key = modelKey(ref);
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

  const chat: Gateway["chat"] = (input) => {
    const { ref, entry, loadModel } = input.model ? chatterOf(parseChatModel(env, input.model)) : ownChat;
    return { model: ref, stream: streamChat({ ref, entry, loadModel, limits, onCall }, input) };
  };

  return {
    chatModel: ownChat.info,
    chatModels: [ownChat, ...chatChoices].map(({ info }) => info),
    chatModelInfo(choice) {
      const named = [ownChat, ...chatChoices].find(({ ref }) => modelKey(ref) === choice);
      return (named ?? ofTier(choice))?.info ?? null;
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
    chat,
    async embed(input) {
      const { ref, entry, info, loadModel } = input.model ? embedderOf(parseEmbeddingModel(env, input.model)) : own;
      const result = await embedTexts({ ref, entry, loadModel, limits, onCall }, input);
      if (result.dimensions > 0) info.dimensions ??= result.dimensions;
      return result;
    },
    canRerank: env.RERANK_MODEL !== undefined,
    rerank: (input) => rerankTexts({ env, fetch: connection, chat, limits, onCall }, input),
  };
}

type Chatter = {
  ref: ModelRef;
  entry: ReturnType<typeof chatModelEntry>;
  info: ChatModelInfo;
  loadModel: () => ReturnType<typeof loadChat>;
};

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
