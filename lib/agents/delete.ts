import type { SupabaseClient } from "@supabase/supabase-js";
import { AppError } from "@/lib/core/errors";
import type { Database } from "@/lib/db/types.gen";
import { databaseError } from "./rows";

/**
 * Deletes an agent with its sources, pages and conversations (foreign keys cascade).
 * @throws AppError "not_found" when there was nothing this member may delete
 */
export async function deleteAgent(
  db: SupabaseClient<Database>,
  { tenantId, agentId }: { tenantId: string; agentId: string },
): Promise<void> {
  const { data, error } = await db
    .from("agents")
    .delete()
    .eq("tenant_id", tenantId)
    .eq("id", agentId)
    .select("id")
    .maybeSingle();
  if (error) throw databaseError(error, "The agent could not be deleted.");
  if (!data) throw new AppError("not_found", "This agent does not exist, or your role does not allow deleting it.");
}
