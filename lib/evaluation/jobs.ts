import { z } from "zod";
import { defineJob } from "@/lib/queue";

/** Puts the questions of a test set to an agent, a batch after the other. */
export const runEvaluationJob = defineJob({
  name: "run-evaluation",
  payload: z.object({ tenantId: z.uuid(), runId: z.uuid() }),
  id: (p) => `run-evaluation_${p.runId}`,
  // Each asks several questions at once, and visitors' answers come first.
  concurrency: 2,
});

export const evaluationJobs = [runEvaluationJob];
