import { describe, expect, test } from "vitest";
import {
  BUILT_IN_CATALOG,
  type Catalog,
  type ChatModelEntry,
  chatCostMicroUsd,
  chatModelEntry,
  inputCostMicroUsd,
} from "./catalog";
import { parseRetryAfterMs } from "./errors";
import { createGateway } from "./gateway";
import { selectChatModel, selectEmbeddingModel } from "./select";
import type { GatewayEnv } from "./types";

const name = ({ provider, id }: { provider: string; id: string }) => `${provider}/${id}`;

describe("which model is used", () => {
  test.each([
    [{}, "local/extractive", "local/hash-384"],
    [{ OPENAI_API_KEY: "k" }, "openai/gpt-6-luna", "openai/text-embedding-3-small"],
    [{ OPENAI_BASE_URL: "http://x.test/v1" }, "openai/gpt-6-luna", "openai/text-embedding-3-small"],
    [{ ANTHROPIC_API_KEY: "k" }, "anthropic/claude-haiku-5-5", "local/hash-384"],
    [{ GOOGLE_GENERATIVE_AI_API_KEY: "k" }, "google/gemini-3.5-flash-lite", "google/gemini-embedding-001"],
    [
      { ANTHROPIC_API_KEY: "k", GOOGLE_GENERATIVE_AI_API_KEY: "k" },
      "anthropic/claude-haiku-5-5",
      "google/gemini-embedding-001",
    ],
    [
      { OPENAI_COMPATIBLE_BASE_URL: "http://x.test", CHAT_MODEL: "compatible/a/b:7b" },
      "compatible/a/b:7b",
      "local/hash-384",
    ],
    [
      { OPENAI_API_KEY: "k", CHAT_MODEL: "local/extractive", EMBEDDING_MODEL: "local/hash-384" },
      "local/extractive",
      "local/hash-384",
    ],
  ])("%j", (env, chat, embedding) => {
    expect(name(selectChatModel(env))).toBe(chat);
    expect(name(selectEmbeddingModel(env))).toBe(embedding);
  });

  test.each([
    [{ OPENAI_COMPATIBLE_BASE_URL: "http://x.test/v1" }, /CHAT_MODEL must name a model/],
    [{ CHAT_MODEL: "openai/gpt-6-luna" }, /no key or base URL/],
    [{ CHAT_MODEL: "gpt-6-luna" }, /provider\/model/],
    [{ CHAT_MODEL: "local/llama" }, /local\/extractive/],
    [{ EMBEDDING_MODEL: "local/bert" }, /local\/hash-384/],
    [{ ANTHROPIC_API_KEY: "k", EMBEDDING_MODEL: "anthropic/voyage" }, /no embeddings/],
  ])("%j is refused with what to do", (env, message) => {
    const make = () => createGateway({ env, onCall: () => {} });
    expect(make).toThrow(message);
    expect(make).toThrow(expect.objectContaining({ code: "config_invalid" }));
  });

  test("the gateway says what it uses", () => {
    const gateway = createGateway({ env: {}, onCall: () => {} });
    expect(gateway.chatModel).toMatchObject({ provider: "local", id: "extractive", isLocal: true });
    expect(gateway.embeddingModel).toMatchObject({ provider: "local", id: "hash-384", isLocal: true, dimensions: 384 });
  });
});

describe("what a call costs", () => {
  const mini = { ...chatModelEntry(BUILT_IN_CATALOG, "openai", "gpt-5-mini") };

  test("input, cached input and output have their own prices, in whole micro-dollars, rounded up", () => {
    expect(chatCostMicroUsd(mini, { inputTokens: 1_000_000, outputTokens: 0, cachedTokens: 0 })).toBe(250_000);
    expect(chatCostMicroUsd(mini, { inputTokens: 1_000_000, outputTokens: 0, cachedTokens: 1_000_000 })).toBe(25_000);
    expect(chatCostMicroUsd(mini, { inputTokens: 0, outputTokens: 1_000_000, cachedTokens: 0 })).toBe(2_000_000);
    expect(chatCostMicroUsd(mini, { inputTokens: 1, outputTokens: 0, cachedTokens: 0 })).toBe(1);
    expect(chatCostMicroUsd(mini, { inputTokens: 0, outputTokens: 0, cachedTokens: 0 })).toBe(0);
  });

  test("a long prompt is charged at the higher rate, as a whole", () => {
    const haiku = chatModelEntry(BUILT_IN_CATALOG, "anthropic", "claude-haiku-5-5");
    expect(chatCostMicroUsd(haiku, { inputTokens: 100_000, outputTokens: 1_000, cachedTokens: 0 })).toBe(10_500);
    expect(chatCostMicroUsd(haiku, { inputTokens: 100_001, outputTokens: 1_000, cachedTokens: 0 })).toBe(52_501);
  });

  test("local models are free, unknown ones have no price", () => {
    const much = { inputTokens: 9_999, outputTokens: 9_999, cachedTokens: 0 };
    expect(chatCostMicroUsd(chatModelEntry(BUILT_IN_CATALOG, "local", "extractive"), much)).toBe(0);
    expect(chatCostMicroUsd(chatModelEntry(BUILT_IN_CATALOG, "compatible", "llama"), much)).toBe(0);
    expect(inputCostMicroUsd({ inputPrice: 20_000 }, 1_000)).toBe(20);
  });

  test("every catalogued price is a whole number of micro-dollars, and every name stands once", () => {
    for (const { inputPrice, cachedInputPrice, outputPrice } of BUILT_IN_CATALOG.chat) {
      for (const price of [inputPrice, cachedInputPrice, outputPrice]) expect(Number.isInteger(price)).toBe(true);
    }
    const names = [...BUILT_IN_CATALOG.chat, ...BUILT_IN_CATALOG.embedding].map(
      ({ provider, model }) => `${provider}/${model}`,
    );
    expect(new Set(names).size).toBe(names.length);
  });
});

