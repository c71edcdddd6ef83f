import { reachableProviders } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { BUILT_IN_CATALOG, type Catalog, PROVIDERS, type Provider } from "./catalog";
import type { GatewayEnv, ModelRef } from "./types";

/** As CHAT_MODEL and an agent's settings name it. */
export const modelKey = ({ provider, id }: ModelRef): string => `${provider}/${id}`;

/** Order of preference when several are configured and none is named. */
const CHAT_ORDER = ["openai", "anthropic", "google", "compatible"] as const;

/** A catalog may offer nothing of a provider; what the product knows itself is asked then, so that a choice that could be made once never fails later. */
const defaultOf = (kind: "chat" | "embedding", catalog: Catalog, provider: Provider): string | undefined =>
  [...catalog[kind], ...BUILT_IN_CATALOG[kind]].find((entry) => entry.provider === provider && !entry.disabled)?.model;

/**
 * The chat model of an environment: CHAT_MODEL, else the default of the first configured provider, else the local one.
 * @throws AppError "config_invalid" when the choice cannot work, saying which variable to set
 */
export function selectChatModel(env: GatewayEnv, catalog = BUILT_IN_CATALOG): ModelRef {
  if (env.CHAT_MODEL) return parseModel(env, "CHAT_MODEL", env.CHAT_MODEL);
  const provider = CHAT_ORDER.find((name) => reachableProviders(env)[name]);
  if (!provider) return { provider: "local", id: "extractive" };
  const id = provider === "compatible" ? undefined : defaultOf("chat", catalog, provider);
  if (id) return { provider, id };
  throw new AppError(
    "config_invalid",
    "OPENAI_COMPATIBLE_BASE_URL is set, so CHAT_MODEL must name a model of that server, for example compatible/llama3.1.",
  );
}

/**
 * The embedding model of an environment: EMBEDDING_MODEL, else the default of OpenAI or Google when configured, else the local
 * one. A compatible server is never asked for embeddings unless EMBEDDING_MODEL says so, because many have none.
 * @throws AppError "config_invalid" when the choice cannot work, saying which variable to set
 */
export function selectEmbeddingModel(env: GatewayEnv, catalog = BUILT_IN_CATALOG): ModelRef {
  if (env.EMBEDDING_MODEL) return parseModel(env, "EMBEDDING_MODEL", env.EMBEDDING_MODEL);
  const provider = (["openai", "google"] as const).find((name) => reachableProviders(env)[name]) ?? "local";
  return { provider, id: defaultOf("embedding", catalog, provider) ?? "hash-384" };
}

/** @throws AppError "config_invalid" when this environment cannot use the model */
export const parseChatModel = (env: GatewayEnv, value: string): ModelRef => parseModel(env, "CHAT_MODEL", value);

/** @throws AppError "config_invalid" when this environment cannot use the model */
export const parseEmbeddingModel = (env: GatewayEnv, value: string): ModelRef =>
  parseModel(env, "EMBEDDING_MODEL", value);

function parseModel(env: GatewayEnv, variable: "CHAT_MODEL" | "EMBEDDING_MODEL", value: string): ModelRef {
  const slash = value.indexOf("/");
  const provider = PROVIDERS.find((name) => name === value.slice(0, slash));
  const id = value.slice(slash + 1);
  const example = variable === "CHAT_MODEL" ? "openai/gpt-6-luna" : "openai/text-embedding-3-small";
  if (!provider || !id)
    throw new AppError("config_invalid", `${variable} must be provider/model, for example ${example}.`);
  if (!reachableProviders(env)[provider]) {
    throw new AppError("config_invalid", `${variable} names ${provider}, which has no key or base URL.`);
  }
  const local = variable === "CHAT_MODEL" ? "extractive" : "hash-384";
  if (provider === "local" && id !== local) {
    throw new AppError("config_invalid", `${variable}: the only local model is local/${local}.`);
  }
  if (provider === "anthropic" && variable === "EMBEDDING_MODEL") {
    throw new AppError("config_invalid", "EMBEDDING_MODEL names anthropic, which offers no embeddings.");
  }
  return { provider, id };
}
