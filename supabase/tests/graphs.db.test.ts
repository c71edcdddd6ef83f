import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { newId } from "@/lib/core/ids";
import { call, type Db, json, vector } from "@/lib/db/pool";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { addTenant, beginRun, chunk, claim, findChunks, link, store, type Tenant } from "./fixtures";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
// Graphs are everybody's: what the test before put into them would decide where the next agent goes.
beforeEach(() => db.owner.query("delete from tenants"));

const MODEL = "local/test-384";
const DIMENSIONS = 384;
const GRAPHS = 8;
const LINE = 5_000;

/** The same for the same number, and each nearest to itself. */
const vectorOf = (n: number): string =>
  vector(Array.from({ length: DIMENSIONS }, (_, i) => Number(Math.sin((n + 1) * (i + 1) * 0.7).toFixed(3))));

interface Large extends Tenant {
  indexId: string;
  runId: string;
}

/** Publishes a page with passages of these vectors; as `db` a client inside a transaction will do. */
async function publishPage(client: Db, { tenantId }: Tenant, versionId: string, numbers: number[]) {
  const at = { tenant_id: tenantId, version_id: versionId, embedding_model: MODEL };
  const { chunks } = await call<{ chunks: { id: string; text: string }[] }>(client, "chunks_to_embed", at);
  const embeddings = chunks.map(({ id, text }) => ({
    id,
    embedding: vectorOf(Number(/passage (\d+)/.exec(text)![1])),
  }));
  const { outcome } = await call<{ outcome: string }>(client, "publish_page", { ...at, embeddings: json(embeddings) });
  expect(outcome).toBe("published");
  expect(embeddings).toHaveLength(numbers.length);
}

/** A draft of a page whose passages have these vectors. */
async function draft(tenant: Large, numbers: number[]): Promise<string> {
  const { newPages } = await call<{ newPages: { id: string }[] }>(db.service, "add_links", {
    tenant_id: tenant.tenantId,
    run_id: tenant.runId,
    links: json([link(`/${newId()}`)]),
  });
  const pageId = newPages[0]!.id;
  const { lease } = await claim(db.service, tenant.tenantId, tenant.runId, pageId);
  const chunks = numbers.map((n, position) => chunk(`passage ${n}`, [n + 1], position));
  const text = `${numbers}`;
  return (await store(db.service, { ...tenant, pageId, lease }, { text, chunks })).versionId;
}

/** What publishing keeps, without the thousands of passages. */
const claimToHave = ({ agentId }: Tenant, passages: number) =>
  db.owner.query("update lex_agents set chunk_count = $2 where agent_id = $1", [agentId, passages]);

/** An agent whose statistics say that it is large, with passages of vectors 0, 1, …. */
async function largeAgent({ vectors = 12, passages = LINE } = {}): Promise<Large> {
  const tenant = await addTenant(db.owner);
  const { runId } = await beginRun(db.service, tenant);
  const numbers = Array.from({ length: vectors }, (_, n) => n);
  const versionId = await draft({ ...tenant, runId, indexId: "" }, numbers);
  await publishPage(db.service, tenant, versionId, numbers);
  const { rows } = await db.owner.query("select id from embedding_indexes where agent_id = $1", [tenant.agentId]);
  await claimToHave(tenant, passages);
  return { ...tenant, runId, indexId: rows[0].id };
}

const fill = (client: Db, { tenantId, indexId }: Pick<Large, "tenantId" | "indexId">, limit = 500) =>
  call<string>(client, "fill_graph", { tenant_id: tenantId, index_id: indexId, limit });

async function fillAll(tenant: Large): Promise<void> {
  let step = await fill(db.service, tenant);
  while (step === "more") step = await fill(db.service, tenant);
  expect(step).toBe("ready");
}

/** The index's graph, whether questions walk it, and the graphs of its vectors in the order of their passages. */
async function state({
  indexId,
}: Large): Promise<{ graph: number | null; ready: boolean; vectors: (number | null)[] }> {
  const { rows } = await db.owner.query(
    `select i.graph, i.graph_ready_at is not null as ready,
       (select array_agg(e.graph order by e.chunk_id) from chunk_embeddings e where e.index_id = i.id) as vectors
     from embedding_indexes i where i.id = $1`,
    [indexId],
  );
  return rows[0];
}

