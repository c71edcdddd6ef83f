import type pg from "pg";
import { newId, sha256 } from "@/lib/core/ids";
import { call } from "@/lib/db/pool";
import { createAgent, type Owned } from "../retrieval/scratch";
import { generator, type VectorMaker } from "./make-vectors";

export interface VectorTenant extends Owned {
  /** Of `rows`. */
  share: number;
  rows: number;
  indexId: string;
  pageId: string;
  versionId: string;
  topics: number[];
  /** Questions about passages of its own. */
  questions: Int16Array[];
}

/** Passages that are stored one after the other: those of one page. */
const PAGE_ROWS = 10;
const BATCH_ROWS = 1_000;
/** Stored before the large ones have a graph. */
const FIRST_ROWS = 10_000;
const TOPICS_OF_A_SITE = 40;

/**
 * Fills a database with tenants that hold these shares of `rows`, all in one table, page by page in turns as crawls that run at once would. The
 * largest one's share is 1: the table holds a little more than `rows`. The product's own sweep gives the large ones their graphs after the first
 * pages, and brings what was there into them. The HNSW indexes are built at the end, which is quicker and gives the same.
 */
export async function fill(
  owner: pg.Pool,
  {
    rows,
    shares,
    dimensions,
    questions,
    model,
    make,
  }: {
    rows: number;
    shares: number[];
    dimensions: number;
    questions: number;
    model: string;
    make: VectorMaker;
  },
): Promise<VectorTenant[]> {
  const tenants: VectorTenant[] = [];
  for (const share of shares)
    tenants.push(await tenantOf(owner, Math.round(rows * share), share, { dimensions, model, make }));
  const graphs = await graphsOf(owner, dimensions);
  for (const { name } of graphs) await owner.query(`drop index public.${name}`);
  const turns = tenants.flatMap((tenant) => Array<VectorTenant>(Math.ceil(tenant.rows / PAGE_ROWS)).fill(tenant));
  shuffle(turns);
  let batch: Row[] = [];
  let stored = 0;
  for (const tenant of turns) {
    for (let i = 0; i < PAGE_ROWS; i++) batch.push({ tenant, vector: make.passage(tenant.topics) });
    if (batch.length < BATCH_ROWS) continue;
    await store(owner, batch, questions, make);
    if (stored < FIRST_ROWS && stored + batch.length >= FIRST_ROWS) await fillGraphs(owner);
    stored += batch.length;
    batch = [];
  }
  await store(owner, batch, questions, make);
  const builder = await owner.connect();
  try {
    // What does not fit is put in one by one, which takes ten times as long.
    await builder.query(`set maintenance_work_mem = '${rows > 200_000 ? 3 : 1}GB'`);
    await builder.query("set max_parallel_maintenance_workers = 2");
    for (const { definition } of graphs) await builder.query(definition);
    await builder.query("analyze public.chunk_embeddings, public.chunks");
  } finally {
    builder.release();
  }
  return tenants;
}

/** The HNSW indexes of a length, as the migration makes them. */
async function graphsOf(owner: pg.Pool, dimensions: number): Promise<{ name: string; definition: string }[]> {
  const { rows } = await owner.query<{ name: string; definition: string }>(
    `select indexname as name, indexdef as definition from pg_indexes
     where schemaname = 'public' and tablename = 'chunk_embeddings' and indexname like $1 order by 1`,
    [`chunk\\_embeddings\\_${dimensions}\\_%`],
  );
  return rows;
}

/** What the sweep of the product finds to do, to its end. */
async function fillGraphs(owner: pg.Pool): Promise<void> {
  const { graphs } = await call<{ graphs: { tenantId: string; indexId: string }[] }>(owner, "sweep_indexes", {});
  for (const { tenantId, indexId } of graphs) {
    const fill = () => call<string>(owner, "fill_graph", { tenant_id: tenantId, index_id: indexId, limit: BATCH_ROWS });
    let step = await fill();
    while (step === "more") step = await fill();
    if (step !== "ready") throw new Error(`the graph of ${indexId} is ${step}`);
  }
}

