import type pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { newId, sha256 } from "@/lib/core/ids";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";

const CHUNKS_A_PAGE = 20;
/** Of the pages that are there already: many pages, because each table has its own statistics. */
const CHUNKS_A_KNOWN_PAGE = 2;
const TERMS_A_CHUNK = 30;
/** Pages that warm the caches of the session before the one that is measured. */
const WARM_PAGES = 7;
/** Room for a tree with one level more, and for pages of an index that split. */
const GROWTH = 1.5;

interface Agent {
  tenantId: string;
  agentId: string;
  sourceId: string;
  runId: string;
}

/** An agent in the middle of its first crawl. Vectors of eight numbers are in no HNSW index, whose inserts grow with the logarithm. */
async function emptyAgent(db: TestDatabase): Promise<Agent> {
  const agent = { tenantId: newId(), agentId: newId(), sourceId: newId(), runId: newId() };
  const ids = [agent.tenantId, agent.agentId, agent.sourceId, agent.runId];
  const q = (sql: string, values: unknown[]) => db.owner.query(sql, values);
  await q("insert into tenants (id, slug, name) values ($1::uuid, 't-' || $1::uuid, 'T')", ids.slice(0, 1));
  await q("insert into agents (tenant_id, id, name) values ($1, $2, 'A')", ids.slice(0, 2));
  await q(
    "insert into sources (tenant_id, agent_id, id, name, url, max_pages) values ($1, $2, $3, 'S', 'https://a.test/', 100000)",
    ids.slice(0, 3),
  );
  await q(
    `insert into crawl_runs (tenant_id, agent_id, source_id, id, max_pages, status, found, published) values ($1, $2, $3, $4, 100000, 'running', 1, 1)`,
    ids,
  );
  await q(
    "insert into embedding_indexes (tenant_id, agent_id, model, state, dimensions, live_at) values ($1, $2, 'test/eight', 'live', 8, now())",
    ids.slice(0, 2),
  );
  return agent;
}

/** Publishes so many passages more, as it would stand after their crawl. */
async function grow(db: TestDatabase, agent: Agent, chunks: number): Promise<void> {
  const ids = [agent.tenantId, agent.agentId, agent.sourceId, agent.runId];
  const q = (sql: string, values: unknown[]) => db.owner.query(sql, values);
  await q(
    `with made as (
       insert into pages (tenant_id, agent_id, source_id, run_id, url, url_hash, host, depth, status, enqueued_at, title)
       select $1::uuid, $2::uuid, $3::uuid, $4::uuid, u, encode(sha256(u::bytea), 'hex'), 'a.test', 1, 'published', now(), 'Page ' || n || $5::uuid
       from generate_series(1, $6::int) n, lateral (select 'https://a.test/' || $5::uuid || n) x (u) returning *),
     versions as (
       insert into page_versions (tenant_id, page_id, run_id, status, content_hash, title, markdown)
       select tenant_id, id, run_id, 'live', url_hash, title, 'text' from made returning *)
     insert into chunks (tenant_id, agent_id, source_id, page_id, page_version_id, position, kind, title, content, token_count, content_hash,
       published, terms, term_frequencies, length)
     select $1::uuid, $2::uuid, $3::uuid, v.page_id, v.id, i, 'text', v.title, 'text', 200, case when i = 0 then repeat('0', 64) else encode(sha256((v.title || i)::bytea), 'hex') end,
       true, t.terms, array_fill(1::real, array[${TERMS_A_CHUNK}]), 30
     from versions v, generate_series(0, ${CHUNKS_A_KNOWN_PAGE - 1}) i,
       lateral (select array_agg(x order by x) as terms from (select (hashtext(v.title || i) & 1023) * 32 + k + 1 as x from generate_series(0, ${TERMS_A_CHUNK - 1}) k) y) t`,
    [...ids, newId(), chunks / CHUNKS_A_KNOWN_PAGE],
  );
  await q(
    "update pages p set live_version_id = v.id from page_versions v where v.page_id = p.id and p.tenant_id = $1",
    [agent.tenantId],
  );
  await q(
    `insert into chunk_embeddings (tenant_id, chunk_id, index_id, embedding)
     select c.tenant_id, c.id, i.id, '[1,2,3,4,5,6,7,8]' from chunks c, embedding_indexes i
     where c.tenant_id = $1 and i.tenant_id = $1 on conflict do nothing`,
    [agent.tenantId],
  );
  await q(
    `insert into lex_agents (tenant_id, agent_id, chunk_count, total_length, encoded_average)
     select $1::uuid, $2::uuid, count(*), sum(length), avg(length) from chunks where tenant_id = $1
     on conflict (agent_id) do update set chunk_count = excluded.chunk_count, total_length = excluded.total_length`,
    ids.slice(0, 2),
  );
  await q(
    "insert into lex_terms (tenant_id, agent_id, term, chunk_count) select $1::uuid, $2::uuid, t, count(*) from chunks c, unnest(c.terms) t where c.tenant_id = $1 group by t on conflict (tenant_id, agent_id, term) do update set chunk_count = excluded.chunk_count",
    ids.slice(0, 2),
  );
}