/** The numbers of the passages nearest to a vector, best first. */
async function nearest(
  tenant: Tenant,
  n: number,
  { sourceIds, client = db.service }: { sourceIds?: string[]; client?: Db } = {},
): Promise<number[]> {
  const found = await call<{ chunkIds: string[]; similarity: number[] }>(client, "match_chunks", {
    tenant_id: tenant.tenantId,
    agent_id: tenant.agentId,
    terms: [],
    weights: [],
    embedding: vectorOf(n),
    embedding_model: MODEL,
    limit: 10,
    source_ids: sourceIds ?? null,
  });
  const { rows } = await db.owner.query("select id, content from chunks where agent_id = $1", [tenant.agentId]);
  const numbers = new Map(rows.map(({ id, content }) => [id, Number(content.replace("passage ", ""))]));
  const order = found.chunkIds.map((id, at) => ({ id, similarity: found.similarity[at]! }));
  return order.toSorted((a, b) => b.similarity - a.similarity).map(({ id }) => numbers.get(id)!);
}

/** Takes a vector out of its graph: who walks the graph no longer finds it, who reads all does. */
const hide = ({ indexId }: Large, n: number) =>
  db.owner.query(
    "update chunk_embeddings e set graph = null from chunks c where c.id = e.chunk_id and e.index_id = $1 and c.content = $2",
    [indexId, `passage ${n}`],
  );

async function transaction() {
  const client = await db.owner.connect();
  onTestFinished(() => client.release(true));
  await client.query("begin");
  return client;
}