interface Row {
  tenant: VectorTenant;
  vector: Int16Array;
}

async function store(owner: pg.Pool, batch: Row[], questions: number, make: VectorMaker): Promise<void> {
  for (const { tenant, vector } of batch) {
    if (tenant.questions.length < questions && Math.random() < (2 * questions) / tenant.rows)
      tenant.questions.push(make.question(vector));
  }
  const rows = batch.map(({ tenant, vector }) => ({ id: newId(), tenant, vector: `[${vector.join(",")}]` }));
  await owner.query(
    `insert into public.chunks (id, tenant_id, agent_id, source_id, page_id, page_version_id, position, kind, title, content, token_count,
       content_hash, published, terms, term_frequencies, length)
     select r.id, r.tenant_id, r.agent_id, r.source_id, r.page_id, r.version_id, 0, 'text', 'Page', repeat('words ', 50), 60,
       repeat('0', 32) || md5(r.id::text), true, '{}', '{}', 0
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[])
       as r (id, tenant_id, agent_id, source_id, page_id, version_id)`,
    [
      rows.map(({ id }) => id),
      ...(["tenantId", "agentId", "sourceId", "pageId", "versionId"] as const).map((key) =>
        rows.map(({ tenant }) => tenant[key]),
      ),
    ],
  );
  await owner.query(
    `insert into public.chunk_embeddings (tenant_id, chunk_id, index_id, embedding, graph)
     select r.tenant_id, r.id, r.index_id, r.embedding::extensions.halfvec, i.graph
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[]) as r (id, tenant_id, index_id, embedding)
     join public.embedding_indexes i on i.tenant_id = r.tenant_id and i.id = r.index_id`,
    [
      rows.map(({ id }) => id),
      rows.map(({ tenant }) => tenant.tenantId),
      rows.map(({ tenant }) => tenant.indexId),
      rows.map(({ vector }) => vector),
    ],
  );
}

async function tenantOf(
  owner: pg.Pool,
  rows: number,
  share: number,
  { dimensions, model, make }: { dimensions: number; model: string; make: VectorMaker },
): Promise<VectorTenant> {
  const agent = await createAgent(owner);
  const [pageId, versionId] = [newId(), newId()];
  await owner.query(
    `insert into public.pages (id, tenant_id, agent_id, source_id, run_id, url, url_hash, host, depth, status, title)
     values ($1, $2, $3, $4, $5, 'https://corpus.test/', $6, 'corpus.test', 0, 'published', 'Page')`,
    [pageId, agent.tenantId, agent.agentId, agent.sourceId, agent.runId, sha256(pageId)],
  );
  await owner.query(
    `insert into public.page_versions (id, tenant_id, page_id, run_id, content_hash, title, markdown) values ($1, $2, $3, $4, $5, 'Page', '')`,
    [versionId, agent.tenantId, pageId, agent.runId, sha256(versionId)],
  );
  const { rows: index } = await owner.query<{ id: string }>("select (private.live_index($1, $2, $3)).id", [
    agent.tenantId,
    agent.agentId,
    model,
  ]);
  await owner.query("update public.embedding_indexes set dimensions = $3 where tenant_id = $1 and id = $2", [
    agent.tenantId,
    index[0]!.id,
    dimensions,
  ]);
  // What publishing keeps, in one row.
  await owner.query(
    "insert into public.lex_agents (agent_id, tenant_id, chunk_count, total_length, encoded_average) values ($1, $2, $3, 1, 1)",
    [agent.agentId, agent.tenantId, rows],
  );
  const topics = make.someTopics(Math.min(500, Math.max(TOPICS_OF_A_SITE, Math.round(rows / 200))));
  return { ...agent, share, rows, indexId: index[0]!.id, pageId, versionId, topics, questions: [] };
}

function shuffle<T>(list: T[]): void {
  const random = generator(7);
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [list[i], list[j]] = [list[j]!, list[i]!];
  }
}
