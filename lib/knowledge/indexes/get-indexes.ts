import type { SupabaseClient } from "@supabase/supabase-js";
import { memberError } from "@/lib/db/member-error";
import type { Database } from "@/lib/db/types.gen";
import type { EmbeddingIndex, Indexes } from "../schema";

const COLUMNS = "id, model, dimensions, state, done, total, cost_micro_usd, error_message";

/** The index that answers, the one that is being built, and why the last attempt at another came to nothing. */
export async function getIndexes(
  members: SupabaseClient<Database>,
  { tenantId, agentId }: { tenantId: string; agentId: string },
): Promise<Indexes> {
  const { data, error } = await members
    .from("embedding_indexes")
    .select(COLUMNS)
    .eq("tenant_id", tenantId)
    .eq("agent_id", agentId)
    .order("created_at", { ascending: false })
    .limit(20);
  if (error) throw memberError(error, { otherwise: "The model could not be read. Try again in a moment." });
  const rows = data.map(toIndex);
  const live = rows.find(({ state }) => state === "live") ?? null;
  const building = rows.find(({ state }) => state === "building") ?? null;
  const newest = rows[0];
  const failed = !building && newest?.state === "retired" && newest.errorMessage !== null ? newest : null;
  return { live, building, failed };
}

function toIndex(row: {
  id: string;
  model: string;
  dimensions: number | null;
  state: EmbeddingIndex["state"];
  done: number;
  total: number;
  cost_micro_usd: number;
  error_message: string | null;
}): EmbeddingIndex {
  const { id, model, dimensions, state, done, total } = row;
  const costMicroUsd = Number(row.cost_micro_usd);
  return { id, model, dimensions, state, done, total, costMicroUsd, errorMessage: row.error_message };
}
