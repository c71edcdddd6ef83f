import type { JobsOptions } from "bullmq";
import { log } from "@/lib/core/log";
import type { JobQueue, QueueConnection } from "./connection";
import type { JobDefinition } from "./jobs";

export interface AddOptions {
  /** Makes the id another one: for work whose first job may be remembered although it was lost. 0 leaves it as it is. */
  nudge?: number;
  /**
   * The how manieth job of its tenant this is, from 1. Low places are taken first, so that the first job of one tenant does not wait
   * for the thousandth of another. Without it a job comes before all that have one.
   */
  place?: number;
}

/** Where jobs are put. Payloads are validated here, so that a wrong one fails where it is made. */
export interface Queues {
  /** A job whose id is waiting, under way or still remembered is not added again. */
  add<P>(job: JobDefinition<P>, payload: P, options?: AddOptions & { delayMs?: number }): Promise<void>;
  /** All or nothing; already known ids are passed over. */
  addBulk<P>(job: JobDefinition<P>, jobs: ({ payload: P } & AddOptions)[]): Promise<void>;
  /** Runs a job every so often, once in the whole platform. Saying it again changes nothing. */
  schedule<P>(job: JobDefinition<P>, payload: P, everyMs: number): Promise<void>;
  /** The BullMQ queue, for the queues page. */
  queue(name: string): JobQueue;
  close(): Promise<void>;
}

const KEEP_COMPLETED = { count: 100 };
const KEEP_FAILED = { count: 1_000 };
const JITTER = 0.3;
/** BullMQ's own. */
const MAX_PRIORITY = 2 ** 21;

export function createQueues(connection: QueueConnection): Queues {
  const queues = new Map<string, JobQueue>();
  const get = (name: string): JobQueue => {
    let queue = queues.get(name);
    if (!queue) {
      queue = connection.openQueue(name);
      queues.set(name, queue);
      forgetIfBroken(queues, queue);
    }
    return queue;
  };
  return {
    async add(job, payload, { delayMs = 0, ...options } = {}) {
      const data = job.payload.parse(payload);
      await get(job.name).add(job.name, data, {
        ...optionsOf(job, job.id(data), options),
        ...(delayMs > 0 ? { delay: delayMs } : {}),
      });
    },
    async addBulk(job, jobs) {
      if (jobs.length === 0) return;
      const parsed = jobs.map(({ payload, ...options }) => {
        const data = job.payload.parse(payload);
        return { name: job.name, data, opts: optionsOf(job, job.id(data), options) };
      });
      await get(job.name).addBulk(parsed);
    },
    async schedule(job, payload, everyMs) {
      const data = job.payload.parse(payload);
      const { jobId: _jobId, ...opts } = optionsOf(job, job.name);
      await get(job.name).upsertJobScheduler(job.name, { every: everyMs }, { name: job.name, data, opts });
    },
    queue: get,
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}

const optionsOf = <P>(job: JobDefinition<P>, id: string, { nudge = 0, place }: AddOptions = {}): JobsOptions => ({
  jobId: nudge > 0 ? `${id}_${nudge}` : id,
  ...(place === undefined ? {} : { priority: Math.min(Math.max(place, 1), MAX_PRIORITY) }),
  attempts: job.attempts,
  backoff: { type: "exponential", delay: job.backoffMs, jitter: JITTER },
  removeOnComplete: KEEP_COMPLETED,
  removeOnFail: KEEP_FAILED,
});

/** BullMQ remembers that a queue's first connection failed and never tries again: the next caller gets a new queue. */
function forgetIfBroken(queues: Map<string, JobQueue>, queue: JobQueue): void {
  // Without a listener an error would end the process.
  queue.on("error", (error) => log.warn({ event: "queue.error", queue: queue.name, reason: error.message }));
  queue.waitUntilReady().catch(() => {
    if (queues.get(queue.name) === queue) queues.delete(queue.name);
    queue.close().catch(() => {});
  });
}
