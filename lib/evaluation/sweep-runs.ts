import { z } from "zod";
import { log } from "@/lib/core/log";
import { call } from "@/lib/db/pool";
import type { EvaluationDeps } from "./deps";
import { runEvaluationJob } from "./jobs";

const Work = z.array(z.object({ tenantId: z.uuid(), runId: z.uuid(), nudge: z.number() }));

/** Enqueues again runs that nobody works on. Returns how many nudges it gave. */
export async function sweepEvalRuns(
  deps: { db: EvaluationDeps["chat"]["db"]; queues: EvaluationDeps["queues"] },
  { idleMs = 30_000 } = {},
): Promise<number> {
  const work = Work.parse(await call(deps.db, "sweep_eval_runs", { idle: `${idleMs} milliseconds` }));
  for (const { nudge, ...payload } of work) await deps.queues.add(runEvaluationJob, payload, { nudge });
  if (work.length > 0) log.info({ event: "evaluation.swept", nudges: work.length });
  return work.length;
}
