import { parseArgs } from "node:util";
import pg from "pg";
import { Env } from "@/lib/core/env";
import { retrieve } from "@/lib/knowledge";
import { queryTerms } from "@/lib/knowledge/lexical";
import { createGateway } from "@/lib/llm";
import { postmasterOf, watchCpu } from "./cpu";
import { type FilledAgent, fillAgent } from "./lexical/fill";
import { load, round } from "./load";
import { untilTold } from "./pause";
import { scratchDatabase } from "./retrieval/scratch";

const SIZES = [3_000, 100_000];
const QUESTIONS = 200;
const AT_ONCE = [1, 8];
/** Through the connections that one process of the product has. */
const APP_AT_ONCE = 20;
const APP_CONNECTIONS = Env.shape.DATABASE_POOL_MAX.parse(undefined);
/** As `retrieve` asks. */
const CANDIDATES = 50;

interface Timing {
  atOnce: number;
  p50Ms: number;
  p95Ms: number;
  perSecond: number;
  /** Processor time a question, of Postgres and of this process: says the same on a busy machine. */
  cpuMs: { postgres: number; client: number } | null;
}

/** Time of `match_chunks` by words alone for agents of 3,000 and 100,000 passages, and of the whole of `retrieve` at 20 at once. */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { chunks: { type: "string" }, pause: { type: "boolean" }, json: { type: "boolean" } },
  });
  const sizes = values.chunks ? [Number(values.chunks)] : SIZES;
  const database = await scratchDatabase();
  const pool = new pg.Pool({ ...database.service.options, max: Math.max(...AT_ONCE) });
  const ofApp = new pg.Pool({ ...database.service.options, max: APP_CONNECTIONS });
  for (const each of [pool, ofApp]) each.on("error", () => {});
  try {
    const agents: FilledAgent[] = [];
    const startedAt = performance.now();
    // Indexes at the end instead of millions of entries one by one; they are the same ones.
    const { rows: indexes } = await database.owner.query<{ name: string; definition: string }>(
      `select i.indexname as name, i.indexdef as definition from pg_indexes i
       where i.schemaname = 'public' and i.tablename = 'chunks'
         and not exists (select from pg_constraint c where c.conindid = format('public.%I', i.indexname)::regclass)`,
    );
    for (const { name } of indexes) await database.owner.query(`drop index public.${name}`);
    for (const [at, chunks] of sizes.entries())
      agents.push(await fillAgent(database.owner, { chunks, questions: QUESTIONS, seed: at + 1 }));
    for (const { definition } of indexes) await database.owner.query(definition);
    await database.owner.query("vacuum analyze public.chunks, public.lex_terms, public.pages");
    const fillSeconds = round((performance.now() - startedAt) / 1_000);
    if (values.pause) await untilTold();
    const report: { chunks: number; matchChunks: Timing[]; retrieve: Timing }[] = [];
    for (const agent of agents) {
      const inDatabase: Timing[] = [];
      for (const atOnce of AT_ONCE) inDatabase.push(await measure(pool, atOnce, agent, matchIn(pool, agent)));
      const app = await measure(ofApp, APP_AT_ONCE, agent, retrieveIn(ofApp, agent));
      report.push({ chunks: agent.chunks, matchChunks: inDatabase, retrieve: app });
    }
    const asText = () =>
      `filled in ${fillSeconds} s\n${report
        .flatMap(({ chunks, matchChunks, retrieve }) => [
          ...matchChunks.map((timing) => [chunks, "match_chunks", timing] as const),
          [chunks, "retrieve()", retrieve] as const,
        ])
        .map(
          ([chunks, what, { atOnce, p50Ms, p95Ms, perSecond, cpuMs }]) =>
            `${String(chunks).padStart(7)} chunks  ${what.padEnd(12)} ${String(atOnce).padStart(2)} at once  p50 ${p50Ms} ms  p95 ${p95Ms} ms  ${perSecond}/s  CPU ${cpuMs?.postgres} + ${cpuMs?.client} ms`,
        )
        .join("\n")}`;
    process.stdout.write(
      `${values.json ? JSON.stringify({ bench: "lexical", fillSeconds, sizes: report }) : asText()}\n`,
    );
  } finally {
    await Promise.all([pool.end(), ofApp.end()]);
    await database.stop();
  }
}

type Ask = (question: string) => Promise<unknown>;

function matchIn(pool: pg.Pool, { tenantId, agentId }: FilledAgent): Ask {
  return async (question) => {
    const { terms, weights } = queryTerms({ text: question, language: "en", agentId });
    await pool.query({
      name: "match",
      text: "select service.match_chunks(p_tenant_id => $1, p_agent_id => $2, p_terms => $3, p_weights => $4, p_limit => $5)",
      values: [tenantId, agentId, terms, weights, CANDIDATES],
    });
  };
}

function retrieveIn(pool: pg.Pool, { tenantId, agentId }: FilledAgent): Ask {
  const gateway = createGateway({ env: {}, onCall: () => {} });
  return (question) =>
    retrieve({ db: pool, gateway }, { tenantId, agentId, question, language: "en", embeddingModel: null });
}

async function measure(pool: pg.Pool, atOnce: number, { questions }: FilledAgent, ask: Ask): Promise<Timing> {
  const once = (total: number) =>
    load(atOnce, total, async (n) => {
      const startedAt = performance.now();
      await ask(questions[n % questions.length]!);
      const totalMs = performance.now() - startedAt;
      return { firstMs: totalMs, totalMs };
    });
  await once(questions.length);
  const { rows } = await pool.query<{ pid: number }>("select pg_backend_pid() as pid");
  const stopCpu = watchCpu({ postgres: postmasterOf(rows[0]!.pid) });
  const total = 2 * questions.length;
  const { errors, totalMs, requestsPerSecond } = await once(total);
  if (errors > 0) throw new Error(`${errors} of ${total} questions failed.`);
  return { atOnce, p50Ms: totalMs.p50, p95Ms: totalMs.p95, perSecond: round(requestsPerSecond), cpuMs: stopCpu(total) };
}
