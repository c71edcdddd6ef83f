import type { SupabaseClient } from "@supabase/supabase-js";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { Database } from "@/lib/db/types.gen";
import { AGENT_COLUMNS, agentFromRow, databaseError } from "./rows";
import type { Agent } from "./schema";

/** @throws AppError "not_found" for an agent of another tenant as for one that never was */
export async function getAgent(
  db: SupabaseClient<Database>,
  { tenantId, agentId }: { tenantId: string; agentId: string },
): Promise<Agent> {
  const missing = () => new AppError("not_found", "This agent does not exist in this workspace.");
  if (!z.uuid().safeParse(agentId).success) throw missing();
  const { data, error } = await db
    .from("agents")
    .select(AGENT_COLUMNS)
    .eq("tenant_id", tenantId)
    .eq("id", agentId)
    .eq("agent_versions.state", "published")
    .maybeSingle();
  if (error) throw databaseError(error, "The agent could not be loaded.");
  if (!data) throw missing();
  return agentFromRow(data);
}
