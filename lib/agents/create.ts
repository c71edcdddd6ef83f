import type { SupabaseClient } from "@supabase/supabase-js";
import type { Database } from "@/lib/db/types.gen";
import { getAgent } from "./get";
import { databaseError } from "./rows";
import { type Agent, CreateAgent } from "./schema";

/**
 * Creates an agent with the defaults of the tables; its first version is published.
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
    .select("id")
    .single();
  if (error) throw databaseError(error, "The agent could not be created.");
  return getAgent(db, { tenantId, agentId: data.id });
}
