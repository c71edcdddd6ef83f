import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { type FakeModelOptions, type FakeModelServer, startFakeModelServer } from "@/lib/testing/fake-model-server";
import { BUILT_IN_CATALOG, embeddingModelEntry } from "./catalog";
import { toBatches } from "./embed";
import { createGateway } from "./gateway";
import type { CallRecord, GatewayEnv } from "./types";

let server: FakeModelServer;
let records: CallRecord[] = [];
beforeAll(async () => {
  server = await startFakeModelServer({ firstTokenMs: 1, dimensions: 1536, retryAfterSeconds: 0 });
});
afterAll(() => server.close());
beforeEach(() => {
  records = [];
  server.requests.length = 0;
});

const gateway = (env: GatewayEnv, limits = {}) =>
  createGateway({ env, onCall: (record) => void records.push(record), limits: { backoffMs: 1, ...limits } });
const openai = (model = "text-embedding-3-small"): GatewayEnv => ({
  OPENAI_API_KEY: "sk-secret",
  OPENAI_BASE_URL: server.baseUrl,
  EMBEDDING_MODEL: `openai/${model}`,
});
const google = (model = "gemini-embedding-001"): GatewayEnv => ({
  GOOGLE_GENERATIVE_AI_API_KEY: "sk-secret",
  GOOGLE_BASE_URL: server.googleBaseUrl,
  EMBEDDING_MODEL: `google/${model}`,
});
const compatible = (model: string): GatewayEnv => ({
  OPENAI_COMPATIBLE_BASE_URL: server.baseUrl,
  CHAT_MODEL: "compatible/llama",
  EMBEDDING_MODEL: `compatible/${model}`,
});
const meta = { tenantId: "t1", runId: "r1", step: "embed_chunks" as const };
const many = (count: number) => Array.from({ length: count }, (_, i) => `passage number ${i}`);

test.each([
  ["openai", () => openai()],
  ["google", () => google()],
] as const)("%s: vectors come in the order of the texts, in batches within the provider's limit", async (name, env) => {
  const one = gateway(env());
  const texts = many(600);
  const { vectors, dimensions, model } = await one.embed({ texts, meta });
  expect(model.provider).toBe(name);
  expect(dimensions).toBe(1536);
  expect(vectors).toHaveLength(600);
  expect(server.requests.length).toBe(name === "openai" ? 3 : 6);
  for (const index of [0, 255, 256, 599]) {
    const alone = await one.embed({ texts: [texts[index]!], meta });
    expect(vectors[index]).toEqual(alone.vectors[0]);
  }
  expect(vectors[0]).not.toEqual(vectors[1]);
});

test("one record per call, with the sum of its batches", async () => {
  const { usage } = await gateway(openai()).embed({ texts: many(600), meta });
  expect(records).toMatchObject([
    { ...meta, provider: "openai", outcome: "ok", attempts: 1, estimated: false, outputTokens: 0 },
  ]);
  expect(records[0]?.inputTokens).toBe(usage.inputTokens);
  expect(records[0]?.costMicroUsd).toBe(Math.ceil((usage.inputTokens * 20_000) / 1_000_000));
});

test("usage that a provider does not report is estimated and marked", async () => {
  await gateway(google()).embed({ texts: many(3), meta });
  expect(records).toMatchObject([{ estimated: true, outcome: "ok" }]);
  expect(records[0]?.inputTokens).toBeGreaterThan(5);
});

test("no texts, no request, no record", async () => {
  expect(await gateway(openai()).embed({ texts: [], meta })).toMatchObject({ vectors: [], dimensions: 1536 });
  expect(server.requests).toEqual([]);
  expect(records).toEqual([]);
});

test("a failing batch is tried again", async () => {
  const { vectors } = await gateway(compatible("nomic.fail-twice")).embed({ texts: many(3), meta });
  expect(vectors).toHaveLength(3);
  expect(records).toMatchObject([{ outcome: "ok", attempts: 3 }]);
});

