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

/**
 * Where an agent is that is known by its id alone: row-level security finds it among those of the member's workspaces, or not.
 * @throws AppError "not_found" for an agent of another tenant as for one that never was
 */
export async function locateAgent(
  db: SupabaseClient<Database>,
  { agentId }: { agentId: string },
): Promise<{ tenantId: string; publicId: string }> {
  const missing = () =>
    new AppError("not_found", "This agent does not exist, or you are not a member of its workspace.");
  if (!z.uuid().safeParse(agentId).success) throw missing();
  const { data, error } = await db.from("agents").select("tenant_id, public_id").eq("id", agentId).maybeSingle();
  if (error) throw databaseError(error, "The agent could not be loaded. Try again in a minute.");
  if (!data) throw missing();
  return { tenantId: data.tenant_id, publicId: data.public_id };
}
