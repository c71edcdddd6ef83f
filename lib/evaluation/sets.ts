import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { type Members, readError, writeError } from "./deps";
import { runOf } from "./runs";
import type { EvalSet } from "./schema";

const TAKEN = "This agent has a test set of this name. Choose another name.";
const GONE = "This test set no longer exists, or your role may not change it.";
const COLUMNS = "id, agent_id, name, min_pass_rate, eval_questions(count)";

/** The test sets of an agent, by name, each with its newest run. */
export async function listSets(
  members: Members,
  { tenantId, agentId }: { tenantId: string; agentId: string },
): Promise<EvalSet[]> {
  const { data, error } = await members
    .from("eval_sets")
    .select(`${COLUMNS}, eval_runs(*)`)
    .eq("tenant_id", tenantId)
    .eq("agent_id", agentId)
    .order("name")
    .order("created_at", { referencedTable: "eval_runs", ascending: false })
    .limit(1, { referencedTable: "eval_runs" });
  if (error) throw readError(error);
  return data.map(setOf);
}

/** @throws AppError not_found */
export async function getSet(
  members: Members,
  { tenantId, agentId, setId }: { tenantId: string; agentId: string; setId: string },
): Promise<EvalSet> {
  const missing = () => new AppError("not_found", "This test set no longer exists.");
  if (!z.uuid().safeParse(setId).success) throw missing();
  const { data, error } = await members
    .from("eval_sets")
    .select(`${COLUMNS}, eval_runs(*)`)
    .eq("tenant_id", tenantId)
    .eq("agent_id", agentId)
    .eq("id", setId)
    .order("created_at", { referencedTable: "eval_runs", ascending: false })
    .limit(1, { referencedTable: "eval_runs" })
    .maybeSingle();
  if (error) throw readError(error);
  if (!data) throw missing();
  return setOf(data);
}

/** @throws AppError forbidden, not_found, conflict */
export async function createSet(
  members: Members,
  { tenantId, agentId, name }: { tenantId: string; agentId: string; name: string },
): Promise<{ setId: string }> {
  const { data, error } = await members
    .from("eval_sets")
    .insert({ tenant_id: tenantId, agent_id: agentId, name })
    .select("id")
    .single();
  if (error) throw writeError(error, TAKEN);
  return { setId: data.id };
}

/** @param change.minPassRate share that must pass before the agent is published; null: no condition */
export async function updateSet(
  members: Members,
  { tenantId, setId, ...change }: { tenantId: string; setId: string; name?: string; minPassRate?: number | null },
): Promise<void> {
  const { data, error } = await members
    .from("eval_sets")
    .update({
      ...(change.name === undefined ? {} : { name: change.name }),
      ...(change.minPassRate === undefined ? {} : { min_pass_rate: change.minPassRate }),
    })
    .eq("tenant_id", tenantId)
    .eq("id", setId)
    .select("id")
    .maybeSingle();
  if (error) throw writeError(error, TAKEN);
  if (!data) throw new AppError("not_found", GONE);
}

/** Removes a set with its questions and runs. */
export async function deleteSet(
  members: Members,
  { tenantId, setId }: { tenantId: string; setId: string },
): Promise<void> {
  const { data, error } = await members
    .from("eval_sets")
    .delete()
    .eq("tenant_id", tenantId)
    .eq("id", setId)
    .select("id")
    .maybeSingle();
  if (error) throw writeError(error);
  if (!data) throw new AppError("not_found", GONE);
}

interface SetRow {
  id: string;
  agent_id: string;
  name: string;
  min_pass_rate: number | null;
  eval_questions: { count: number }[];
  eval_runs: Parameters<typeof runOf>[0][];
}

const setOf = (row: SetRow): EvalSet => ({
  id: row.id,
  agentId: row.agent_id,
  name: row.name,
  minPassRate: row.min_pass_rate,
  questionCount: row.eval_questions[0]?.count ?? 0,
  lastRun: row.eval_runs[0] ? runOf(row.eval_runs[0]) : null,
});
