import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { newId } from "@/lib/core/ids";
import { call, json } from "@/lib/db/pool";
import type { CallRecord } from "@/lib/llm";
import { createGateway } from "@/lib/llm";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { startFakeModelServer } from "@/lib/testing/fake-model-server";
import { publishPages } from "@/lib/testing/knowledge";
import {
  agentWithTwoModels,
  indexesOf,
  LOCAL,
  letTimePass,
  OTHER,
  page,
  requestModel,
} from "@/lib/testing/model-change";
import { retrieve } from "../retrieve";
import { buildIndex } from "./build-index";
import { sweepIndexes } from "./sweep-indexes";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const signal = new AbortController().signal;
const setUp = async (options?: { pages?: number }) => {
  const made = await agentWithTwoModels(db, options);
  onTestFinished(() => made.server.close());
  const { tenantId, agentId } = made.source;
  const deps = { db: db.service, gateway: made.gateway, config: {} };
  const liveModel = async (): Promise<string> =>
    (await db.owner.query("select model from embedding_indexes where agent_id = $1 and state = 'live'", [agentId]))
      .rows[0].model;
  const ask = async (question: string, embeddingModel?: string) =>
    retrieve(deps, {
      tenantId,
      agentId,
      question,
      language: "en",
      embeddingModel: embeddingModel ?? (await liveModel()),
    });
  return { ...made, tenantId, agentId, deps, ask };
};
const removeOld = async () => {
  await letTimePass(db);
  return call<{ removed: number }>(db.service, "sweep_indexes", {});
};

test("a new agent's index is of the environment's model, with its length", async () => {
  const { agentId } = await setUp();
  expect(await indexesOf(db, { agentId })).toMatchObject([
    { model: LOCAL, state: "live", dimensions: 384, vectors: 6 },
  ]);
});

test("another model is built beside, switched to at once, paid for, and the old vectors go after a while", async () => {
  const { tenantId, agentId, deps, ask, server } = await setUp();
  const indexId = await requestModel(db, { tenantId, agentId });
  expect((await ask("number3 lamp")).chunks[0]).toMatchObject({ title: "Page 3" });
  await buildIndex(deps, { tenantId, indexId }, signal);
  expect(await indexesOf(db, { agentId })).toMatchObject([
    { model: LOCAL, state: "retired", vectors: 6 },
    { model: OTHER, state: "live", dimensions: 1536, vectors: 6, done: 6, total: 6 },
  ]);
  expect(Number((await indexesOf(db, { agentId }))[1]!.cost_micro_usd)).toBeGreaterThan(0);
  expect(server.requests).toHaveLength(1);
  expect((await ask("number3 lamp")).chunks[0]).toMatchObject({ title: "Page 3" });
  expect(await call<{ removed: number }>(db.service, "sweep_indexes", {})).toMatchObject({ removed: 0 });
  expect(await removeOld()).toMatchObject({ removed: 6 });
  expect((await indexesOf(db, { agentId }))[0]).toMatchObject({ state: "retired", vectors: 0 });
});

test("each call is recorded for the tenant, the agent, and the change", async () => {
  const { tenantId, agentId, env } = await setUp();
  const records: CallRecord[] = [];
  const gateway = createGateway({ env, onCall: (record) => void records.push(record) });
  const indexId = await requestModel(db, { tenantId, agentId });
  await buildIndex({ db: db.service, gateway, config: {} }, { tenantId, indexId }, signal);
  expect(records).toMatchObject([
    { tenantId, agentId, runId: indexId, step: "embed_chunks", model: "text-embedding-3-small" },
  ]);
  const [, built] = await indexesOf(db, { agentId });
  expect(Number(built!.cost_micro_usd)).toBe(records[0]!.costMicroUsd);
});

test("pages that are published meanwhile get both, and what one model knows is not paid again", async () => {
  const { tenantId, agentId, deps, server, source } = await setUp({ pages: 2 });
  const indexId = await requestModel(db, { tenantId, agentId });
  let added = false;
  const gateway = {
    ...deps.gateway,
    embed: async (input: Parameters<typeof deps.gateway.embed>[0]) => {
      const result = await deps.gateway.embed(input);
      if (input.model === OTHER && !added) {
        added = true;
        await publishPages(deps, source, [page(0), page(1), page(2)]);
      }
      return result;
    },
  };
  await buildIndex({ ...deps, gateway }, { tenantId, indexId }, signal);
  expect(await indexesOf(db, { agentId })).toMatchObject([
    { model: LOCAL, vectors: 3 },
    { model: OTHER, state: "live", vectors: 3 },
  ]);
  const texts = server.requests.flatMap(({ json }) => json.input as string[]);
  expect(new Set(texts).size).toBe(texts.length);
  await publishPages(deps, source, [page(0), page(1), page(2), page(3)]);
  expect((await indexesOf(db, { agentId }))[1]).toMatchObject({ state: "live", vectors: 4 });
});