/** Until a statement of this database waits for a lock that another holds. */
async function untilSomebodyWaits(): Promise<void> {
  for (;;) {
    const { rows } = await db.owner.query(
      "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    if (rows.length > 0) return;
  }
}

/** An index without a vector of an agent with so many passages. */
async function emptyLarge(passages: number): Promise<Large> {
  const tenant = await addTenant(db.owner);
  const indexId = newId();
  const ids = [tenant.tenantId, tenant.agentId];
  await db.owner.query(
    "insert into embedding_indexes (tenant_id, agent_id, id, model, state, live_at, dimensions) values ($1, $2, $3, $4, 'live', now(), $5)",
    [...ids, indexId, MODEL, DIMENSIONS],
  );
  await db.owner.query("insert into lex_agents (tenant_id, agent_id, chunk_count) values ($1, $2, $3)", [
    ...ids,
    passages,
  ]);
  return { ...tenant, runId: "", indexId };
}

describe("who gets a graph", () => {
  test("an agent of 5,000 passages does, one of 4,999 does not", async () => {
    const large = await largeAgent();
    const small = await largeAgent({ passages: LINE - 1 });
    const { graphs } = await call<{ graphs: unknown[] }>(db.service, "sweep_indexes", {});
    expect(graphs).toEqual([{ tenantId: large.tenantId, indexId: large.indexId }]);
    expect(await fill(db.service, small)).toBe("over");
    expect(await state(small)).toEqual({ graph: null, ready: false, vectors: Array(12).fill(null) });
    await fillAll(large);
    expect(await state(large)).toEqual({ graph: 1, ready: true, vectors: Array(12).fill(1) });
    expect(await call(db.service, "sweep_indexes", {}), "there is nothing more to do").toMatchObject({ graphs: [] });
    expect(await fill(db.service, large)).toBe("ready");
  });

  test("vectors of a length that no graph is for are scanned, however many there are", async () => {
    const tenant = await emptyLarge(100_000);
    await db.owner.query("update embedding_indexes set dimensions = 4 where id = $1", [tenant.indexId]);
    expect(await call(db.service, "sweep_indexes", {})).toMatchObject({ graphs: [] });
    expect(await fill(db.service, tenant)).toBe("over");
  });

  test("nobody by another tenant's name, nor an index that is retired or gone", async () => {
    const [tenant, other] = [await largeAgent(), await addTenant(db.owner)];
    expect(await fill(db.service, { tenantId: other.tenantId, indexId: tenant.indexId })).toBe("over");
    expect(await fill(db.service, { tenantId: tenant.tenantId, indexId: newId() })).toBe("over");
    await db.owner.query("update embedding_indexes set state = 'retired', retired_at = now() where id = $1", [
      tenant.indexId,
    ]);
    expect(await fill(db.service, tenant)).toBe("over");
    expect(await state(tenant)).toMatchObject({ graph: null, ready: false });
  });

  test("each length that there are graphs for has as many as it says, and none besides", async () => {
    const { rows } = await db.owner.query(
      `select d.dimensions, private.graph_count(d.dimensions) as told, count(x.indexname)::int as made
       from (select (regexp_match(indexname, '^chunk_embeddings_(\\d+)_\\d+_idx$'))[1]::int as dimensions, indexname
         from pg_indexes where tablename = 'chunk_embeddings' and indexdef like '%hnsw%') x
       join (values (384), (768), (1024), (1536), (3072)) d (dimensions) using (dimensions) group by 1 order by 1`,
    );
    expect(rows).toEqual(
      [384, 768, 1024, 1536, 3072].map((dimensions) => ({ dimensions, told: GRAPHS, made: GRAPHS })),
    );
  });
});

describe("which graph", () => {
  test("the first large agents have one each; then the one with the fewest vectors, and room is given back", async () => {
    const agents: Large[] = [];
    for (const passages of [1_000_000, 90_000, 80_000, 10_000, 60_000, 50_000, 40_000, 30_000]) {
      agents.push(await emptyLarge(passages));
      await fillAll(agents.at(-1)!);
    }
    const graphs = await Promise.all(agents.map(async (agent) => (await state(agent)).graph));
    expect(graphs).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const next = async (passages: number) => {
      const agent = await emptyLarge(passages);
      await fillAll(agent);
      return (await state(agent)).graph;
    };
    expect(await next(25_000)).toBe(4);
    expect(await next(20_000)).toBe(8);
    await db.owner.query("delete from agents where id = $1", [agents[0]!.agentId]);
    expect(await next(5_000)).toBe(1);
  });

  test("two agents that become large at once do not choose the same", async () => {
    const [a, b] = [await emptyLarge(LINE), await emptyLarge(LINE)];
    const first = await transaction();
    expect(await fill(first, a)).toBe("more");
    const second = fill(db.service, b);
    await untilSomebodyWaits();
    await first.query("commit");
    expect(await second).toBe("more");
    expect([(await state(a)).graph, (await state(b)).graph]).toEqual([1, 2]);
  });
});

describe("until no vector is missing in the graph", () => {
  test("all are read, afterwards the graph is walked", async () => {
    const tenant = await largeAgent({ vectors: 30 });
    for (const limit of [0, 10, 10]) {
      expect(await fill(db.service, tenant, limit)).toBe("more");
      for (const n of [0, 15, 29]) expect((await nearest(tenant, n))[0]).toBe(n);
    }
    expect((await state(tenant)).vectors).toEqual([...Array(20).fill(1), ...Array(10).fill(null)]);
    await fillAll(tenant);
    for (const n of [0, 15, 29]) expect((await nearest(tenant, n))[0]).toBe(n);
    await hide(tenant, 15);
    expect(await nearest(tenant, 15)).not.toContain(15);
    await claimToHave(tenant, LINE - 1);
    expect((await nearest(tenant, 15))[0], "an agent that became small again is scanned").toBe(15);
  });

  test("what was done stays done, whoever goes on", async () => {
    const tenant = await largeAgent({ vectors: 25 });
    await fill(db.service, tenant);
    const dying = await transaction();
    expect(await fill(dying, tenant, 10)).toBe("more");
    await dying.query("rollback");
    expect((await state(tenant)).vectors).toEqual(Array(25).fill(null));
    expect(await fill(db.service, tenant, 10)).toBe("more");
    const slow = await transaction();
    expect(await fill(slow, tenant, 10)).toBe("more");
    expect(await fill(db.service, tenant, 10), "another worker does not wait").toBe("held");
    await slow.query("commit");
    expect((await state(tenant)).vectors).toEqual([...Array(20).fill(1), ...Array(5).fill(null)]);
    await fillAll(tenant);
    expect((await state(tenant)).vectors).toEqual(Array(25).fill(1));
  });

  test("a page that is just being published without the graph is waited for, and one published afterwards is in it at once", async () => {
    const tenant = await largeAgent();
    const [before, after] = [await draft(tenant, [20, 21]), await draft(tenant, [30, 31])];
    const publisher = await transaction();
    await publishPage(publisher, tenant, before, [20, 21]);
    const assigned = fill(db.service, tenant);
    await untilSomebodyWaits();
    expect((await state(tenant)).graph).toBeNull();
    await publisher.query("commit");
    expect(await assigned).toBe("more");
    expect((await state(tenant)).vectors).toEqual(Array(14).fill(null));
    await publishPage(db.service, tenant, after, [30, 31]);
    expect((await state(tenant)).vectors.filter((graph) => graph === 1)).toHaveLength(2);
    await fillAll(tenant);
    expect((await state(tenant)).vectors).toEqual(Array(16).fill(1));
    for (const n of [3, 20, 21, 30, 31]) expect((await nearest(tenant, n))[0]).toBe(n);
  });

  test("a page that is published while the graph is being given waits, and is in it", async () => {
    const tenant = await largeAgent();
    const versionId = await draft(tenant, [20, 21]);
    const giver = await transaction();
    expect(await fill(giver, tenant)).toBe("more");
    const published = publishPage(db.service, tenant, versionId, [20, 21]);
    await untilSomebodyWaits();
    await giver.query("commit");
    await published;
    expect((await state(tenant)).vectors.filter((graph) => graph === 1)).toHaveLength(2);
  });

  test("passages that somebody is deleting are not waited for, and not forgotten when they stay", async () => {
    const tenant = await largeAgent({ vectors: 6 });
    await fill(db.service, tenant);
    const deleter = await transaction();
    await deleter.query("delete from chunks where agent_id = $1 and content = 'passage 2'", [tenant.agentId]);
    let step = await fill(db.service, tenant);
    while (step === "more") step = await fill(db.service, tenant);
    expect(step).toBe("held");
    const { ready, vectors } = await state(tenant);
    expect({ ready, missing: vectors.filter((graph) => graph === null).length }).toEqual({ ready: false, missing: 1 });
    expect((await nearest(tenant, 2))[0]).toBe(2);
    await deleter.query("rollback");
    await fillAll(tenant);
    expect((await state(tenant)).vectors).toEqual(Array(6).fill(1));
  });
});

describe("a graph that several share", () => {
  /** Two tenants with the same vectors; giants have the other graphs. */
  async function neighbours(): Promise<[Large, Large]> {
    for (let i = 1; i < GRAPHS; i++) await fillAll(await emptyLarge(1_000_000));
    const pair: [Large, Large] = [await largeAgent({ vectors: 40 }), await largeAgent({ vectors: 40 })];
    for (const tenant of pair) await fillAll(tenant);
    expect(await Promise.all(pair.map(state))).toMatchObject([{ graph: GRAPHS }, { graph: GRAPHS }]);
    return pair;
  }

  test("gives each tenant ten of its own and none of the other's", async () => {
    const pair = await neighbours();
    for (const tenant of pair) {
      for (const n of [0, 17, 39]) {
        const found = await nearest(tenant, n);
        expect(found[0]).toBe(n);
        expect(found, "all are known passages of its own").not.toContain(undefined);
        expect(found).toHaveLength(10);
      }
    }
    const [a, b] = pair;
    expect(await nearest({ ...a, agentId: b.agentId }, 0)).toEqual([]);
  });

  test("is scanned when the agent's share of it is small", async () => {
    const [a, b] = await neighbours();
    for (const tenant of [a, b]) await hide(tenant, 17);
    await claimToHave(b, 60_000);
    expect(await nearest(a, 17)).not.toContain(17);
    // What an analysis would say of a graph with a million vectors; an analysis that comes in between does not see it, nor does anybody else.
    const admin = new pg.Client({ connectionString: db.adminUrl });
    await admin.connect();
    onTestFinished(() => admin.end());
    await admin.query("begin");
    await admin.query("update pg_class set reltuples = 1000000 where relname = 'chunk_embeddings_384_8_idx'");
    expect((await nearest(a, 17, { client: admin }))[0]).toBe(17);
    expect(await nearest(b, 17, { client: admin }), "but not a large share").not.toContain(17);
  });

  test("is not asked when only some pages are: those are read", async () => {
    const [tenant] = await neighbours();
    await hide(tenant, 17);
    expect((await nearest(tenant, 17, { sourceIds: [tenant.sourceId] }))[0]).toBe(17);
    expect(await nearest(tenant, 17, { sourceIds: [newId()] })).toEqual([]);
  });

  test("loses the vectors of a page, and of an agent, with them", async () => {
    const [a, b] = await neighbours();
    await db.owner.query("delete from agents where id = $1", [a.agentId]);
    await db.owner.query("delete from chunks where agent_id = $1 and content = 'passage 17'", [b.agentId]);
    expect(await findChunks(db.service, a, [], { embedding: vectorOf(0), model: MODEL })).toMatchObject({
      chunkIds: [],
    });
    const found = await nearest(b, 17);
    expect(found).toHaveLength(10);
    expect(found).not.toContain(17);
    const { rows } = await db.owner.query("select count(*)::int as n from chunk_embeddings where graph = $1", [GRAPHS]);
    expect(rows[0].n).toBe(39);
  });
});
