import { setTimeout as pause } from "node:timers/promises";

/** Times of one request, in milliseconds from when it was sent. */
export interface Timed {
  firstMs: number;
  totalMs: number;
}

export interface LoadResult {
  requests: number;
  errors: number;
  requestsPerSecond: number;
  firstMs: { p50: number; p95: number };
  totalMs: { p50: number; p95: number };
}

/**
 * Keeps `concurrency` requests under way until `total` have ended. An error counts and does not stop the run.
 * @param rampMs the first ones begin within this time, one after the other: people do not ask in the same instant, and a burst at the
 *   beginning would be all that the 95th percentile of a short run shows
 */
export async function load(
  concurrency: number,
  total: number,
  request: (n: number) => Promise<Timed>,
  rampMs = 0,
): Promise<LoadResult> {
  const done: Timed[] = [];
  let started = 0;
  let errors = 0;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: concurrency }, async (_, lane) => {
      await pause((lane * rampMs) / concurrency);
      while (started < total) {
        const n = started++;
        try {
          done.push(await request(n));
        } catch (error) {
          errors++;
          if (errors === 1)
            process.stderr.write(`first error: ${error instanceof Error ? error.message : String(error)}\n`);
        }
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  return {
    requests: done.length,
    errors,
    requestsPerSecond: round(done.length / seconds),
    firstMs: percentiles(done.map((timed) => timed.firstMs)),
    totalMs: percentiles(done.map((timed) => timed.totalMs)),
  };
}

export function percentiles(values: number[]): { p50: number; p95: number } {
  const sorted = values.toSorted((x, y) => x - y);
  const at = (share: number) =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);
  return { p50: at(0.5), p95: at(0.95) };
}

export const round = (value: number, digits = 1): number => Number(value.toFixed(digits));
