import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type FakeModelServer, startFakeModelServer } from "@/lib/testing/fake-model-server";
import { BUILT_IN_CATALOG } from "./catalog";
import { createGateway } from "./gateway";
import type { CallRecord, GatewayEnv } from "./types";

let server: FakeModelServer;
let records: CallRecord[];
let says: string;
beforeAll(async () => {
  server = await startFakeModelServer({ firstTokenMs: 1, tokenMs: 0, apiKey: "rerank-key", answer: () => says });
});
afterAll(() => server.close());
beforeEach(() => {
  server.setMode("ok");
  records = [];
});

const META = { tenantId: "0197f000-0000-7000-8000-000000000001" };
const TEXTS = ["Parcels leave within a day.", "The warranty is two years.", "Two years of warranty on every scale."];
const gateway = (env: Partial<GatewayEnv>, limits = {}) =>
  createGateway({ env: env as GatewayEnv, onCall: (record) => void records.push(record), limits });
const byServer = (limits = {}) =>
  gateway({ RERANK_MODEL: "rerank-3", RERANK_BASE_URL: `${server.baseUrl}/`, RERANK_API_KEY: "rerank-key" }, limits);
const rank = (of: ReturnType<typeof gateway>, signal?: AbortSignal) =>
  of.rerank({ query: "warranty scale", texts: TEXTS, meta: META, ...(signal && { signal }) });

test("without a reranker nobody is asked", async () => {
  const off = gateway({});
  expect(off.canRerank).toBe(false);
  expect(await rank(off)).toBeNull();
  expect(records).toEqual([]);
});

test("a server with /rerank scores the texts in their order, and the call is metered", async () => {
  expect(await rank(byServer())).toEqual([0, 0.5, 1]);
  expect(server.requests.at(-1)!.json).toMatchObject({ model: "rerank-3", query: "warranty scale", top_n: 3 });
  expect(records).toMatchObject([{ ...META, step: "rerank", model: "rerank-3", outcome: "ok", estimated: true }]);
  expect(records[0]!.inputTokens).toBeGreaterThan(10);
  expect(records[0]!.costMicroUsd).toBe(0);
});

test("a reranker of the catalog has a price", async () => {
  const rerank = [{ provider: "compatible" as const, model: "rerank-3", inputPrice: 2_000_000 }];
  await rank(
    createGateway({
      env: { RERANK_MODEL: "rerank-3", RERANK_BASE_URL: server.baseUrl, RERANK_API_KEY: "rerank-key" },
      onCall: (record) => void records.push(record),
      catalog: () => ({ ...BUILT_IN_CATALOG, rerank }),
    }),
  );
  expect(records[0]!.costMicroUsd).toBe(records[0]!.inputTokens * 2);
});

test("a text that the server leaves out scores below all others", async () => {
  server.setMode("missing-vectors");
  const scores = (await rank(byServer()))!;
  expect(scores[2]).toBe(1);
  expect(Math.max(scores[0]!, scores[1]!)).toBeLessThan(0);
});

test.each(["fail", "garbage", "empty", "rate-limited", "unauthorized", "unknown-model"] as const)(
  "a server that answers with %s costs nothing but the order, and its failure is metered",
  async (mode) => {
    server.setMode(mode);
    expect(await rank(byServer())).toBeNull();
    expect(records).toHaveLength(1);
    expect(records[0]!.outcome).toBe(mode === "empty" ? "ok" : "error");
    expect(JSON.stringify(records)).not.toContain("rerank-key");
  },
);

test("a server that never answers is given up", async () => {
  server.setMode("hang");
  expect(await rank(byServer({ rerankMs: 30 }))).toBeNull();
  expect(records).toMatchObject([{ step: "rerank", outcome: "timeout", inputTokens: 0 }]);
});

test("a visitor's stop is a stop, not a failed reranking", async () => {
  server.setMode("hang");
  const gone = new AbortController();
  const ranked = rank(byServer(), gone.signal);
  gone.abort();
  await expect(ranked).rejects.toThrow();
});

const byModel = () =>
  gateway({
    RERANK_MODEL: "compatible/judge",
    OPENAI_COMPATIBLE_BASE_URL: server.baseUrl,
    OPENAI_COMPATIBLE_API_KEY: "rerank-key",
    CHAT_MODEL: "compatible/fake",
  });

test("a chat model scores them too, whatever it puts around its JSON", async () => {
  says = 'Here:\n```json\n{"scores": [{"id": 3, "score": 9}, {"id": 1, "score": 0}]}\n```';
  expect(await rank(byModel())).toEqual([0, -1, 9]);
  expect(records).toMatchObject([{ step: "rerank", model: "judge", outcome: "ok" }]);
});

test.each(["no JSON", "{", '{"scores": "high"}', '{"scores": [{"id": "a", "score": 1}]}', '{"scores": []}'])(
  "a chat model that says %s leaves the order as it was",
  async (said) => {
    says = said;
    expect(await rank(byModel())).toBeNull();
  },
);
