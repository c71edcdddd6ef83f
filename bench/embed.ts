import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import type pg from "pg";
import { newId, sha256 } from "@/lib/core/ids";
import { log } from "@/lib/core/log";
import { embedPage } from "@/lib/crawl";
import { call, type Db, json } from "@/lib/db/pool";
import { indexTerms, sweepIndexes } from "@/lib/knowledge";
import { createGateway } from "@/lib/llm";
import type { Queues } from "@/lib/queue";
import { postmasterOf, watchCpu } from "./cpu";
import { round } from "./load";
import { scratchDatabase } from "./retrieval/scratch";

const CHUNKS = 10_000;
const CHUNKS_A_PAGE = 20;
const WORDS_A_CHUNK = 220;
const BARE_ROWS_A_STATEMENT = 500;
/** As many as a worker embeds at once. */
const PAGES_AT_ONCE = 2;
/** As often as a worker sweeps. */
const SWEEP_EVERY_MS = 15_000;

type Claimed = { tenantId: string; agentId: string; runId: string; pageId: string; lease: string; url: string };

/**
 * Embeds and stores 10,000 chunks with the local embedder through the crawl's own functions, sweeping beside it as a worker does until the vectors
 * of so large an agent are in their graph, and inserts the same rows once more, bare: many a statement, into tables with the same columns and
 * indexes and nothing else.
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { json: { type: "boolean" }, chunks: { type: "string", default: String(CHUNKS) } },
  });
  if (!process.env.LOG_LEVEL) log.level = "warn";
  const { service, owner, stop } = await scratchDatabase();
  try {
    const { rows: backends } = await owner.query<{ pid: number }>("select pg_backend_pid() as pid");
    const roots = { postgres: postmasterOf(backends[0]!.pid) };
    const gateway = createGateway({ env: {}, onCall: () => {} });
    const pages = await claimedPages(service, owner, Number(values.chunks) / CHUNKS_A_PAGE);
    const { db, spent } = timed(service);
    const cpuOfOurs = watchCpu(roots);
    const startedAt = performance.now();
    const left = pages.entries();
    const one = async () => {
      for (const [n, page] of left) await storeAndEmbed(db, gateway, page, n);
    };
    const stored = new AbortController();
    const swept = sweepUntil(stored.signal, service);
    await Promise.all(Array.from({ length: PAGES_AT_ONCE }, one));
    const pagesMs = performance.now() - startedAt;
    stored.abort();
    await swept;
    const totalMs = performance.now() - startedAt;
    const ours = cpuOfOurs(1);
    const cpuOfBare = watchCpu(roots);
    const bareMs = await bareInsert(owner);
    const bare = cpuOfBare(1);
    const { rows } = await owner.query("select count(*)::int as n, count(graph)::int as graph from chunk_embeddings");
    const result = {
      bench: "embed",
      chunks: rows[0].n,
      inGraph: rows[0].graph,
      pages: pages.length,
      totalMs: Math.round(totalMs),
      // Of each page's time.
      shareOutsideDatabase: round(1 - spent.ms / pagesMs / PAGES_AT_ONCE, 3),
      bareInsertMs: Math.round(bareMs),
      ratio: round(totalMs / bareMs, 2),
      cpuMs: { ours, bare },
      postgresCpuRatio: ours && bare ? round(ours.postgres / bare.postgres, 2) : null,
    };
    process.stdout.write(
      values.json
        ? `${JSON.stringify(result)}\n`
        : `${result.chunks} chunks of ${result.pages} pages in ${result.totalMs} ms, ${Math.round(100 * result.shareOutsideDatabase)} % outside the database; ${result.ratio} times a bare insert (${result.bareInsertMs} ms)\n`,
    );
  } finally {
    await stop();
  }
}

/** What a worker's sweep does meanwhile; once all is stored, until nothing is left to bring into a graph. */
async function sweepUntil(stored: AbortSignal, db: pg.Pool): Promise<void> {
  const queues = { add: async () => {} } as unknown as Queues;
  const sweep = () => sweepIndexes({ db, queues, config: {} });
  while (!stored.aborted) {
    await sweep();
    await sleep(SWEEP_EVERY_MS, undefined, { signal: stored }).catch(() => {});
  }
  do await sweep();
  while ((await call<{ graphs: unknown[] }>(db, "sweep_indexes", {})).graphs.length > 0);
}

