import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import type { Queues } from "@/lib/queue";
import { type Members, readError, writeError } from "./deps";
import { runEvaluationJob } from "./jobs";

type Deps = { queues: Queues };

/**
 * Begins a run of a test set against a version of its agent.
 * @param members the member's own client: the insert is the permission
 * @param input.versionId the draft or any other; the published one unless given
 * @throws AppError forbidden, not_found, bad_request (no question in the set), conflict (a run of it is under way)
 */
export async function startRun(
  deps: Deps,
  members: Members,
  {
    tenantId,
    setId,
    repeats,
    label,
    versionId,
  }: { tenantId: string; setId: string; repeats: number; label: string; versionId?: string | null },
): Promise<{ runId: string }> {
  const { data: set, error: unreadable } = await members
    .from("eval_sets")
    .select("agent_id, eval_questions(count)")
    .eq("tenant_id", tenantId)
    .eq("id", setId)
    .maybeSingle();
  if (unreadable) throw readError(unreadable);
  if (!set) throw new AppError("not_found", "This test set no longer exists.");
  if ((set.eval_questions[0]?.count ?? 0) === 0)
    throw new AppError("bad_request", "The set holds no questions. Add some first.");
  const { data, error } = await members
    .from("eval_runs")
    .insert({
      tenant_id: tenantId,
      agent_id: set.agent_id,
      set_id: setId,
      repeats,
      label,
      version_id: versionId ?? null,
    })
    .select("id")
    .single();
  if (error?.code === "23503") throw new AppError("not_found", "This version of the agent does not exist any more.");
  if (error) throw writeError(error, "A run of this set is under way. Wait for its end, or stop it.");
  // The row is the truth: a nudge that is lost now is given by the sweep.
  await deps.queues
    .add(runEvaluationJob, { tenantId, runId: data.id })
    .catch((failed: Error) =>
      log.warn({ event: "evaluation.not_queued", tenantId, runId: data.id, reason: failed.message }),
    );
  return { runId: data.id };
}

/** Stops a run after the questions that are being asked. What was answered stays. @throws AppError forbidden, not_found, conflict */
export async function cancelRun(
  deps: Deps,
  members: Members,
  { tenantId, runId }: { tenantId: string; runId: string },
): Promise<void> {
  const { data, error } = await members
    .from("eval_runs")
    .update({ cancel_requested_at: new Date().toISOString() })
    .eq("tenant_id", tenantId)
    .eq("id", runId)
    .select("status")
    .maybeSingle();
  if (error) throw writeError(error);
  if (!data) throw new AppError("not_found", "This run no longer exists, or your role may not stop it.");
  if (data.status !== "queued" && data.status !== "running")
    throw new AppError("conflict", "This run is over already.");
  // Whoever works on it sees the mark with the next question; if nobody does, this job ends it.
  await deps.queues.add(runEvaluationJob, { tenantId, runId }, { nudge: Date.now() });
}