test("a page embedded with the old model just before the switch is embedded again, never published with it", async () => {
  const { tenantId, agentId, deps, source } = await setUp({ pages: 1 });
  let switched = false;
  const gateway = {
    ...deps.gateway,
    embed: async (input: Parameters<typeof deps.gateway.embed>[0]) => {
      const result = await deps.gateway.embed(input);
      if (input.model === LOCAL && input.meta.step === "embed_chunks" && !switched) {
        switched = true;
        await buildIndex(deps, { tenantId, indexId: await requestModel(db, { tenantId, agentId }) }, signal);
      }
      return result;
    },
  };
  await publishPages({ ...deps, gateway }, source, [page(0), page(1)]);
  expect(await indexesOf(db, { agentId })).toMatchObject([
    { model: LOCAL, state: "retired", vectors: 1 },
    { model: OTHER, state: "live", vectors: 2 },
  ]);
});

test("no question is compared with vectors of another model, whenever the switch comes", async () => {
  const { tenantId, agentId, deps, ask } = await setUp({ pages: 30 });
  const question = `Page 7\nPage 7\n${page(7).markdown.split("\n\n")[1]}`;
  let done = false;
  const seen = new Set<string>();
  const asking = Array.from({ length: 4 }, async () => {
    while (!done) {
      const model = (
        await db.owner.query("select model from embedding_indexes where agent_id = $1 and state = 'live'", [agentId])
      ).rows[0].model as string;
      seen.add(model);
      const { chunks } = await ask(question, model);
      // The two models' vectors have different lengths: comparing across would be an error. The same text is the same vector: cosine 1.
      const hit = chunks.find(({ title }) => title === "Page 7");
      expect(hit?.similarity, model).toBeGreaterThan(0.95);
    }
  });
  const indexId = await requestModel(db, { tenantId, agentId });
  await buildIndex(deps, { tenantId, indexId }, signal);
  while (!seen.has(OTHER)) await ask(question);
  // Embedded by the old model before, asked after the switch: still the old model's vectors, and no others.
  const late = await ask(question, LOCAL);
  expect(late.chunks.find(({ title }) => title === "Page 7")?.similarity).toBeGreaterThan(0.95);
  done = true;
  await Promise.all(asking);
  expect([...seen].sort()).toEqual([LOCAL, OTHER]);
  await removeOld();
  expect((await ask(question, LOCAL)).chunks.every(({ similarity }) => similarity === 0)).toBe(true);
});

test("a cancelled build leaves the live index alone, and its vectors go", async () => {
  const { tenantId, agentId, deps } = await setUp();
  const indexId = await requestModel(db, { tenantId, agentId });
  const gateway = {
    ...deps.gateway,
    embed: async (input: Parameters<typeof deps.gateway.embed>[0]) => {
      await db.owner.query("update embedding_indexes set cancel_requested_at = now() where id = $1", [indexId]);
      return deps.gateway.embed(input);
    },
  };
  await buildIndex({ ...deps, gateway }, { tenantId, indexId }, signal);
  expect(await indexesOf(db, { agentId })).toMatchObject([
    { model: LOCAL, state: "live", vectors: 6 },
    { model: OTHER, state: "retired", vectors: 6, error_code: null },
  ]);
  await call(db.service, "sweep_indexes", {});
  expect((await indexesOf(db, { agentId }))[1]).toMatchObject({ vectors: 0 });
  await requestModel(db, { tenantId, agentId });
});

test("a model that refuses ends the build with its reason; the live index stays", async () => {
  const { tenantId, agentId, deps } = await setUp();
  const refused = await requestModel(db, { tenantId, agentId }, "openai/text-embedding-3-small.unauthorized");
  await buildIndex(deps, { tenantId, indexId: refused }, signal);
  const unknown = await requestModel(db, { tenantId, agentId }, "google/gemini-embedding-2");
  await buildIndex(deps, { tenantId, indexId: unknown }, signal);
  expect(await indexesOf(db, { agentId })).toMatchObject([
    { state: "live", vectors: 6 },
    { state: "retired", error_code: "model_misconfigured" },
    { state: "retired", error_code: "config_invalid" },
  ]);
});

