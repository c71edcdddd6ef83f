import type { SupabaseClient } from "@supabase/supabase-js";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseEnv } from "@/lib/core/env";
import { createPlatform, type Platform } from "@/lib/platform";
import { workerEnv } from "@/lib/testing/crawl-worker";
import { signUp, type TestUser, testStack } from "@/lib/testing/stack";
import type { KnowledgeDeps } from "../deps";
import { buildIndex } from "./build-index";
import { cancelModelChange, changeModel } from "./change-model";
import { getIndexes } from "./get-indexes";

const OTHER = "openai/text-embedding-3-small";
let platform: Platform;
let deps: KnowledgeDeps;
let owner: pg.Pool;
let a: TestUser;
let b: TestUser;
let tenantId: string;
let agentId: string;

beforeAll(async () => {
  const stack = testStack();
  owner = new pg.Pool({ connectionString: stack.adminDatabaseUrl, max: 2 });
  const env = { OPENAI_API_KEY: "sk-test", EMBEDDING_MODEL: "local/hash-384" };
  platform = createPlatform(parseEnv(workerEnv(stack.databaseUrl, env)));
  deps = await platform.crawl();
  [a, b] = [await signUp(), await signUp()];
  tenantId = (await owner.query("select tenant_id from members where user_id = $1", [a.userId])).rows[0].tenant_id;
  agentId = (await owner.query("insert into agents (tenant_id, name) values ($1, 'Agent') returning id", [tenantId]))
    .rows[0].id;
});
afterAll(async () => {
  await platform.close();
  await owner.end();
});

const asRole = async (role: string): Promise<SupabaseClient> => {
  await owner.query("update members set role = $1 where user_id = $2", [role, a.userId]);
  return a.client;
};

test("an admin starts a change and sees it; a second at the same time is refused", async () => {
  const client = await asRole("admin");
  const { indexId } = await changeModel(deps, client, { tenantId, agentId, model: OTHER });
  expect(await getIndexes(client, { tenantId, agentId })).toMatchObject({
    live: null,
    building: { id: indexId, model: OTHER, done: 0 },
    failed: null,
  });
  await expect(changeModel(deps, client, { tenantId, agentId, model: OTHER })).rejects.toMatchObject({
    code: "conflict",
  });
});

test("an admin stops it; after that it is over", async () => {
  const client = await asRole("admin");
  const { building } = await getIndexes(client, { tenantId, agentId });
  const indexId = building!.id;
  await cancelModelChange(deps, client, { tenantId, indexId });
  await buildIndex(deps, { tenantId, indexId }, new AbortController().signal);
  expect(await getIndexes(client, { tenantId, agentId })).toEqual({ live: null, building: null, failed: null });
  await expect(cancelModelChange(deps, client, { tenantId, indexId })).rejects.toMatchObject({ code: "conflict" });
});

test("an agent without passages has the new model at once; the same again is refused in words", async () => {
  const client = await asRole("admin");
  const { indexId } = await changeModel(deps, client, { tenantId, agentId, model: OTHER });
  await buildIndex(deps, { tenantId, indexId }, new AbortController().signal);
  expect(await getIndexes(client, { tenantId, agentId })).toMatchObject({ live: { model: OTHER }, building: null });
  await expect(changeModel(deps, client, { tenantId, agentId, model: OTHER })).rejects.toMatchObject({
    code: "bad_request",
    message: expect.stringContaining("already"),
  });
});

test.each(["nonsense", "google/gemini-embedding-2", "local/other", "openai/"])(
  "%s, which cannot be used here, is refused before anything is written",
  async (model) => {
    await expect(changeModel(deps, await asRole("owner"), { tenantId, agentId, model })).rejects.toMatchObject({
      code: "bad_request",
    });
  },
);

test.each(["viewer", "operator"])("a %s sees the model and may not change it", async (role) => {
  const client = await asRole(role);
  const model = "local/hash-384";
  await expect(changeModel(deps, client, { tenantId, agentId, model })).rejects.toMatchObject({ code: "forbidden" });
  expect((await getIndexes(client, { tenantId, agentId })).live).toMatchObject({ model: OTHER });
});

test("somebody of another workspace neither sees, starts nor stops a change", async () => {
  const model = "local/hash-384";
  const { indexId } = await changeModel(deps, await asRole("admin"), { tenantId, agentId, model });
  expect(await getIndexes(b.client, { tenantId, agentId })).toEqual({ live: null, building: null, failed: null });
  await expect(changeModel(deps, b.client, { tenantId, agentId, model })).rejects.toMatchObject({ code: "forbidden" });
  await expect(cancelModelChange(deps, b.client, { tenantId, indexId })).rejects.toMatchObject({ code: "not_found" });
  const own = (await owner.query("select tenant_id from members where user_id = $1", [b.userId])).rows[0].tenant_id;
  await expect(changeModel(deps, b.client, { tenantId: own, agentId, model })).rejects.toMatchObject({
    code: "not_found",
  });
});
