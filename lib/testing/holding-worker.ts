import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { connectQueue, defineJob, runWorker } from "@/lib/queue";

/** A job that this process takes and never finishes. */
export const holdJob = defineJob({
  name: "test-hold",
  payload: z.object({ key: z.string() }),
  id: ({ key }) => `hold_${key}`,
  lockMs: 1_000,
});

// `tsx lib/testing/holding-worker.ts QUEUE_URL`: says "holding" when it has a job, then waits to be killed.
if (process.argv[1] === import.meta.filename) {
  const connection = await connectQueue(process.argv[2] ?? "", { workers: 1 });
  runWorker(
    connection,
    holdJob,
    async () => {
      process.stdout.write("holding\n");
      await sleep(600_000);
      return undefined;
    },
    { timeoutMs: 600_000, stalledEveryMs: 500 },
  );
}
