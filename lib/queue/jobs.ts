import type { z } from "zod";

/** A kind of job: one contract, imported by who enqueues it and by who works on it. One queue each, named as the job. */
export interface JobDefinition<Payload = unknown> {
  readonly name: string;
  readonly payload: z.ZodType<Payload>;
  /** BullMQ ids may hold no ':' and must not be all digits. A finished job that is kept swallows a second one of the same id. */
  readonly id: (payload: Payload) => string;
  readonly attempts: number;
  readonly backoffMs: number;
  /** Jobs of this kind at once in one worker process. */
  readonly concurrency: number;
  /** How long a worker may be silent before its job is given to another. Not a timeout: that is JOB_TIMEOUT_MS. */
  readonly lockMs: number;
}

const DEFAULTS = { attempts: 5, backoffMs: 2_000, concurrency: 5, lockMs: 60_000 };

export function defineJob<Payload>(
  job: Pick<JobDefinition<Payload>, "name" | "payload" | "id"> & Partial<JobDefinition<Payload>>,
): JobDefinition<Payload> {
  return { ...DEFAULTS, ...job };
}
