import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { createTestDatabase } from "@/lib/testing/database";
import { holdJob } from "@/lib/testing/holding-worker";
import { redisBinary, startRedis } from "@/lib/testing/redis";
import {
  connectQueue,
  createQueues,
  defineJob,
  type JobDefinition,
  type QueueConnection,
  type Queues,
  type RunningWorker,
  runAgainIn,
  runWorker,
} from "./index";
import type { JobHandler, WorkerOptions } from "./worker";

interface Backend {
  url: string;
  /** Every connection breaks at once; the data stay. */
  interrupt(): Promise<void>;
  stop(): Promise<void>;
}

const backends: Record<string, () => Promise<Backend>> = {
  postgres: async () => {
    const db = await createTestDatabase();
    const admin = new pg.Pool({ connectionString: db.adminUrl, max: 1 });
    return {
      url: db.url,
      interrupt: async () => {
        await admin.query(
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = 'alonchat_service'",
        );
      },
      stop: async () => {
        await admin.end();
        await db.drop();
      },
    };
  },
  redis: async () => {
    const redis = await startRedis();
    return { url: redis.url, interrupt: () => redis.restart(), stop: () => redis.stop() };
  },
};

const hasRedis = redisBinary() !== undefined;
if (!hasRedis) process.stdout.write("Redis is not tested: there is no redis-server on this machine.\n");

let count = 0;
/** Jobs under a name of their own, so that tests do not meet in one queue. */
const newJob = (more: Partial<JobDefinition<{ key: string }>> = {}) =>
  defineJob({
    name: `test-${++count}`,
    payload: z.object({ key: z.string() }),
    id: ({ key }) => `job_${key}`,
    backoffMs: 20,
    lockMs: 2_000,
    ...more,
  });

const until = (check: () => unknown, timeout = 60_000) =>
  vi.waitFor(async () => expect(await check()).toBeTruthy(), { timeout, interval: 20 });

