import { parseArgs } from "node:util";
import type pg from "pg";
import { postmasterOf, watchCpu } from "./cpu";
import { round } from "./load";
import { untilTold } from "./pause";
import { percentile } from "./retrieval/metrics";
import { scratchDatabase } from "./retrieval/scratch";
import { fill, type VectorTenant } from "./vectors/fill";
import { vectorMaker } from "./vectors/make-vectors";

const SHARES = [0.001, 0.01, 0.1, 1];
/** Of each of the large tenants that are there besides, with --others. */
const OTHERS_SHARE = 0.1;
const DIMENSIONS = 384;
const MODEL = "compatible/bench";
const TOP = 10;
/** As `retrieve` asks. */
const CANDIDATES = 50;
const QUESTIONS = 100;
/** Others, so that a million vectors are where a server that is asked all day has them. A small tenant has no others. */
const WARM_UP = 200;
const LEAST_WARM_UP = 20;

interface TenantReport {
  share: number;
  rows: number;
  /** The HNSW graph that its vectors are in, and all that are in there; null: they are scanned. */
  graph: { number: number; rows: number } | null;
  /** Of the exact best ten, how many are among the ten best found. */
  recallAt10: number;
  /** The fewest that a question got, of ten wanted. */
  fewestRows: number;
  latencyMs: { p50: number; p95: number };
  /** Processor time of Postgres for one question: says the same on a busy machine. */
  cpuMs: number | null;
}

/** Recall, rows and time of the vector search of service.match_chunks for tenants of 0.1 % to 100 % of a table. */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      rows: { type: "string" },
      dimensions: { type: "string" },
      others: { type: "string" },
      pause: { type: "boolean" },
      json: { type: "boolean" },
    },
  });
  const rows = Number(values.rows ?? 100_000);
  if (!Number.isInteger(rows) || rows < 10_000) throw new Error("--rows must be a whole number of at least 10000.");
  const dimensions = Number(values.dimensions ?? DIMENSIONS);
  const others = Number(values.others ?? 0);
  const database = await scratchDatabase();
  try {
    const make = vectorMaker(dimensions, 1);
    const startedAt = performance.now();
    const shares = [...SHARES, ...Array<number>(others).fill(OTHERS_SHARE)];
    const options = { rows, shares, dimensions, questions: WARM_UP + QUESTIONS, model: MODEL, make };
    const tenants = await fill(database.owner, options);
    const fillSeconds = round((performance.now() - startedAt) / 1_000);
    if (values.pause) await untilTold();
    const reports: TenantReport[] = [];
    for (const tenant of tenants) reports.push(await measure(database, tenant));
    const bars = { recallAt10: 0.95, fewestRows: 10, p95Ms: rows > 200_000 ? 25 : 10 };
    const report = { bench: "vectors", rows, dimensions, fillSeconds, tenants: reports, bars };
    process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : asText(report));
  } finally {
    await database.stop();
  }
}

async function measure(
  { service, owner }: { service: pg.Pool; owner: pg.Pool },
  tenant: VectorTenant,
): Promise<TenantReport> {
  const client = await service.connect();
  try {
    const ask = async (question: string): Promise<string[]> => {
      const { rows } = await client.query<{ found: { chunkIds: string[]; similarity: number[] } }>({
        name: "ask",
        text: `select service.match_chunks(p_tenant_id => $1, p_agent_id => $2, p_terms => '{}', p_weights => '{}',
          p_embedding => $3, p_embedding_model => $4, p_limit => $5) as found`,
        values: [tenant.tenantId, tenant.agentId, question, MODEL, CANDIDATES],
      });
      const { chunkIds, similarity } = rows[0]!.found;
      return chunkIds
        .map((id, at) => ({ id, similarity: similarity[at]! }))
        .sort((x, y) => y.similarity - x.similarity)
        .map(({ id }) => id);
    };
    const all = tenant.questions.map((question) => `[${question.join(",")}]`);
    const questions = all.slice(-QUESTIONS);
    for (const question of all.slice(0, Math.max(LEAST_WARM_UP, all.length - QUESTIONS))) await ask(question);
    const { rows: backend } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
    const stopCpu = watchCpu({ postgres: postmasterOf(backend[0]!.pid) });
    const found: string[][] = [];
    const latenciesMs: number[] = [];
    for (const question of questions) {
      const startedAt = performance.now();
      found.push(await ask(question));
      latenciesMs.push(performance.now() - startedAt);
    }
    const cpu = stopCpu(questions.length);
    const recalls: number[] = [];
    for (const [at, question] of questions.entries())
      recalls.push(recall(found[at]!.slice(0, TOP), await exact(owner, tenant, question)));
    return {
      share: tenant.share,
      rows: tenant.rows,
      graph: await graphOf(owner, tenant),
      recallAt10: round(recalls.reduce((sum, value) => sum + value, 0) / recalls.length, 4),
      fewestRows: Math.min(...found.map((ids) => Math.min(ids.length, TOP))),
      latencyMs: { p50: round(percentile(latenciesMs, 0.5), 2), p95: round(percentile(latenciesMs, 0.95), 2) },
      cpuMs: cpu?.postgres ?? null,
    };
  } finally {
    client.release();
  }
}

const recall = (found: string[], expected: Set<string>): number =>
  found.filter((id) => expected.has(id)).length / expected.size;

async function graphOf(owner: pg.Pool, tenant: VectorTenant): Promise<TenantReport["graph"]> {
  const { rows } = await owner.query<{ number: number; rows: number }>(
    `select i.graph as number, (select sum(s.chunk_count)::int from public.embedding_indexes o
       join public.lex_agents s on s.agent_id = o.agent_id where o.graph = i.graph) as rows
     from public.embedding_indexes i where i.id = $1 and i.graph_ready_at is not null`,
    [tenant.indexId],
  );
  return rows[0] ?? null;
}

/** The true best ten, by reading every vector of the tenant. */
async function exact(owner: pg.Pool, tenant: VectorTenant, question: string): Promise<Set<string>> {
  const { rows } = await owner.query<{ chunk_id: string }>(
    `select e.chunk_id from public.chunk_embeddings e where e.tenant_id = $1 and e.index_id = $2
     order by (e.embedding operator(extensions.<=>) $3::extensions.halfvec) + 0 limit $4`,
    [tenant.tenantId, tenant.indexId, question, TOP],
  );
  return new Set(rows.map((row) => row.chunk_id));
}

function asText(report: { rows: number; dimensions: number; fillSeconds: number; tenants: TenantReport[] }): string {
  const lines = report.tenants.map(
    ({ share, rows, graph, recallAt10, fewestRows, latencyMs, cpuMs }) =>
      `${`${share * 100} %`.padStart(6)} ${String(rows).padStart(8)} rows  ${graph ? `graph ${graph.number} of ${graph.rows}` : "scanned"}  recall@10 ${recallAt10}  fewest rows ${fewestRows}  p50 ${latencyMs.p50} ms  p95 ${latencyMs.p95} ms  CPU ${cpuMs} ms`,
  );
  return `${report.rows} × ${report.dimensions}, filled in ${report.fillSeconds} s\n${lines.join("\n")}\n`;
}
