import type { SupabaseClient } from "@supabase/supabase-js";
import type { Database } from "@/lib/db/types.gen";
import { databaseError } from "./rows";

/** Languages of the pages that visitors are answered from, those of most pages first. */
export async function knownLanguages(
  db: SupabaseClient<Database>,
  { tenantId, agentId }: { tenantId: string; agentId: string },
): Promise<string[]> {
  const { data, error } = await db.rpc("page_languages", { p_tenant_id: tenantId, p_agent_id: agentId });
  if (error) throw databaseError(error, "The languages of the pages could not be loaded.");
  return data.map(({ language }) => language);
}
