import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callRows, type Db } from "@/lib/db/pool";
import { retrieve } from "@/lib/knowledge";
import { createGateway } from "@/lib/llm";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { publishPages } from "@/lib/testing/knowledge";
import { addTenant, type Tenant } from "@/supabase/tests/fixtures";
import { PassageCache, type PassageRow, readPassages } from "./passages";
import type { SearchFilters } from "./schema";

const gateway = createGateway({ env: {}, onCall: () => {} });
const page = (name: string, text: string) => ({ path: `/${name}`, title: name, markdown: `# ${name}\n\n${text}` });
const WARRANTY = page("Warranty", "Every scale comes with a warranty of two years from the day of delivery.");
const SHIPPING = page("Shipping", "Parcels leave our warehouse within one working day.");

let db: TestDatabase;
let tenant: Tenant;
let other: Tenant;

beforeAll(async () => {
  db = await createTestDatabase();
  [tenant, other] = [await addTenant(db.owner), await addTenant(db.owner)];
  await publishPages({ db: db.service, gateway }, tenant, [WARRANTY]);
  await publishPages({ db: db.service, gateway }, other, [
    page("Secret", "The secret scale has a warranty of nine years."),
  ]);
});
afterAll(() => db.drop());

/** The database, with the functions that were called. */
function watched(): { db: Db; calls: string[] } {
  const calls: string[] = [];
  const query = (...args: unknown[]) => {
    calls.push(/service\.(\w+)/.exec((args[0] as { text: string }).text)![1]!);
    return (db.service.query as (...all: unknown[]) => unknown)(...args);
  };
  return { db: { query } as Db, calls };
}

const ask = async (who: Tenant, question: string) => {
  const { db: seen, calls } = watched();
  const { chunks } = await retrieve(
    { db: seen, gateway },
    { ...who, question, language: "en", embeddingModel: "local/hash-384" },
  );
  return { calls, texts: chunks.map(({ content }) => content) };
};

test("only texts that are not remembered are read", async () => {
  const first = await ask(tenant, "How long is the warranty?");
  expect(first).toEqual({ calls: ["match_chunks", "read_chunks"], texts: [expect.stringContaining("two years")] });
  expect(await ask(tenant, "How long is the warranty?")).toEqual({ ...first, calls: ["match_chunks"] });

  await publishPages({ db: db.service, gateway }, tenant, [WARRANTY, SHIPPING]);
  const both = await ask(tenant, "When do parcels leave the warehouse, and how long is the warranty?");
  expect(both.calls).toEqual(["match_chunks", "read_chunks"]);
  expect(both.texts.join()).toMatch(/working day/);
});

test("a page that changed is found with its new text, and never again with the old one", async () => {
  await ask(tenant, "How long is the warranty?");
  await publishPages({ db: db.service, gateway }, tenant, [
    page("Warranty", "Every scale comes with a warranty of five years."),
  ]);
  const { texts } = await ask(tenant, "How long is the warranty?");
  expect(texts.join()).toMatch(/five years/);
  expect(texts.join()).not.toMatch(/two years/);
});

test("a tenant reads no passage of another, not by its id and not from memory", async () => {
  await ask(other, "How long is the warranty of the secret scale?");
  const { rows } = await db.owner.query("select id from chunks where tenant_id = $1", [other.tenantId]);
  const ids = rows.map(({ id }) => id as string);
  const read = (who: Pick<Tenant, "tenantId" | "agentId">) =>
    callRows<PassageRow>(db.service, "read_chunks", { tenant_id: who.tenantId, agent_id: who.agentId, chunk_ids: ids });
  expect((await read(other)).length).toBe(ids.length);
  expect(await read(tenant)).toEqual([]);
  expect(await read({ tenantId: other.tenantId, agentId: tenant.agentId })).toEqual([]);
  expect(await read({ tenantId: tenant.tenantId, agentId: other.agentId })).toEqual([]);

  const cache = new PassageCache();
  await readPassages(db.service, cache, other, ids);
  expect((await readPassages(db.service, cache, tenant, ids)).size).toBe(0);
});

test("above its limit the cache forgets the agents that were asked longest ago", () => {
  const row = (id: string) => ({ chunk_id: id, content: "x".repeat(600) }) as PassageRow;
  const cache = new PassageCache(2_500);
  const [a, b, c] = ["a", "b", "c"].map((agentId) => ({ tenantId: "t", agentId })) as [Owner, Owner, Owner];
  cache.add(a, [row("1")]);
  cache.add(b, [row("2")]);
  cache.of(a);
  cache.add(c, [row("3")]);
  expect([a, b, c].map((owner) => cache.of(owner).size)).toEqual([1, 0, 1]);
});

test("passages that were unpublished meanwhile cost the cache nothing of what it knows", async () => {
  const row = (id: string) => ({ chunk_id: id, content: "x".repeat(600) }) as PassageRow;
  const cache = new PassageCache(2_500);
  const [a, b] = ["a", "b"].map((agentId) => ({ tenantId: "t", agentId })) as [Owner, Owner];
  const nothing = { query: async () => ({ rows: [] }) } as unknown as Db;
  for (let round = 0; round < 10; round++) {
    cache.add(a, [row("1")]);
    expect([...(await readPassages(nothing, cache, a, ["1", "gone"])).keys()]).toEqual(["1"]);
  }
  cache.add(b, [row("2")]);
  expect([a, b].map((owner) => cache.of(owner).size)).toEqual([1, 1]);
});

type Owner = { tenantId: string; agentId: string };

describe("filters", () => {
  const askIn = async (filters: Partial<SearchFilters>) =>
    (
      await retrieve(
        { db: db.service, gateway },
        {
          ...tenant,
          question: "warranty of scales",
          language: "en",
          embeddingModel: "local/hash-384",
          filters: { sourceIds: null, languages: null, ...filters },
        },
      )
    ).chunks.length;

  test("only passages of the given sources are found", async () => {
    expect(await askIn({ sourceIds: [tenant.sourceId] })).toBeGreaterThan(0);
    expect(await askIn({ sourceIds: [] })).toBe(0);
    expect(await askIn({ sourceIds: [other.sourceId] })).toBe(0);
  });

  test("only pages in the given languages are found, and those whose language nobody knows", async () => {
    await db.owner.query("update public.pages set language = 'de-AT' where tenant_id = $1", [tenant.tenantId]);
    expect(await askIn({ languages: ["de"] })).toBeGreaterThan(0);
    expect(await askIn({ languages: ["en", "fr"] })).toBe(0);
    await db.owner.query("update public.pages set language = null where tenant_id = $1", [tenant.tenantId]);
    expect(await askIn({ languages: ["en"] })).toBeGreaterThan(0);
  });
});
