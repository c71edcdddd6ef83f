import { describe, expect, test } from "vitest";
import { CHAT_MODELS, chatCostMicroUsd, chatModelEntry, EMBEDDING_MODELS, embeddingCostMicroUsd } from "./catalog";
import { parseRetryAfterMs } from "./errors";
import { createGateway } from "./gateway";
import { selectChatModel, selectEmbeddingModel } from "./select";

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
  const mini = { ...chatModelEntry("openai", "gpt-5-mini") };

  test("input, cached input and output have their own prices, in whole micro-dollars, rounded up", () => {
    expect(chatCostMicroUsd(mini, { inputTokens: 1_000_000, outputTokens: 0, cachedTokens: 0 })).toBe(250_000);
    expect(chatCostMicroUsd(mini, { inputTokens: 1_000_000, outputTokens: 0, cachedTokens: 1_000_000 })).toBe(25_000);
    expect(chatCostMicroUsd(mini, { inputTokens: 0, outputTokens: 1_000_000, cachedTokens: 0 })).toBe(2_000_000);
    expect(chatCostMicroUsd(mini, { inputTokens: 1, outputTokens: 0, cachedTokens: 0 })).toBe(1);
    expect(chatCostMicroUsd(mini, { inputTokens: 0, outputTokens: 0, cachedTokens: 0 })).toBe(0);
  });

  test("a long prompt is charged at the higher rate, as a whole", () => {
    const haiku = chatModelEntry("anthropic", "claude-haiku-5-5");
    expect(chatCostMicroUsd(haiku, { inputTokens: 100_000, outputTokens: 1_000, cachedTokens: 0 })).toBe(10_500);
    expect(chatCostMicroUsd(haiku, { inputTokens: 100_001, outputTokens: 1_000, cachedTokens: 0 })).toBe(52_501);
  });

  test("local models are free, unknown ones have no price", () => {
    const much = { inputTokens: 9_999, outputTokens: 9_999, cachedTokens: 0 };
    expect(chatCostMicroUsd(chatModelEntry("local", "extractive"), much)).toBe(0);
    expect(chatCostMicroUsd(chatModelEntry("compatible", "llama"), much)).toBe(0);
    expect(embeddingCostMicroUsd({ inputPrice: 20_000 }, 1_000)).toBe(20);
  });

  test("every catalogued price is a whole number of micro-dollars, and every name stands once", () => {
    for (const { inputPrice, cachedInputPrice, outputPrice } of CHAT_MODELS) {
      for (const price of [inputPrice, cachedInputPrice, outputPrice]) expect(Number.isInteger(price)).toBe(true);
    }
    const names = [...CHAT_MODELS, ...EMBEDDING_MODELS].map(({ provider, model }) => `${provider}/${model}`);
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