test("retry-after is read as milliseconds, seconds or a date", () => {
  const now = Date.parse("2026-11-01T00:00:00Z");
  expect(parseRetryAfterMs({ "retry-after-ms": "250", "retry-after": "9" }, now)).toBe(250);
  expect(parseRetryAfterMs({ "retry-after": "1.5" }, now)).toBe(1_500);
  expect(parseRetryAfterMs({ "retry-after": "Sun, 01 Nov 2026 00:00:30 GMT" }, now)).toBe(30_000);
  expect(parseRetryAfterMs({ "retry-after": "Sat, 31 Oct 2026 00:00:00 GMT" }, now)).toBe(0);
  expect(parseRetryAfterMs(undefined, now)).toBeUndefined();
  expect(parseRetryAfterMs({}, now)).toBeUndefined();
  expect(parseRetryAfterMs({ "retry-after": "soon" }, now)).toBeUndefined();
});

describe("a catalog that changes while a process runs", () => {
  const known = (
    provider: "openai" | "compatible",
    model: string,
    more: Partial<ChatModelEntry> = {},
  ): ChatModelEntry => ({
    provider,
    model,
    contextTokens: 1_000,
    inputPrice: 1,
    cachedInputPrice: 1,
    outputPrice: 1,
    ...more,
  });
  const offering = (env: GatewayEnv, ...chat: ChatModelEntry[]) => {
    let catalog: Catalog = { chat, embedding: [], rerank: [] };
    const gateway = createGateway({ env, onCall: () => {}, catalog: () => catalog });
    return { gateway, become: (...next: ChatModelEntry[]) => (catalog = { ...catalog, chat: next }) };
  };

  test("the first that is offered is what an environment without CHAT_MODEL uses", () => {
    const { gateway, become } = offering({ OPENAI_API_KEY: "k" }, known("openai", "a"), known("openai", "b"));
    expect(gateway.chatModel.id).toBe("a");
    become(known("openai", "a", { disabled: true }), known("openai", "b"));
    expect(gateway.chatModel.id).toBe("b");
    expect(gateway.chatModels.map(({ id }) => id)).toEqual(["b"]);
  });

  test("with nothing offered it is what the product knows itself, so that answers go on", () => {
    const { gateway, become } = offering({ OPENAI_API_KEY: "k" }, known("openai", "a"));
    become(known("openai", "a", { disabled: true }));
    expect(gateway.chatModel.id).toBe("gpt-6-luna");
    expect(gateway.embeddingModel.id).toBe("text-embedding-3-small");
    const own = offering({ OPENAI_COMPATIBLE_BASE_URL: "http://x.test", CHAT_MODEL: "compatible/llama" });
    expect(own.gateway.chatModel).toMatchObject({ id: "llama", inputMicroUsdPerMillion: 0 });
  });

  test("a model of a server of one's own is chosen by name and by tier once it is there", () => {
    const env = { OPENAI_COMPATIBLE_BASE_URL: "http://x.test", CHAT_MODEL: "compatible/llama" };
    const { gateway, become } = offering(env);
    expect(gateway.chatModelInfo("compatible/org/big:70b")).toBeNull();
    become(known("compatible", "org/big:70b", { tier: "LLM" }), known("openai", "no-key", { tier: "LLM" }));
    expect(gateway.chatModelInfo("LLM")).toMatchObject({ id: "org/big:70b" });
    expect(gateway.chatModelInfo("compatible/org/big:70b")).not.toBeNull();
    expect(gateway.chatModelInfo("openai/no-key")).toBeNull();
  });

  test("an embedding model that is not offered any more still embeds for the agents whose vectors it made", () => {
    const { gateway } = offering({ OPENAI_API_KEY: "k" });
    expect(gateway.embeddingModelInfo("openai/text-embedding-3-large")).toMatchObject({ id: "text-embedding-3-large" });
  });
});
