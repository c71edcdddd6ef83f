import type { SupabaseClient } from "@supabase/supabase-js";
import { z } from "zod";
import type { Database } from "@/lib/db/types.gen";
import { databaseError } from "./rows";
import type { SourceTotals } from "./schema";

const count = z.coerce.number();
const Row = z.object({
  source_id: z.uuid(),
  live: count,
  failed: count,
  excluded: count,
  active: count,
  words: count,
  passages: count,
});

const NOTHING: SourceTotals = { live: 0, failed: 0, excluded: 0, active: 0, words: 0, passages: 0 };

/** What each source of an agent holds. @returns a function of the source's id: zeros for one without pages */
export async function sourceTotals(
  db: SupabaseClient<Database>,
  { tenantId, agentId }: { tenantId: string; agentId: string },
): Promise<(sourceId: string) => SourceTotals> {
  const { data, error } = await db.rpc("source_totals", { p_tenant_id: tenantId, p_agent_id: agentId });
  if (error) throw databaseError(error, "The sources could not be counted.");
  const totals = new Map(
    z
      .array(Row)
      .parse(data)
      .map(({ source_id, ...rest }) => [source_id, rest]),
  );
  return (sourceId) => totals.get(sourceId) ?? NOTHING;
}