describe.each(Object.keys(backends))("on %s", (name) => {
  const skip = name === "redis" && !hasRedis;
  let backend: Backend;
  let connection: QueueConnection;
  let queues: Queues;
  let workers: RunningWorker[] = [];

  beforeAll(async () => {
    if (!skip) backend = await backends[name]!();
  });
  afterAll(() => backend?.stop());
  beforeEach(async (context) => {
    if (skip) return context.skip();
    connection = await connectQueue(backend.url, { workers: 2 });
    queues = createQueues(connection);
  });
  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.close(0)));
    workers = [];
    await queues?.close();
    await connection?.close();
  });

  const work = async <P>(job: JobDefinition<P>, handle: JobHandler<P>, options: Partial<WorkerOptions> = {}) => {
    const worker = runWorker(connection, job, handle, { timeoutMs: 60_000, stalledEveryMs: 500, ...options });
    workers.push(worker);
    await worker.ready();
    return worker;
  };
  const jobOf = async (job: { name: string }, id: string) => {
    const found = await queues.queue(job.name).getJob(id);
    return found && { state: await found.getState(), attempts: found.attemptsMade, reason: found.failedReason };
  };

  test("a job arrives with its payload and is kept as completed", async () => {
    const job = newJob();
    const seen: unknown[] = [];
    await work(job, async (payload, { attempt }) => void seen.push([payload, attempt]) as undefined);
    await queues.add(job, { key: "a" });
    await until(async () => (await jobOf(job, "job_a"))?.state === "completed");
    expect(seen).toEqual([[{ key: "a" }, 1]]);
  });

  test("a wrong payload is refused where it is made, alone or in bulk", async () => {
    const job = newJob();
    const wrong = { key: 7 } as unknown as { key: string };
    await expect(queues.add(job, wrong)).rejects.toThrow(z.ZodError);
    await expect(queues.addBulk(job, [{ payload: { key: "a" } }, { payload: wrong }])).rejects.toThrow(z.ZodError);
    expect(await queues.queue(job.name).count()).toBe(0);
  });

  test("a wrong payload that got in all the same fails at once and is not tried again", async () => {
    const job = newJob();
    const handle = vi.fn(async () => undefined);
    await work(job, handle);
    await queues.queue(job.name).add(job.name, { key: 7 }, { jobId: "job_wrong", attempts: 5 });
    await until(async () => (await jobOf(job, "job_wrong"))?.state === "failed");
    expect((await jobOf(job, "job_wrong"))!.attempts).toBe(1);
    expect(handle).not.toHaveBeenCalled();
  });

  test("a job waits for its delay", async () => {
    const job = newJob();
    const keys: string[] = [];
    await work(job, async ({ key }) => void keys.push(key) as undefined);
    await queues.add(job, { key: "later" }, { delayMs: 600_000 });
    await queues.add(job, { key: "soon" }, { delayMs: 50 });
    await until(async () => (await jobOf(job, "job_soon"))?.state === "completed");
    expect(keys).toEqual(["soon"]);
    expect((await jobOf(job, "job_later"))!.state).toBe("delayed");
  });

  test("running again later is no failed attempt, however often", async () => {
    const job = newJob({ attempts: 2 });
    const attempts: number[] = [];
    await work(job, async (_, { attempt }) => {
      attempts.push(attempt);
      return attempts.length < 6 ? runAgainIn(10) : undefined;
    });
    await queues.add(job, { key: "a" });
    await until(async () => (await jobOf(job, "job_a"))?.state === "completed");
    expect(attempts).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test("an unknown error is retried with growing pauses until the attempts are used up", async () => {
    const job = newJob({ attempts: 3 });
    const attempts: number[] = [];
    await work(job, async (_, { attempt }) => {
      attempts.push(attempt);
      throw new Error("the network is a mystery");
    });
    await queues.add(job, { key: "a" });
    await until(async () => (await jobOf(job, "job_a"))?.state === "failed");
    expect(attempts).toEqual([1, 2, 3]);
    expect((await jobOf(job, "job_a"))!.reason).toBe("the network is a mystery");
    expect((await queues.queue(job.name).getJob("job_a"))!.opts.backoff).toEqual({
      type: "exponential",
      delay: 20,
      jitter: 0.3,
    });
  });

  test("an AppError is retried only if its code says so", async () => {
    const job = newJob({ attempts: 3 });
    const tries: Record<string, number> = {};
    await work(job, async ({ key }) => {
      tries[key] = (tries[key] ?? 0) + 1;
      throw key === "final"
        ? new AppError("url_blocked", "This address is private.")
        : new AppError("upstream_busy", "Busy.");
    });
    await queues.addBulk(job, [{ payload: { key: "final" } }, { payload: { key: "busy" } }]);
    await until(
      async () =>
        (await jobOf(job, "job_busy"))?.state === "failed" && (await jobOf(job, "job_final"))?.state === "failed",
    );
    expect(tries).toEqual({ final: 1, busy: 3 });
    expect((await jobOf(job, "job_final"))!.reason).toBe("url_blocked: This address is private.");
  });

  test("a job that takes too long is aborted and tried again", async () => {
    const job = newJob();
    const attempts: number[] = [];
    await work(
      job,
      async (_, { signal, attempt }) => {
        attempts.push(attempt);
        if (attempt === 1) await sleep(600_000, undefined, { signal });
        return undefined;
      },
      { timeoutMs: 200 },
    );
    await queues.add(job, { key: "slow" });
    await until(async () => (await jobOf(job, "job_slow"))?.state === "completed");
    expect(attempts).toEqual([1, 2]);
  });

  test("the same id is not added twice, not even after it is done; a nudge is another id", async () => {
    const job = newJob();
    const keys: string[] = [];
    await work(job, async ({ key }) => void keys.push(key) as undefined);
    await Promise.all([queues.add(job, { key: "a" }), queues.add(job, { key: "a" })]);
    await until(async () => (await jobOf(job, "job_a"))?.state === "completed");
    await queues.add(job, { key: "a" });
    await queues.addBulk(job, [{ payload: { key: "a" } }, { payload: { key: "b" } }]);
    await until(async () => (await jobOf(job, "job_b"))?.state === "completed");
    expect(keys).toEqual(["a", "b"]);
    await queues.add(job, { key: "a" }, { nudge: 1 });
    await until(async () => (await jobOf(job, "job_a_1"))?.state === "completed");
    expect(keys).toEqual(["a", "b", "a"]);
  });

  test("a job has five attempts, the first pause of two seconds, and leaves 100 done and 1,000 failed ones behind", async () => {
    const job = defineJob({
      name: `test-${++count}`,
      payload: z.object({ key: z.string() }),
      id: ({ key }) => `job_${key}`,
    });
    await queues.add(job, { key: "a" });
    expect((await queues.queue(job.name).getJob("job_a"))!.opts).toMatchObject({
      attempts: 5,
      backoff: { type: "exponential", delay: 2_000 },
      removeOnComplete: { count: 100 },
      removeOnFail: { count: 1_000 },
    });
    expect(job).toMatchObject({ concurrency: 5 });
  });

  test("of many jobs the last 100 completed and 1,000 failed are kept", async () => {
    const job = newJob({ attempts: 1 });
    const keys = (kind: string, length: number) =>
      Array.from({ length }, (_, i) => ({ payload: { key: `${kind}-${i}` } }));
    const last = { completed: "", failed: "" };
    let done = 0;
    await work(
      job,
      async ({ key }) => {
        done++;
        last[key.startsWith("right") ? "completed" : "failed"] = `job_${key}`;
        if (key.startsWith("wrong")) throw new AppError("url_blocked", "This address is private.");
        return undefined;
      },
      { concurrency: 1 },
    );
    await queues.addBulk(job, [...keys("right", 130), ...keys("wrong", 1_040)]);
    await until(() => done === 1_170);
    const queue = queues.queue(job.name);
    await until(async () => (await queue.getJobCountByTypes("active")) === 0);
    expect(await queue.getJobCounts("completed", "failed", "waiting")).toEqual({
      completed: 100,
      failed: 1_000,
      waiting: 0,
    });
    expect((await jobOf(job, last.completed))?.state).toBe("completed");
    expect((await jobOf(job, last.failed))?.state).toBe("failed");
  });

  test("jobs with a low place are taken first, whoever came before, and a retry keeps its place", async () => {
    const job = newJob({ attempts: 2 });
    const backlog = Array.from({ length: 60 }, (_, i) => ({ payload: { key: `large-${i}` }, place: i + 1 }));
    await queues.addBulk(job, backlog);
    await queues.addBulk(job, [
      { payload: { key: "small-0" }, place: 1 },
      { payload: { key: "small-1" }, place: 2, nudge: 3 },
    ]);
    await queues.add(job, { key: "system" });
    const order: string[] = [];
    await work(job, async ({ key }) => void order.push(key) as undefined, { concurrency: 1 });
    await until(() => order.length === 63);
    expect(order.slice(0, 5)).toEqual(["system", "large-0", "small-0", "large-1", "small-1"]);
    const again = newJob({ attempts: 2 });
    await queues.add(again, { key: "b" }, { place: 7 });
    let tries = 0;
    await work(again, async () => {
      if (++tries === 1) throw new Error("not yet");
      return undefined;
    });
    await until(async () => (await jobOf(again, "job_b"))?.state === "completed");
    expect((await queues.queue(again.name).getJob("job_b"))!.opts.priority).toBe(7);
  });

  test("a schedule that two processes ask for, again and again, runs once each time", async () => {
    const job = newJob({ attempts: 1 });
    const other = await connectQueue(backend.url, { workers: 1 });
    const otherQueues = createQueues(other);
    let runs = 0;
    const handle: JobHandler<{ key: string }> = async () => void runs++ as undefined;
    await Promise.all([queues.schedule(job, { key: "tick" }, 300), otherQueues.schedule(job, { key: "tick" }, 300)]);
    await work(job, handle);
    const otherWorker = runWorker(other, job, handle, { timeoutMs: 60_000 });
    while (runs < 4) {
      await sleep(100);
      await Promise.all([queues.schedule(job, { key: "tick" }, 300), otherQueues.schedule(job, { key: "tick" }, 300)]);
    }
    await otherWorker.close();
    await workers[0]!.close();
    const queue = queues.queue(job.name);
    expect(await queue.getJobSchedulersCount()).toBe(1);
    const completed = await queue.getCompleted();
    expect(completed).toHaveLength(runs);
    const turns = completed.map((done) => Number(done.id!.split(":").at(-1))).sort((a, b) => a - b);
    const gaps = turns.slice(1).map((turn, i) => turn - turns[i]!);
    expect(
      gaps.every((gap) => gap >= 300),
      `gaps of ${gaps}`,
    ).toBe(true);
    await otherQueues.close();
    await other.close();
  });

  test("the job of a killed worker is taken over by another", async () => {
    const child = spawn(process.execPath, ["--import", "tsx", "lib/testing/holding-worker.ts", backend.url], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    await queues.add(holdJob, { key: name });
    await once(child.stdout, "data");
    expect((await jobOf(holdJob, `hold_${name}`))!.state).toBe("active");
    child.kill("SIGKILL");
    const taken: number[] = [];
    await work(holdJob, async (_, { attempt }) => void taken.push(attempt) as undefined);
    await until(async () => (await jobOf(holdJob, `hold_${name}`))?.state === "completed");
    expect(taken).toHaveLength(1);
  });

  test("closing waits for jobs under way", async () => {
    const job = newJob();
    const events: string[] = [];
    const worker = await work(job, async (_, { signal }) => {
      events.push("started");
      await sleep(300);
      events.push(signal.aborted ? "aborted" : "ended");
      return undefined;
    });
    await queues.add(job, { key: "a" });
    await until(() => events.length === 1);
    await worker.close(10_000);
    expect(events).toEqual(["started", "ended"]);
    expect((await jobOf(job, "job_a"))!.state).toBe("completed");
  });

  test("closing aborts a job that does not end in time and gives it back to the queue, without counting it", async () => {
    const job = newJob();
    const attempts: number[] = [];
    const hold: JobHandler<{ key: string }> = async (_, { signal, attempt }) => {
      attempts.push(attempt);
      if (attempts.length === 1) await sleep(600_000, undefined, { signal });
      return undefined;
    };
    const worker = await work(job, hold);
    await queues.add(job, { key: "a" });
    await until(() => attempts.length === 1);
    await worker.close(50);
    expect(["delayed", "waiting"]).toContain((await jobOf(job, "job_a"))!.state);
    await work(job, hold);
    await until(async () => (await jobOf(job, "job_a"))?.state === "completed");
    expect(attempts).toEqual([1, 1]);
  });

  test("workers and queues survive that all connections break, idle or in the middle of a job", async () => {
    const job = newJob({ attempts: 5 });
    const done = new Set<string>();
    const interrupted = Promise.withResolvers<void>();
    let isUnderWay = false;
    await work(
      job,
      async ({ key }) => {
        if (key === "long") {
          isUnderWay = true;
          await interrupted.promise;
        }
        done.add(key);
        return undefined;
      },
      { concurrency: 2 },
    );
    await queues.add(job, { key: "before" });
    await until(() => done.has("before"));
    await queues.add(job, { key: "long" });
    await until(() => isUnderWay);
    await backend.interrupt();
    interrupted.resolve();
    await vi.waitFor(() => queues.add(job, { key: "after" }), { timeout: 60_000, interval: 100 });
    await until(() => done.has("after"));
    await until(async () => (await jobOf(job, "job_long"))?.state === "completed");
  });
});

test.skipIf(!hasRedis)("a worker can be closed while its server is away", async () => {
  const redis = await startRedis();
  const connection = await connectQueue(redis.url, { workers: 1 });
  const worker = runWorker(connection, newJob(), async () => undefined, { timeoutMs: 60_000 });
  await worker.ready();
  await redis.stop();
  // Until the connections wait for their next try.
  await sleep(500);
  await worker.close(0);
  await connection.close();
});

test("a queue that is away is an error, not a wait without end", async () => {
  await expect(connectQueue("redis://127.0.0.1:9")).rejects.toThrow();
  await expect(connectQueue("postgres://nobody:none@127.0.0.1:9/none")).rejects.toThrow();
});
