import type { SupabaseClient } from "@supabase/supabase-js";
import type { Database } from "@/lib/db/types.gen";
import { databaseError } from "./rows";

/** Conversations held with an agent, by channel. */
export async function countConversations(
  db: SupabaseClient<Database>,
  { tenantId, agentId }: { tenantId: string; agentId: string },
): Promise<{ playground: number; widget: number }> {
  const [playground, widget] = await Promise.all(
    (["playground", "widget"] as const).map((channel) =>
      db
        .from("conversations")
        .select("id", { count: "exact", head: true })
        .eq("tenant_id", tenantId)
        .eq("agent_id", agentId)
        .eq("channel", channel),
    ),
  );
  const error = playground?.error ?? widget?.error;
  if (error) throw databaseError(error, "The conversations could not be counted.");
  return { playground: playground?.count ?? 0, widget: widget?.count ?? 0 };
}
