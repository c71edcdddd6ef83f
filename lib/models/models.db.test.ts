import type { SupabaseClient } from "@supabase/supabase-js";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "@/lib/db/types.gen";
import { BUILT_IN_CATALOG, createGateway } from "@/lib/llm";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { asAnon, signUp, type TestUser, testStack } from "@/lib/testing/stack";
import { addModel, changeModel, listModels, ModelRegistry, removeModel } from ".";
import { catalogFromRows } from "./rows";
import type { AddModel, Model } from "./schema";

const OWN: AddModel = {
  provider: "compatible",
  model: "org/own:7b",
  kind: "chat",
  position: 500,
  enabled: true,
  tier: "SLM_B",
  contextTokens: 32_000,
  maxOutputTokens: 4_000,
  inputMicroUsd: 200_000,
  cachedInputMicroUsd: 20_000,
  outputMicroUsd: 600_000,
  longPrompt: null,
  reasoning: null,
  note: "On our own machine",
};

describe("as a process reads it", () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.drop());

  const setModel = (model: string, change: string) =>
    db.owner.query(`update models set ${change} where model = $1`, [model]);

  test("it begins as the catalog that the product knows itself", async () => {
    const { rows } = await db.service.query("select service.list_models() as models");
    expect(catalogFromRows(rows[0].models, (name) => expect.unreachable(name))).toEqual(BUILT_IN_CATALOG);
  });

  test("a change is in force with the next reading, for offers and for prices; before it, the old one", async () => {
    const registry = new ModelRegistry(db.service);
    const gateway = createGateway({
      env: { OPENAI_API_KEY: "k", CHAT_MODEL: "openai/gpt-5-mini" },
      onCall: () => {},
      catalog: () => registry.current,
    });
    await registry.refresh();
    const first = registry.current;
    await registry.refresh();
    expect(registry.current).toBe(first);
    expect(gateway.chatModelInfo("openai/gpt-4o-mini")).toMatchObject({ inputMicroUsdPerMillion: 150_000 });
    await setModel("gpt-4o-mini", "input_micro_usd = 1");
    await setModel("gpt-6-sol", "enabled = false");
    await setModel("gpt-5-mini", "enabled = false, output_micro_usd = 7");
    expect(gateway.chatModelInfo("LLM")).toMatchObject({ id: "gpt-6-sol" });
    await registry.refresh();
    expect(gateway.chatModelInfo("openai/gpt-4o-mini")).toMatchObject({ inputMicroUsdPerMillion: 1 });
    expect(gateway.chatModelInfo("openai/gpt-6-sol")).toBeNull();
    expect(gateway.chatModelInfo("LLM")).toBeNull();
    // What the environment names stays, at its price.
    expect(gateway.chatModel).toMatchObject({ id: "gpt-5-mini", outputMicroUsdPerMillion: 7 });
    await registry.close();
  });

  test("while the database cannot be asked, what was read last holds; before that, what the product knows", async () => {
    let isDown = true;
    const registry = new ModelRegistry({
      query: ((...args: Parameters<typeof db.service.query>) =>
        isDown ? Promise.reject(new Error("down")) : db.service.query(...args)) as typeof db.service.query,
    });
    await registry.refresh();
    expect(registry.current).toBe(BUILT_IN_CATALOG);
    isDown = false;
    await registry.refresh();
    const read = registry.current;
    expect(read).not.toBe(BUILT_IN_CATALOG);
    isDown = true;
    await registry.refresh();
    expect(registry.current).toBe(read);
    isDown = false;
    await setModel("gpt-4.1-mini", "enabled = false");
    await registry.refresh();
    expect(registry.current.chat.find(({ model }) => model === "gpt-4.1-mini")?.disabled).toBe(true);
  });

  test("a row that is none of ours costs itself alone", () => {
    const bad: string[] = [];
    const known = {
      provider: "compatible",
      model: "ranker",
      kind: "rerank",
      position: 1,
      enabled: true,
      context_tokens: 1,
      input_micro_usd: 5,
    };
    const rows = [known, { ...known, model: "odd", kind: "video" }, { ...known, model: "cheap", input_micro_usd: -1 }];
    expect(catalogFromRows(rows, (name) => bad.push(name)).rerank).toEqual([
      { provider: "compatible", model: "ranker", inputPrice: 5 },
    ]);
    expect(bad).toEqual(["compatible/odd", "compatible/cheap"]);
    expect(() => catalogFromRows({ models: [] }, () => {})).toThrow();
  });
});