test("a model outside the catalog tells its dimensions with its first answer", async () => {
  const one = gateway(compatible("nomic"));
  expect(one.embeddingModel).toMatchObject({ provider: "compatible", id: "nomic", dimensions: null, isLocal: false });
  await one.embed({ texts: ["a"], meta });
  expect(one.embeddingModel.dimensions).toBe(1536);
});

test.each(["missing-vectors", "nan-vectors", "short-vectors", "garbage", "fail"])(
  "%s: nothing is returned, the error says why",
  async (mode) => {
    await expect(gateway(compatible(`nomic.${mode}`)).embed({ texts: many(3), meta })).rejects.toMatchObject({
      code: "upstream_failed",
    });
    expect(records).toMatchObject([{ outcome: "error", errorCode: "upstream_failed" }]);
  },
);

test("vectors of another length than the catalog's are refused", async () => {
  const small = await startFakeModelServer({ firstTokenMs: 0, dimensions: 768 });
  const env = { ...openai(), OPENAI_BASE_URL: small.baseUrl };
  const embedding = gateway(env).embed({ texts: ["a"], meta });
  await expect(embedding).rejects.toMatchObject({ code: "upstream_failed", message: expect.stringContaining("768") });
  expect(small.requests).toHaveLength(1);
  await small.close();
});

test("a refused key names the variable, never the key", async () => {
  const embedding = gateway(openai("text-embedding-3-small.unauthorized")).embed({ texts: ["a"], meta });
  const error = await embedding.catch((thrown) => thrown);
  expect(error).toMatchObject({ code: "model_misconfigured", message: expect.stringContaining("OPENAI_API_KEY") });
  expect(`${error.message}${error.stack}${error.cause}`).not.toContain("sk-secret");
});

test("an unknown model names EMBEDDING_MODEL", async () => {
  const embedding = gateway(openai("ada.unknown-model")).embed({ texts: ["a"], meta });
  await expect(embedding).rejects.toMatchObject({ message: expect.stringContaining("EMBEDDING_MODEL") });
});

describe("a request that the provider refuses", () => {
  const limited = async (embeddingLimits: FakeModelOptions["embeddingLimits"]) => {
    const strict = await startFakeModelServer({ firstTokenMs: 0, dimensions: 8, embeddingLimits });
    onTestFinished(() => strict.close());
    const env = { ...compatible("nomic"), OPENAI_COMPATIBLE_BASE_URL: strict.baseUrl };
    return { strict, one: gateway(env) };
  };

  test.each([400, 413] as const)("as too large (HTTP %i) is split until it fits, in order", async (refuseStatus) => {
    const { strict, one } = await limited({ texts: 5, refuseStatus });
    const texts = many(40);
    const { vectors } = await one.embed({ texts, meta });
    expect(vectors.every((vector) => vector?.length === 8)).toBe(true);
    const alone = await one.embed({ texts: [texts[33]!], meta });
    expect(vectors[33]).toEqual(alone.vectors[0]);
    const answered = strict.requests.filter(({ json }) => (json.input as string[]).length <= 5);
    expect(answered.flatMap(({ json }) => json.input as string[]).filter((text) => text === texts[0])).toHaveLength(1);
  });

  test("for its sum of characters is split as well", async () => {
    const { one } = await limited({ totalCharacters: 3_000 });
    const { vectors } = await one.embed({ texts: many(9).map((text) => text + "x".repeat(900)), meta });
    expect(vectors.filter((vector) => vector === null)).toEqual([]);
  });

  test("for one text leaves that one without a vector, and no other; the call is paid and recorded once", async () => {
    const { one } = await limited({ forbidden: "number 17" });
    const { vectors } = await one.embed({ texts: many(64), meta });
    expect(vectors.flatMap((vector, i) => (vector ? [] : [i]))).toEqual([17]);
    expect(records).toMatchObject([{ ...meta, outcome: "ok" }]);
    expect(records[0]!.inputTokens).toBeGreaterThan(64);
  });

  test("for one text that is too long shortens that one", async () => {
    const { strict, one } = await limited({ textCharacters: 1_000 });
    const { vectors } = await one.embed({ texts: ["short", "y".repeat(3_500), "also short"], meta });
    expect(vectors.every((vector) => vector?.length === 8)).toBe(true);
    expect(strict.requests.some(({ json }) => (json.input as string[])[0] === "y".repeat(875))).toBe(true);
  });

  test("whatever it holds is an error of the model, found out with one request more", async () => {
    const { strict, one } = await limited({ texts: 0 });
    await expect(one.embed({ texts: many(64), meta })).rejects.toMatchObject({ code: "model_misconfigured" });
    expect(strict.requests).toHaveLength(2);
  });
});

