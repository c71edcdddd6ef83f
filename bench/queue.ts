import { parseArgs } from "node:util";
import { createPostgresBackend, createRedisBackend, Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import pg from "pg";
import { z } from "zod";
import { connectQueue, createQueues, defineJob, runWorker } from "@/lib/queue";
import { startOwnPostgres } from "@/lib/testing/own-postgres";
import { redisBinary, startRedis } from "@/lib/testing/redis";
import { round } from "./load";

const BATCH = 50;
const CONCURRENCY = 5;
const KEEP = { removeOnComplete: { count: 100 }, removeOnFail: { count: 1_000 } };

/** Jobs a second, from the first that is put in to the last that is done. */
type Rate = (url: string, jobs: number, round: number) => Promise<number>;

/** Counts down to the end of a round. */
function countdown(jobs: number): { done: Promise<void>; one(): void } {
  let left = jobs;
  let finish = () => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  return {
    done,
    one: () => {
      if (--left === 0) finish();
    },
  };
}

const batches = (jobs: number): number[][] =>
  Array.from({ length: Math.ceil(jobs / BATCH) }, (_, i) =>
    Array.from({ length: Math.min(BATCH, jobs - i * BATCH) }, (_, k) => i * BATCH + k),
  );

/** As the product does it: validated payloads, ids, places, retries, timeouts, logs. */
const ours: Rate = async (url, jobs, n) => {
  const connection = await connectQueue(url, { workers: 1 });
  const queues = createQueues(connection);
  const job = defineJob({
    name: `bench-ours-${n}`,
    payload: z.object({ tenantId: z.uuid(), key: z.number() }),
    id: ({ key }) => `page_${key}`,
  });
  const tenantId = "0198f1f0-0000-7000-8000-000000000001";
  const { done, one } = countdown(jobs);
  const worker = runWorker(connection, job, async () => void one() as undefined, {
    timeoutMs: 300_000,
    concurrency: CONCURRENCY,
  });
  await worker.ready();
  const startedAt = performance.now();
  for (const batch of batches(jobs))
    await queues.addBulk(
      job,
      batch.map((key, i) => ({ payload: { tenantId, key }, place: i + 1 })),
    );
  await done;
  const rate = jobs / ((performance.now() - startedAt) / 1_000);
  await worker.close();
  await queues.close();
  await connection.close();
  return rate;
};

/** BullMQ by itself: no ids, no priorities, no retries. It too keeps the last 100. */
const bare: Rate = async (url, jobs, n) => {
  const name = `bench-bare-${n}`;
  const isRedis = url.startsWith("redis");
  const pool = isRedis ? undefined : new pg.Pool({ connectionString: url, max: 5, options: "-c search_path=bullmq" });
  const redis = isRedis ? new Redis(url, { maxRetriesPerRequest: null }) : undefined;
  pool?.setMaxListeners(0);
  const { done, one } = countdown(jobs);
  const work = async () => one();
  const settings = { concurrency: CONCURRENCY };
  const queue = pool
    ? new Queue(name, { connection: pool }, createPostgresBackend)
    : new Queue(name, { connection: redis! }, createRedisBackend);
  const worker = pool
    ? new Worker(name, work, { ...settings, connection: pool }, createPostgresBackend)
    : new Worker(name, work, { ...settings, connection: redis! }, createRedisBackend);
  await worker.waitUntilReady();
  const startedAt = performance.now();
  for (const batch of batches(jobs))
    await queue.addBulk(batch.map((key) => ({ name: "page", data: { key }, opts: KEEP })));
  await done;
  const rate = jobs / ((performance.now() - startedAt) / 1_000);
  await worker.close();
  await queue.close();
  await pool?.end();
  await redis?.quit();
  return rate;
};

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** `npm run bench -- queue [--jobs N] [--rounds N] [--json]`: enqueue and process, over BullMQ by itself on the same server in turns. */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      jobs: { type: "string", default: "3000" },
      rounds: { type: "string", default: "5" },
      json: { type: "boolean", default: false },
    },
  });
  const [jobs, rounds] = [Number(values.jobs), Number(values.rounds)];
  const servers: [string, { url: string; stop(): Promise<unknown> }][] = [];
  const postgres = await startOwnPostgres();
  servers.push(["postgres", { url: postgres.url, stop: () => postgres.drop() }]);
  if (redisBinary()) servers.push(["redis", await startRedis()]);
  const results = [];
  for (const [backend, server] of servers) {
    // Makes the tables, and warms both up.
    await ours(server.url, BATCH, -1);
    await bare(server.url, BATCH, -1);
    const rates: { ours: number[]; bare: number[] } = { ours: [], bare: [] };
    for (let n = 0; n < rounds; n++) {
      rates.ours.push(await ours(server.url, jobs, n));
      rates.bare.push(await bare(server.url, jobs, n));
    }
    await server.stop();
    const ratios = rates.ours.map((rate, n) => rate / rates.bare[n]!);
    results.push({
      backend,
      jobs,
      oursPerSecond: round(median(rates.ours)),
      barePerSecond: round(median(rates.bare)),
      ratio: round(median(ratios), 2),
    });
  }
  if (values.json) process.stdout.write(`${JSON.stringify({ bench: "queue", results })}\n`);
  else
    for (const { backend, oursPerSecond, barePerSecond, ratio } of results)
      process.stdout.write(
        `${backend.padEnd(9)}${oursPerSecond} jobs/s, BullMQ by itself ${barePerSecond}: ${ratio} (bar 0.7, stretch 0.9)\n`,
      );
}