async function claimedPage(client: pg.PoolClient, agent: Agent, n: number): Promise<{ pageId: string; lease: string }> {
  const url = `https://a.test/new-${n}`;
  const { rows } = await client.query(
    `insert into pages (tenant_id, agent_id, source_id, run_id, url, url_hash, host, depth, status, enqueued_at, lease_token, lease_until)
     values ($1, $2, $3, $4, $5, $6, 'a.test', 1, 'fetching', now(), gen_random_uuid(), now() + interval '1 hour') returning id, lease_token`,
    [agent.tenantId, agent.agentId, agent.sourceId, agent.runId, url, sha256(url)],
  );
  return { pageId: rows[0].id, lease: rows[0].lease_token };
}

/** Calls a function and counts the pages of memory and disk that all statements in it looked at. */
async function buffers(client: pg.PoolClient, fn: string, args: unknown[]): Promise<number> {
  const { rows } = await client.query(
    `explain (analyze, buffers, timing off, format json) select service.${fn}(${args.map((_, i) => `$${i + 1}`).join(", ")})`,
    args,
  );
  const plan = rows[0]["QUERY PLAN"][0].Plan;
  return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"];
}

/** What one new page costs, a step; half of its passages are on other pages already, one of them on all. */
async function costOfPage(client: pg.PoolClient, agent: Agent, n: number) {
  const { pageId, lease } = await claimedPage(client, agent, n);
  await claimedPage(client, agent, 1000 + n);
  const chunks = Array.from({ length: CHUNKS_A_PAGE }, (_, position) => ({
    position,
    kind: "text",
    headingPath: [],
    anchor: null,
    content: `new ${n} ${position}`,
    tokenCount: 200,
    contentHash: position === 0 ? "0".repeat(64) : sha256(position % 2 ? `Page 1${position}` : `new ${n} ${position}`),
    terms: Array.from({ length: TERMS_A_CHUNK }, (_, k) => ((n * 37 + position * 11) % 1000) * 32 + k + 1),
    termFrequencies: Array(TERMS_A_CHUNK).fill(1),
    length: 30,
    longWords: Array.from({ length: 10 }, (_, k) => {
      const term = ((n * 37 + position * 11) % 1000) * 32 + k + 1;
      return [term, `wort${"abcdefghijklmnopqrstuvwxyz"[term % 26]}teil${term}`];
    }),
  }));
  const page = {
    httpStatus: 200,
    title: "Page 1",
    markdown: `new ${n}`,
    contentHash: sha256(`new ${n}`),
    wordCount: 9,
  };
  const links = [1, 2, 3, 4, 5].map((k) => `https://a.test/new-${1000 + n - k}`);
  const store = await buffers(client, "store_page", [
    agent.tenantId,
    agent.runId,
    pageId,
    lease,
    JSON.stringify(page),
    JSON.stringify(chunks),
    JSON.stringify(links.map((url) => ({ url, hash: sha256(url), host: "a.test", depth: 1 }))),
  ]);
  const { rows } = await client.query("select id from page_versions where page_id = $1", [pageId]);
  const version = [agent.tenantId, rows[0].id];
  const missing = await client.query("select service.chunks_to_embed($1, $2, 'test/eight', $3) as m", [
    ...version,
    lease,
  ]);
  const embed = await buffers(client, "chunks_to_embed", [...version, "test/eight", lease]);
  const embeddings = missing.rows[0].m.chunks.map(({ id }: { id: string }) => ({ id, embedding: "[1,2,3,4,5,6,7,9]" }));
  const publish = await buffers(client, "publish_page", [...version, JSON.stringify(embeddings), "test/eight"]);
  const after = await client.query("select status from page_versions where page_id = $1", [pageId]);
  expect(after.rows).toEqual([{ status: "live" }]);
  return { store, embed, publish };
}

test("to store, embed and publish a page reads as much of 5,000 passages as of 500: with plans made when there were few, and with or without statistics", async () => {
  const db = await createTestDatabase();
  onTestFinished(() => db.drop());
  const agent = await emptyAgent(db);
  const client = await db.owner.connect();
  onTestFinished(() => client.release());
  let n = 0;
  const measure = async () => {
    for (const end = n + WARM_PAGES; n < end; n++) await costOfPage(client, agent, n);
    return costOfPage(client, agent, n++);
  };
  await grow(db, agent, 500);
  const small = await measure();
  await grow(db, agent, 4_500);
  const large = await measure();
  await db.owner.query("analyze");
  const analyzed = await measure();
  for (const step of ["store", "embed", "publish"] as const) {
    expect(large[step], step).toBeLessThan(GROWTH * small[step]);
    expect(analyzed[step], step).toBeLessThan(GROWTH * small[step]);
  }
});