test("a provider that asks to wait is given that time", async () => {
  const slow = await startFakeModelServer({ firstTokenMs: 0, retryAfterSeconds: 1 });
  onTestFinished(() => slow.close());
  const one = gateway({ ...compatible("nomic.rate-limited-once"), OPENAI_COMPATIBLE_BASE_URL: slow.baseUrl });
  const startedAt = Date.now();
  await one.embed({ texts: ["a"], meta });
  expect(Date.now() - startedAt).toBeGreaterThanOrEqual(990);
  expect(records).toMatchObject([{ outcome: "ok", attempts: 2 }]);
});

test("another model than the environment's is used by its name, if its provider has a key", async () => {
  const one = gateway(openai());
  expect(one.embeddingModels.map(({ provider, id }) => `${provider}/${id}`)).toEqual([
    "openai/text-embedding-3-small",
    "openai/text-embedding-3-large",
    "local/hash-384",
  ]);
  const { vectors, model } = await one.embed({ texts: ["a"], model: "local/hash-384", meta });
  expect(model).toEqual({ provider: "local", id: "hash-384" });
  expect(vectors[0]).toHaveLength(384);
  expect(records).toMatchObject([{ provider: "local", model: "hash-384" }]);
  expect(one.embeddingModelInfo("google/gemini-embedding-2")).toBeNull();
  expect(one.embeddingModelInfo("nonsense")).toBeNull();
  await expect(one.embed({ texts: ["a"], model: "google/gemini-embedding-2", meta })).rejects.toMatchObject({
    code: "config_invalid",
  });
});

test("an abort ends the call and is recorded", async () => {
  const controller = new AbortController();
  const embedding = gateway(openai("text-embedding-3-small.hang")).embed({
    texts: ["a"],
    meta,
    signal: controller.signal,
  });
  setTimeout(() => controller.abort(), 20);
  await expect(embedding).rejects.toMatchObject({ code: "aborted" });
  expect(records).toMatchObject([{ outcome: "aborted" }]);
});

test("a server that never answers is given up at the limit", async () => {
  const embedding = gateway(openai("text-embedding-3-small.hang"), { embedMs: 50 }).embed({ texts: ["a"], meta });
  await expect(embedding).rejects.toMatchObject({ code: "timeout" });
  expect(records).toMatchObject([{ outcome: "timeout" }]);
});

test("batches keep to the token limit, and a text above the model's limit is cut", () => {
  const entry = {
    ...embeddingModelEntry(BUILT_IN_CATALOG, "openai", "text-embedding-3-small"),
    maxBatchTokens: 1_000,
    maxTextTokens: 500,
  };
  const texts = [...Array(3).fill("word ".repeat(240)), "word ".repeat(8_000), ""];
  const batches = toBatches(texts, entry);
  expect(batches.map((batch) => batch.start)).toEqual([0, 3]);
  expect(batches.every((batch) => batch.tokens <= 1_000)).toBe(true);
  expect(batches[1]?.texts[0]?.length).toBe(1_923);
  expect(batches[1]?.texts[1]).toBe(" ");
});
