import type { SupabaseClient } from "@supabase/supabase-js";
import { AppError } from "@/lib/core/errors";
import type { Database } from "@/lib/db/types.gen";
import { AGENT_COLUMNS, agentFromRow, databaseError } from "./rows";
import { type Agent, UpdateAgent } from "./schema";

/**
 * Changes the given fields and leaves the others: the agent's own, which hold at once; its settings are changed by a draft.
 * @throws AppError "forbidden" for members below admin, "not_found" when the agent is gone
 * Row-level security hides what may not be changed, so an update of nothing means one of the two.
 */
export async function updateAgent(
  db: SupabaseClient<Database>,
  { tenantId, agentId, ...patch }: { tenantId: string; agentId: string } & UpdateAgent,
): Promise<Agent> {
  const values = UpdateAgent.parse(patch);
  const { data, error } = await db
    .from("agents")
    .update({
      ...(values.name !== undefined && { name: values.name }),
      ...(values.accentColor !== undefined && { accent_color: values.accentColor }),
      ...(values.language !== undefined && { language: values.language }),
      ...(values.allowedDomains !== undefined && { allowed_domains: values.allowedDomains }),
    })
    .eq("tenant_id", tenantId)
    .eq("id", agentId)
    .select(AGENT_COLUMNS)
    .eq("agent_versions.state", "published")
    .maybeSingle();
  if (error) throw databaseError(error, "The change could not be saved.");
  if (!data) throw new AppError("not_found", "This agent does not exist, or your role does not allow changing it.");
  return agentFromRow(data);
}
