import type { SupabaseClient } from "@supabase/supabase-js";
import type { Database } from "@/lib/db/types.gen";
import { AGENT_COLUMNS, agentFromRow, databaseError } from "./rows";
import { type Agent, CreateAgent } from "./schema";

/**
 * Creates an agent with the defaults of the table (ids, messages, threshold, colour).
 * @throws AppError "forbidden" for members below admin
 */
export async function createAgent(
  db: SupabaseClient<Database>,
  { tenantId, ...input }: { tenantId: string } & CreateAgent,
): Promise<Agent> {
  const values = CreateAgent.parse(input);
  const { data, error } = await db
    .from("agents")
    .insert({
      tenant_id: tenantId,
      name: values.name,
      allowed_domains: values.allowedDomains,
    })
    .select(AGENT_COLUMNS)
    .single();
  if (error) throw databaseError(error, "The agent could not be created.");
  return agentFromRow(data);
}
