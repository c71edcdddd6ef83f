import { setTimeout as sleep } from "node:timers/promises";

const LONGEST_MS = 120_000;

/** Waits until it has come to that. @throws Error when it does not, after a time that a busy machine does not need either */
export async function until(what: string, check: () => unknown): Promise<void> {
  const endsAt = performance.now() + LONGEST_MS;
  while (!(await check())) {
    if (performance.now() > endsAt) throw new Error(`It did not come to that: ${what}.`);
    await sleep(20);
  }
}
