import { setTimeout as sleep } from "node:timers/promises";
import { DelayedError, type Job, UnrecoverableError } from "bullmq";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import type { QueueConnection } from "./connection";
import type { JobDefinition } from "./jobs";

export interface JobContext {
  /** Aborted when the job has run for JOB_TIMEOUT_MS or the process is told to stop. */
  signal: AbortSignal;
  /** 1 for the first try. */
  attempt: number;
}

/** Returned by a handler that wants to run again later without counting as a failure, for instance when it is not its turn yet. */
export interface RunAgain {
  readonly runAgainInMs: number;
}
export const runAgainIn = (ms: number): RunAgain => ({ runAgainInMs: ms });

export type JobHandler<P> = (payload: P, context: JobContext) => Promise<RunAgain | undefined>;

export interface RunningWorker {
  readonly name: string;
  /** Settles when the worker takes jobs; rejects when its connection failed, after which it never will. */
  ready(): Promise<void>;
  isRunning(): boolean;
  /**
   * Lets jobs under way end for `graceMs`, then aborts them; an aborted job is given back to the queue. Settles at the latest
   * `CLOSE_MS` after that: a queue that is away takes nothing back, and its jobs are taken over when their locks run out.
   */
  close(graceMs?: number): Promise<void>;
}

export interface WorkerOptions {
  concurrency?: number;
  timeoutMs: number;
  /** How often jobs of dead workers are looked for. A killed worker's job is taken over after at most lockMs + twice this. */
  stalledEveryMs?: number;
}

/** A job that took this many workers down with it is failed rather than given to the next. */
const MAX_STALLED = 5;
const GIVE_BACK_MS = 500;
/** For giving jobs back and closing connections. BullMQ by itself waits for ever for a connection that is just being made again. */
const CLOSE_MS = 5_000;

/**
 * Binds a job to the function that does it: the only place that knows BullMQ's rules.
 * A broken payload or an AppError that is not to be retried ends the job; anything unknown is retried with backoff.
 */
export function runWorker<P>(
  connection: QueueConnection,
  job: JobDefinition<P>,
  handle: JobHandler<P>,
  { concurrency = job.concurrency, timeoutMs, stalledEveryMs = 30_000 }: WorkerOptions,
): RunningWorker {
  const stopping = new AbortController();

  async function process(raw: Job, token?: string): Promise<void> {
    const startedAt = performance.now();
    const attempt = raw.attemptsMade + 1;
    const done = (level: "debug" | "info" | "warn", event: string, more = {}) =>
      log[level]({
        event,
        job: job.name,
        jobId: raw.id,
        attempt,
        durationMs: Math.round(performance.now() - startedAt),
        ...more,
      });
    const later = async (ms: number): Promise<never> => {
      await raw.moveToDelayed(Date.now() + Math.max(ms, 0), token);
      throw new DelayedError();
    };
    const timeout = AbortSignal.timeout(timeoutMs);
    let again: RunAgain | undefined;
    try {
      again = await handle(job.payload.parse(raw.data), {
        signal: AbortSignal.any([timeout, stopping.signal]),
        attempt,
      });
    } catch (error) {
      if (stopping.signal.aborted) {
        done("info", "job.given_back");
        return later(GIVE_BACK_MS);
      }
      done("warn", "job.failed", { reason: error instanceof Error ? error.message : String(error) });
      throw asJobError(error, timeout.aborted);
    }
    if (again) return later(again.runAgainInMs);
    done("debug", "job.done");
  }

  const worker = connection.openWorker(job.name, process, {
    concurrency,
    lockDuration: job.lockMs,
    stalledInterval: stalledEveryMs,
    maxStalledCount: MAX_STALLED,
  });
  worker.on("error", (error) => log.warn({ event: "worker.error", job: job.name, reason: error.message }));
  worker.on("stalled", (jobId) => log.warn({ event: "job.stalled", job: job.name, jobId }));
  return {
    name: job.name,
    ready: async () => {
      await worker.waitUntilReady();
    },
    isRunning: () => worker.isRunning(),
    async close(graceMs = 10_000) {
      const timer = setTimeout(() => stopping.abort(new AppError("aborted", "The worker is stopping.")), graceMs);
      const over = new AbortController();
      try {
        const closed = await Promise.race([
          worker.close().then(() => true),
          sleep(graceMs + CLOSE_MS, false, { signal: over.signal }).catch(() => true),
        ]);
        if (!closed) log.warn({ event: "worker.close_gave_up", job: job.name });
      } finally {
        over.abort();
        clearTimeout(timer);
      }
    },
  };
}

/** What BullMQ does next is a property of the error: an UnrecoverableError ends the job, any other is retried. */
function asJobError(error: unknown, timedOut: boolean): unknown {
  if (error instanceof z.ZodError) return new UnrecoverableError(z.prettifyError(error));
  if (timedOut) return new Error("The job took too long.", { cause: error });
  if (error instanceof AppError && !error.policy.retry)
    return new UnrecoverableError(`${error.code}: ${error.message}`);
  return error;
}
