import type { SupabaseClient } from "@supabase/supabase-js";
import type { Database } from "@/lib/db/types.gen";
import { databaseError } from "./rows";
import type { SourceStatus } from "./schema";
import { LIVE_PAGES, SOURCE_COLUMNS, sourceFromRow } from "./source-rows";

export type AgentSummary = {
  id: string;
  name: string;
  accentColor: string;
  updatedAt: string;
  sources: { id: string; url: string | null; status: SourceStatus }[];
  /** Pages that visitors are answered from. */
  pages: number;
};

/** Agents of a tenant by name, at most 500, with what each knows. */
export async function listAgents(
  db: SupabaseClient<Database>,
  { tenantId }: { tenantId: string },
): Promise<AgentSummary[]> {
  const [agents, sources] = await Promise.all([
    db
      .from("agents")
      .select("id, name, accent_color, updated_at")
      .eq("tenant_id", tenantId)
      .order("name")
      .order("id")
      .limit(500),
    db
      .from("sources")
      .select(SOURCE_COLUMNS)
      .not(LIVE_PAGES, "is", null)
      .eq("tenant_id", tenantId)
      .order("created_at")
      .limit(2_000),
  ]);
  const error = agents.error ?? sources.error;
  if (error) throw databaseError(error, "Your agents could not be loaded.");

  return (agents.data ?? []).map((agent) => {
    const own = (sources.data ?? [])
      .filter((source) => source.agent_id === agent.id)
      .map((source) => sourceFromRow(source, null));
    return {
      id: agent.id,
      name: agent.name,
      accentColor: agent.accent_color,
      updatedAt: agent.updated_at,
      sources: own.map(({ id, url, status }) => ({ id, url, status })),
      pages: own.reduce((sum, { livePages }) => sum + livePages, 0),
    };
  });
}