describe("as platform admins write it", () => {
  let owner: pg.Pool;
  let admin: TestUser;
  let member: TestUser;
  let db: SupabaseClient<Database>;

  beforeAll(async () => {
    owner = new pg.Pool({ connectionString: testStack().adminDatabaseUrl, max: 2 });
    [admin, member] = [
      await signUp(undefined, { workspace_name: "Platform" }),
      await signUp(undefined, { workspace_name: "Customer" }),
    ];
    await owner.query("insert into private.platform_admins (user_id) values ($1)", [admin.userId]);
    db = admin.client;
  });
  afterAll(async () => {
    // Other files add theirs to the same list.
    await owner.query("delete from models where provider = 'compatible' and model = any ($1)", [
      [OWN.model, "long", "vectors", "ranker", "shared"],
    ]);
    await owner.end();
  });

  const find = async (model: string): Promise<Model | undefined> =>
    (await listModels(db)).models.find((one) => one.model === model);

  test("a model is added, changed and removed, and each change is kept with who made it", async () => {
    await addModel(db, OWN);
    const added = (await find(OWN.model))!;
    expect(added).toEqual({ ...OWN, updatedAt: added.updatedAt, updatedBy: admin.email });
    await changeModel(db, { ...OWN, inputMicroUsd: 250_000, enabled: false, seen: added.updatedAt });
    const changed = (await find(OWN.model))!;
    expect(changed).toMatchObject({ inputMicroUsd: 250_000, enabled: false });
    // Saved without a change, it is none.
    await changeModel(db, { ...OWN, inputMicroUsd: 250_000, enabled: false, seen: changed.updatedAt });
    await removeModel(db, { provider: OWN.provider, model: OWN.model, seen: changed.updatedAt });
    expect(await find(OWN.model)).toBeUndefined();
    const changes = (await listModels(db)).changes.filter(({ model }) => model === OWN.model);
    expect(changes.map(({ before, after }) => [before?.inputMicroUsd, after?.inputMicroUsd])).toEqual([
      [250_000, undefined],
      [200_000, 250_000],
      [undefined, 200_000],
    ]);
    for (const { changedBy } of changes) expect(changedBy).toBe(admin.email);
  });

  test("prices above a length, an embedding model and a reranker are kept whole", async () => {
    const longPrompt = { aboveTokens: 9_000, inputMicroUsd: 1, cachedInputMicroUsd: 2, outputMicroUsd: 3 };
    const facts = {
      provider: "compatible",
      position: 600,
      enabled: true,
      contextTokens: 512,
      inputMicroUsd: 9,
      note: "",
    } as const;
    const embedding = {
      kind: "embedding",
      dimensions: 1_024,
      requestDimensions: true,
      maxBatchTexts: 8,
      maxBatchTokens: 4_096,
    } as const;
    await addModel(db, { ...OWN, model: "long", longPrompt, reasoning: "low", tier: null, maxOutputTokens: null });
    await addModel(db, { ...facts, ...embedding, model: "vectors" });
    await addModel(db, { ...facts, kind: "rerank", model: "ranker" });
    expect(await find("long")).toMatchObject({ longPrompt, reasoning: "low", tier: null, maxOutputTokens: null });
    expect(await find("vectors")).toMatchObject({ ...facts, ...embedding });
    expect(await find("ranker")).toMatchObject({ ...facts, kind: "rerank" });
  });

  test("what somebody else changed meanwhile is not written over, nor is a model added twice", async () => {
    await addModel(db, { ...OWN, model: "shared" });
    const seen = (await find("shared"))!.updatedAt;
    await changeModel(db, { ...OWN, model: "shared", note: "first", seen });
    const late = { ...OWN, model: "shared", note: "second", seen };
    await expect(changeModel(db, late)).rejects.toMatchObject({ code: "conflict" });
    await expect(removeModel(db, { provider: "compatible", model: "shared", seen })).rejects.toMatchObject({
      code: "conflict",
    });
    await expect(addModel(db, { ...OWN, model: "shared" })).rejects.toMatchObject({ code: "conflict" });
    expect(await find("shared")).toMatchObject({ note: "first" });
  });

  test("what a model is stays: neither kind nor length of vectors is changed by anybody", async () => {
    const { models } = await listModels(db);
    const small = models.find(({ model }) => model === "text-embedding-3-small")!;
    if (small.kind !== "embedding") throw new Error("no embedding model");
    await changeModel(db, { ...small, dimensions: 999, seen: small.updatedAt });
    expect(await find("text-embedding-3-small")).toMatchObject({ dimensions: 1_536 });
    const asChat = { ...OWN, provider: "openai", model: "text-embedding-3-small", seen: small.updatedAt } as const;
    await expect(changeModel(db, asChat)).rejects.toMatchObject({ code: "conflict" });
    expect((await db.from("models").update({ dimensions: 999 }).eq("model", small.model)).error?.code).toBe("42501");
  });

  test.each<[string, Partial<AddModel> | { provider: string }]>([
    ["a name with spaces", { model: "gpt 5" }],
    ["no name", { model: " " }],
    ["an unknown provider", { provider: "acme" }],
    ["a local model", { provider: "local" }],
    ["a price below zero", { inputMicroUsd: -1 }],
    ["a price that is no number", { inputMicroUsd: Number.NaN }],
    ["half a micro-dollar", { outputMicroUsd: 0.5 }],
    ["no context", { contextTokens: 0 }],
    ["a note that is a letter", { note: "x".repeat(301) }],
    ["half of a long prompt", { longPrompt: { aboveTokens: 1 } as never }],
  ])("%s is refused", async (_what, patch) => {
    await expect(addModel(db, { ...OWN, model: "refused", ...patch } as AddModel)).rejects.toThrow();
    expect(await find("refused")).toBeUndefined();
  });

  test("what has no adapter is refused with what to choose", async () => {
    const facts = { position: 1, enabled: true, contextTokens: 512, inputMicroUsd: 0, note: "", model: "x" };
    const embedding = {
      kind: "embedding",
      dimensions: 8,
      requestDimensions: false,
      maxBatchTexts: 1,
      maxBatchTokens: 1,
    } as const;
    await expect(addModel(db, { ...facts, ...embedding, provider: "anthropic" })).rejects.toThrow("no embeddings");
    await expect(addModel(db, { ...facts, kind: "rerank", provider: "openai" })).rejects.toThrow("choose Compatible");
  });

  test("who is no platform admin sees no model, writes none, and reads no record", async () => {
    const { models } = await listModels(db);
    const mini = models.find(({ model }) => model === "gpt-5-mini")!;
    if (mini.kind !== "chat") throw new Error("no chat model");
    expect(await listModels(member.client)).toEqual({ models: [], changes: [] });
    await expect(addModel(member.client, { ...OWN, model: "intruder" })).rejects.toMatchObject({ code: "forbidden" });
    await expect(changeModel(member.client, { ...mini, inputMicroUsd: 0, seen: mini.updatedAt })).rejects.toMatchObject(
      { code: "conflict" },
    );
    await expect(removeModel(member.client, { ...mini, seen: mini.updatedAt })).rejects.toMatchObject({
      code: "conflict",
    });
    expect((await asAnon().from("models").select("*")).error?.code).toBe("42501");
    expect(await find("gpt-5-mini")).toEqual(mini);
    expect(await find("intruder")).toBeUndefined();
  });

  test("the record is written by nobody's hand, platform admins included", async () => {
    const row = { provider: "openai", model: "gpt-5-mini", after: {} };
    expect((await db.from("model_changes").insert(row)).error?.code).toBe("42501");
    expect((await db.from("model_changes").delete().eq("model", OWN.model)).error?.code).toBe("42501");
    expect((await db.from("model_changes").update({ model: "x" }).eq("model", OWN.model)).error?.code).toBe("42501");
  });
});