/** A database that counts the time spent waiting for it. */
function timed(pool: pg.Pool): { db: Db; spent: { ms: number } } {
  const spent = { ms: 0 };
  const query = async (...args: unknown[]) => {
    const startedAt = performance.now();
    try {
      return await (pool.query as (...all: unknown[]) => Promise<unknown>).apply(pool, args);
    } finally {
      spent.ms += performance.now() - startedAt;
    }
  };
  return { db: { query } as Db, spent };
}

async function claimedPages(service: pg.Pool, owner: pg.Pool, count: number): Promise<Claimed[]> {
  const [tenantId, agentId, sourceId, runId] = [newId(), newId(), newId(), newId()];
  await owner.query("insert into tenants (id, slug, name) values ($1, $2, 'Bench')", [tenantId, `bench-${agentId}`]);
  await owner.query("insert into agents (id, tenant_id, name) values ($1, $2, 'Bench')", [agentId, tenantId]);
  await owner.query(
    "insert into sources (id, tenant_id, agent_id, name, url, max_pages) values ($1, $2, $3, 'Bench', 'https://bench.test/', 100000)",
    [sourceId, tenantId, agentId],
  );
  const urls = Array.from({ length: count }, (_, n) => `https://bench.test/${n || ""}`);
  const links = urls.map((url) => ({ url, hash: sha256(url), host: "bench.test", depth: 0 }));
  const run = { tenant_id: tenantId, run_id: runId };
  await call(service, "start_crawl_run", { ...run, source_id: sourceId });
  await call(service, "begin_crawl_run", run);
  await call(service, "add_links", { ...run, links: json(links) });
  const { rows } = await owner.query(
    `update pages set status = 'fetching', enqueued_at = now(), lease_token = gen_random_uuid(), lease_until = now() + interval '1 hour'
     where run_id = $1 returning id, lease_token, url`,
    [runId],
  );
  return rows.map((row) => ({ tenantId, agentId, runId, pageId: row.id, lease: row.lease_token, url: row.url }));
}

async function storeAndEmbed(db: Db, gateway: ReturnType<typeof createGateway>, page: Claimed, n: number) {
  const { tenantId, agentId, runId, pageId, lease } = page;
  const title = `Page ${n}`;
  const chunks = Array.from({ length: CHUNKS_A_PAGE }, (_, position) => {
    const content = wordsOf(n * CHUNKS_A_PAGE + position);
    const { terms, tf, length, longWords } = indexTerms({ title, headingPath: [], content, language: "en", agentId });
    const shape = { position, kind: "text", headingPath: [], anchor: null, tokenCount: WORDS_A_CHUNK };
    return { ...shape, content, contentHash: sha256(content), terms, termFrequencies: tf, length, longWords };
  });
  const markdown = chunks.map(({ content }) => content).join("\n\n");
  const stored = await call<{ versionId: string }>(db, "store_page", {
    tenant_id: tenantId,
    run_id: runId,
    page_id: pageId,
    lease,
    page: json({ httpStatus: 200, title, markdown, contentHash: sha256(markdown), wordCount: 1, reader: "bench" }),
    chunks: json(chunks),
    links: json([]),
  });
  const queues = { addBulk: async () => {} };
  const ref = { tenantId, versionId: stored.versionId };
  await embedPage({ db, gateway, queues, config: {} }, ref, new AbortController().signal);
}

/** Words with the frequencies of language (Zipf), the same for the same number. */
function wordsOf(seed: number): string {
  let state = seed + 1;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return Array.from({ length: WORDS_A_CHUNK }, () => `word${Math.floor(20_000 ** random())}`).join(" ");
}

async function bareInsert(owner: pg.Pool): Promise<number> {
  let ms = 0;
  for (const table of ["chunks", "chunk_embeddings"]) {
    await owner.query(`create table bare_${table} (like public.${table} including all)`);
    const { rows } = await owner.query<{ row: string }>(`select to_jsonb(t)::text as row from public.${table} t`);
    const { rows: typed } = await owner.query<{ name: string; type: string }>(
      "select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped",
      [`public.${table}`],
    );
    const columns = typed.map(({ name }) => name).join(", ");
    const shape = typed.map(({ name, type }) => `${name} ${type}`).join(", ");
    const sql = `insert into bare_${table} (${columns}) select ${columns} from jsonb_to_recordset($1::jsonb) as t (${shape})`;
    const startedAt = performance.now();
    for (let at = 0; at < rows.length; at += BARE_ROWS_A_STATEMENT)
      await owner.query(sql, [`[${rows.slice(at, at + BARE_ROWS_A_STATEMENT).map(({ row }) => row)}]`]);
    ms += performance.now() - startedAt;
  }
  return ms;
}
