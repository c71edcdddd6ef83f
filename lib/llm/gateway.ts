import { reachableProviders } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { BUILT_IN_CATALOG, type Catalog, chatModelEntry, embeddingModelEntry } from "./catalog";
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
 * @param catalog what is known of models, asked at each use: must be quick, and give the same object while nothing changed
 * @param onCall gets one record per call, before the call's result is seen by the caller; must not be slow, may fail
 * @param fetch replaces the connection to providers, for tests of the network itself
 * @throws AppError "config_invalid" when the environment names a model that cannot work
 */
export function createGateway(options: {
  env: GatewayEnv;
  onCall: OnCall;
  catalog?: () => Catalog;
  fetch?: typeof globalThis.fetch;
  limits?: Partial<Limits>;
}): Gateway {
  const { env, onCall, catalog = () => BUILT_IN_CATALOG } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const connections = once(modelConnections);
  const connection = once(() => options.fetch ?? createModelFetch(connections()));
  const adapters: Adapters = {
    chat: perModel((ref) =>
      once(() => loadChat(env, ref, { fetch: connection(), own: options.fetch ? null : connections() })),
    ),
    embedding: perModel((ref) => once(() => loadEmbeddingModel(env, ref, connection()))),
    dimensions: new Map(),
  };
  let kept: { catalog: Catalog; models: Models } | undefined;
  const models = (): Models => {
    const latest = catalog();
    if (kept?.catalog !== latest) kept = { catalog: latest, models: modelsOf(env, latest, adapters) };
    return kept.models;
  };
  models();

  const chat: Gateway["chat"] = (input) => {
    const { ownChat, chatterOf } = models();
    const { ref, entry, loadModel } = input.model ? chatterOf(parseChatModel(env, input.model)) : ownChat;
    return { model: ref, stream: streamChat({ ref, entry, loadModel, limits, onCall }, input) };
  };

  return {
    get chatModel() {
      return models().ownChat.info;
    },
    get chatModels() {
      const { ownChat, chatChoices } = models();
      return [ownChat, ...chatChoices].map(({ info }) => info);
    },
    chatModelInfo(choice) {
      const { ownChat, chatChoices } = models();
      const offered = [ownChat, ...chatChoices];
      const fitting = offered.filter(({ entry }) => entry.tier === choice);
      const chosen =
        offered.find(({ ref }) => modelKey(ref) === choice) ??
        fitting.find(({ ref }) => ref.provider === ownChat.ref.provider) ??
        fitting[0];
      return chosen?.info ?? null;
    },
    get embeddingModel() {
      return models().ownEmbedder.info;
    },
    get embeddingModels() {
      const { ownEmbedder, embedderChoices } = models();
      return [ownEmbedder, ...embedderChoices].map(({ info }) => info);
    },
    embeddingModelInfo(model) {
      try {
        return models().embedderOf(parseEmbeddingModel(env, model)).info;
      } catch (error) {
        if (error instanceof AppError) return null;
        throw error;
      }
    },
    chat,
    async embed(input) {
      const { ownEmbedder, embedderOf } = models();
      const { ref, entry, info, loadModel } = input.model
        ? embedderOf(parseEmbeddingModel(env, input.model))
        : ownEmbedder;
      const result = await embedTexts({ ref, entry, loadModel, limits, onCall }, input);
      if (info.dimensions === null && result.dimensions > 0) {
        info.dimensions = result.dimensions;
        adapters.dimensions.set(modelKey(ref), result.dimensions);
      }
      return result;
    },
    canRerank: env.RERANK_MODEL !== undefined,
    rerank: (input) => rerankTexts({ env, fetch: connection, chat, catalog: catalog(), limits, onCall }, input),
  };
}

/** What does not depend on the catalog: how models are asked, and what those outside of it have told about themselves. */
interface Adapters {
  chat: (ref: ModelRef) => Chatter["loadModel"];
  embedding: (ref: ModelRef) => Embedder["loadModel"];
  /** By `provider/model`, once one has answered. */
  dimensions: Map<string, number>;
}

type Models = ReturnType<typeof modelsOf>;

/** The models of an environment by one catalog: its own, those that agents may choose, and any other by name. */
function modelsOf(env: GatewayEnv, catalog: Catalog, adapters: Adapters) {
  const chatterOf = perModel((ref): Chatter => {
    const entry = chatModelEntry(catalog, ref.provider, ref.id);
    const info = {
      ...ref,
      isLocal: ref.provider === "local",
      contextTokens: entry.contextTokens,
      tier: entry.tier ?? null,
      inputMicroUsdPerMillion: entry.inputPrice,
      outputMicroUsdPerMillion: entry.outputPrice,
    };
    return { ref, entry, info, loadModel: adapters.chat(ref) };
  });
  const embedderOf = perModel((ref): Embedder => {
    const entry = embeddingModelEntry(catalog, ref.provider, ref.id);
    const info = {
      ...ref,
      isLocal: ref.provider === "local",
      dimensions: entry.dimensions ?? adapters.dimensions.get(modelKey(ref)) ?? null,
      microUsdPerMillionTokens: entry.inputPrice,
    };
    return { ref, entry, info, loadModel: adapters.embedding(ref) };
  });
  const offered = (kind: "chat" | "embedding"): ModelRef[] =>
    catalog[kind]
      .filter(({ provider, disabled }) => !disabled && reachableProviders(env)[provider])
      .map(({ provider, model }) => ({ provider, id: model }));
  const ownChat = chatterOf(selectChatModel(env, catalog));
  const ownEmbedder = embedderOf(selectEmbeddingModel(env, catalog));
  return {
    chatterOf,
    ownChat,
    chatChoices: offered("chat")
      .map(chatterOf)
      .filter((chatter) => chatter !== ownChat),
    embedderOf,
    ownEmbedder,
    embedderChoices: offered("embedding")
      .map(embedderOf)
      .filter((embedder) => embedder !== ownEmbedder),
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

/** Made once for each model. */
function perModel<T>(make: (ref: ModelRef) => T): (ref: ModelRef) => T {
  const made = new Map<string, T>();
  return (ref) => {
    const key = modelKey(ref);
    const known = made.get(key) ?? make(ref);
    made.set(key, known);
    return known;
  };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