test("a provider that is busy is asked again after the time it named", async () => {
  const { tenantId, agentId, source } = await setUp({ pages: 1 });
  const busy = await startFakeModelServer({ firstTokenMs: 0, mode: "rate-limited", retryAfterSeconds: 90 });
  onTestFinished(() => busy.close());
  const env = { OPENAI_API_KEY: "sk-test", OPENAI_BASE_URL: busy.baseUrl };
  const gateway = createGateway({ env, onCall: () => {} });
  const indexId = await requestModel(db, { tenantId, agentId });
  const again = await buildIndex({ db: db.service, gateway, config: {} }, { tenantId, indexId }, signal);
  expect(again).toEqual({ runAgainInMs: 90_000 });
  expect((await indexesOf(db, source))[1]).toMatchObject({ state: "building", vectors: 0 });
});

test("a text that a model refuses is published without a vector, and found by its words", async () => {
  const strict = await startFakeModelServer({ firstTokenMs: 0, embeddingLimits: { forbidden: "number1 " } });
  onTestFinished(() => strict.close());
  const { tenantId, agentId, ask, deps } = await setUp({ pages: 3 });
  const env = { OPENAI_API_KEY: "sk-test", OPENAI_BASE_URL: strict.baseUrl, EMBEDDING_MODEL: LOCAL };
  const gateway = createGateway({ env, onCall: () => {} });
  const indexId = await requestModel(db, { tenantId, agentId });
  await buildIndex({ ...deps, gateway }, { tenantId, indexId }, signal);
  expect((await indexesOf(db, { agentId }))[1]).toMatchObject({ state: "live", vectors: 2, done: 3 });
  const found = (await ask("number1")).chunks.find(({ title }) => title === "Page 1");
  expect(found).toMatchObject({ similarity: 0 });
  expect(found!.lexical).toBeGreaterThan(0);
});

test("two workers do not build one index at once, and one that comes back too late stores nothing", async () => {
  const { tenantId, agentId } = await setUp();
  const indexId = await requestModel(db, { tenantId, agentId });
  const [first, second] = [newId(), newId()];
  const claim = (lease: string) =>
    call<{ state: string; chunkIds: string[] }>(db.service, "claim_index_batch", {
      tenant_id: tenantId,
      index_id: indexId,
      lease,
      lease_ms: 60_000,
      limit: 3,
    });
  const batch = await claim(first);
  expect(await claim(second)).toEqual({ state: "held" });
  await letTimePass(db);
  expect(await claim(second)).toMatchObject({ state: "embed" });
  const late = { tenant_id: tenantId, index_id: indexId, lease: first };
  expect(
    await call(db.service, "store_index_batch", {
      ...late,
      lease_ms: 1,
      chunk_ids: batch.chunkIds,
      embeddings: json(batch.chunkIds.map((id) => ({ id, embedding: "[1]" }))),
      cost_micro_usd: 1,
    }),
  ).toBe("lost");
  expect(await call(db.service, "switch_index", late)).toBe("lost");
  expect(await call(db.service, "switch_index", { ...late, lease: second }), "three are missing").toBe("more");
});

test("every function refuses another tenant's index", async () => {
  const { tenantId, agentId } = await setUp();
  const other = await setUp();
  const indexId = await requestModel(db, { tenantId, agentId });
  const stranger = { tenant_id: other.tenantId, index_id: indexId };
  const lease = newId();
  expect(await call(db.service, "claim_index_batch", { ...stranger, lease, lease_ms: 1_000, limit: 5 })).toEqual({
    state: "over",
  });
  await call(db.service, "claim_index_batch", { ...stranger, tenant_id: tenantId, lease, lease_ms: 60_000, limit: 5 });
  await call(db.service, "fail_index", { ...stranger, code: "x", message: "x" });
  await call(db.service, "release_index", { ...stranger, lease });
  expect(await call(db.service, "switch_index", { ...stranger, lease })).toBe("lost");
  const { rows } = await db.owner.query("select state, lease_token from embedding_indexes where id = $1", [indexId]);
  expect(rows).toEqual([{ state: "building", lease_token: lease }]);
});

test("a build that nobody works on is enqueued again", async () => {
  const { tenantId, agentId } = await setUp();
  const indexId = await requestModel(db, { tenantId, agentId });
  await letTimePass(db);
  const added: unknown[] = [];
  const queues = { add: async (_job: unknown, payload: unknown) => void added.push(payload) } as never;
  await sweepIndexes({ db: db.service, queues, config: {} });
  expect(added).toContainEqual({ tenantId, indexId });
});
