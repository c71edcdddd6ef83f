import type { EmbeddingModelV4, LanguageModelV4, LanguageModelV4CallOptions } from "@ai-sdk/provider";
import type { Provider } from "./catalog";
import { openCompletions, type PartReader, requestOf, takingFetch } from "./completions";
import type { ModelConnections } from "./http";
import type { GatewayEnv, ModelRef } from "./types";

/** Begins an answer and gives what it is read from. */
export type OpenChat = (options: LanguageModelV4CallOptions) => Promise<PartReader>;

/**
 * How an answer of this model is begun: by its AI SDK adapter, except for chat completions (OpenAI's own, and servers of its protocol), whose
 * stream is read by hand.
 * @param own connects to providers; another `fetch` given by the caller is used for everything
 */
export async function loadChat(
  env: GatewayEnv,
  ref: ModelRef,
  { fetch, own }: { fetch: typeof globalThis.fetch; own: ModelConnections | null },
): Promise<OpenChat> {
  if (own && ref.provider === "compatible") {
    const { OpenAICompatibleChatLanguageModel } = await import("@ai-sdk/openai-compatible");
    const url = `${compatibleUrl(env)}/chat/completions`;
    const key = env.OPENAI_COMPATIBLE_API_KEY;
    const model = new OpenAICompatibleChatLanguageModel(ref.id, { provider: "compatible.chat", url: () => url });
    const headers = {
      "content-type": "application/json",
      accept: "text/event-stream",
      ...(key && { authorization: `Bearer ${key}` }),
    };
    return async (options) => {
      const { body: asked } = await model.prepareRequest(options);
      const body = JSON.stringify({ ...asked, stream: true, stream_options: { include_usage: true } });
      return openCompletions({ url, headers, body }, own, options.abortSignal);
    };
  }
  if (own && ref.provider === "openai") {
    // Its adapter has no `prepareRequest`, so the request is taken where it would be sent.
    const model = await loadChatModel(env, ref, takingFetch);
    return async (options) => openCompletions(await requestOf(model, options), own, options.abortSignal);
  }
  const model = await loadChatModel(env, ref, fetch);
  return async (options) => (await model.doStream(options)).stream.getReader();
}

/**
 * The AI SDK model behind a name. Only the package of the provider in use is loaded (60–160 ms each, on a cold start).
 * Every address and key is passed explicitly: the packages would otherwise read `process.env` themselves.
 */
async function loadChatModel(env: GatewayEnv, ref: ModelRef, fetch: typeof globalThis.fetch): Promise<LanguageModelV4> {
  switch (ref.provider) {
    case "openai":
      // Chat completions, not the responses API: servers behind OPENAI_BASE_URL usually speak only the former.
      return (await openAi(env, fetch)).chat(ref.id);
    case "anthropic": {
      const { createAnthropic } = await import("@ai-sdk/anthropic");
      const baseURL = withPath(env.ANTHROPIC_BASE_URL, "/v1") ?? "https://api.anthropic.com/v1";
      return createAnthropic({ baseURL, apiKey: env.ANTHROPIC_API_KEY ?? "", fetch })(ref.id);
    }
    case "google":
      return (await google(env, fetch))(ref.id);
    case "compatible":
      return (await compatible(env, fetch)).chatModel(ref.id);
    case "local": {
      const { ExtractiveModel } = await import("./local/extractive");
      return new ExtractiveModel();
    }
  }
}

export async function loadEmbeddingModel(
  env: GatewayEnv,
  ref: ModelRef,
  fetch: typeof globalThis.fetch,
): Promise<EmbeddingModelV4> {
  switch (ref.provider) {
    case "openai":
      return (await openAi(env, fetch)).embeddingModel(ref.id);
    case "google":
      return (await google(env, fetch)).embeddingModel(ref.id);
    case "compatible":
      return (await compatible(env, fetch)).embeddingModel(ref.id);
    case "local": {
      const { HashEmbeddingModel } = await import("./local/hash-embedding");
      return new HashEmbeddingModel();
    }
    case "anthropic":
      throw new Error("anthropic offers no embeddings");
  }
}

async function openAi(env: GatewayEnv, fetch: typeof globalThis.fetch) {
  const { createOpenAI } = await import("@ai-sdk/openai");
  const baseURL = withPath(env.OPENAI_BASE_URL, "/v1") ?? "https://api.openai.com/v1";
  return createOpenAI({ baseURL, apiKey: env.OPENAI_API_KEY ?? "none", fetch });
}

async function google(env: GatewayEnv, fetch: typeof globalThis.fetch) {
  const { createGoogle } = await import("@ai-sdk/google");
  const baseURL = withPath(env.GOOGLE_BASE_URL, "/v1beta") ?? "https://generativelanguage.googleapis.com/v1beta";
  return createGoogle({ baseURL, apiKey: env.GOOGLE_GENERATIVE_AI_API_KEY ?? "", fetch });
}

async function compatible(env: GatewayEnv, fetch: typeof globalThis.fetch) {
  const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
  return createOpenAICompatible({
    name: "compatible",
    baseURL: compatibleUrl(env),
    apiKey: env.OPENAI_COMPATIBLE_API_KEY,
    includeUsage: true,
    fetch,
  });
}

const compatibleUrl = (env: GatewayEnv): string => withPath(env.OPENAI_COMPATIBLE_BASE_URL, "/v1") ?? "";

/** People write `http://localhost:11434` as often as `http://localhost:11434/v1`; a path that is given stays. */
function withPath(baseUrl: string | undefined, path: string): string | undefined {
  if (!baseUrl) return undefined;
  const url = new URL(baseUrl);
  return url.pathname === "/" ? `${url.origin}${path}` : baseUrl.replace(/\/+$/, "");
}

/** Where to look when a provider refuses, as the messages of errors say it. */
export const PROVIDER_NAMES: Record<Provider, { name: string; key: string; baseUrl: string }> = {
  openai: { name: "OpenAI", key: "OPENAI_API_KEY", baseUrl: "OPENAI_BASE_URL" },
  anthropic: { name: "Anthropic", key: "ANTHROPIC_API_KEY", baseUrl: "ANTHROPIC_BASE_URL" },
  google: { name: "Google", key: "GOOGLE_GENERATIVE_AI_API_KEY", baseUrl: "GOOGLE_BASE_URL" },
  compatible: {
    name: "The model server",
    key: "OPENAI_COMPATIBLE_API_KEY",
    baseUrl: "OPENAI_COMPATIBLE_BASE_URL",
  },
  local: { name: "The local model", key: "CHAT_MODEL", baseUrl: "CHAT_MODEL" },
};
