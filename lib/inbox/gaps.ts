import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { type AgentRef, type Members, readError, writeError } from "./deps";
import { type Gap, GapExample, type GapStatus } from "./schema";

const count = z.coerce.number();
const Row = z.object({
  id: z.uuid(),
  title: z.string(),
  questions: count,
  recent: count,
  unanswered: count,
  disliked: count,
  unsupported: count,
  first_at: z.string(),
  last_at: z.string(),
  weeks: z.array(count),
  near_page_id: z.uuid().nullable(),
  near_source_id: z.uuid().nullable(),
  near_title: z.string().nullable(),
  near_confidence: z.number().nullable(),
  examples: z.array(GapExample),
});

/** Less than this fits by chance. */
const NEAR_FROM = 0.1;

/** An agent's gaps of one status, the one asked most in the last 30 days first; at most 100. */
export async function listGaps(members: Members, { tenantId, agentId }: AgentRef, status: GapStatus): Promise<Gap[]> {
  const { data, error } = await members.rpc("list_gaps", {
    p_tenant_id: tenantId,
    p_agent_id: agentId,
    p_status: status,
  });
  if (error) throw readError(error);
  return z
    .array(Row)
    .parse(data)
    .map(({ first_at, last_at, near_page_id, near_source_id, near_title, near_confidence, ...same }) => ({
      ...same,
      firstAt: first_at,
      lastAt: last_at,
      near:
        near_title !== null && (near_confidence ?? 0) >= NEAR_FROM
          ? { title: near_title, pageId: near_page_id, sourceId: near_source_id }
          : null,
    }));
}

/** @throws AppError not_found */
export async function setGapStatus(
  members: Members,
  { tenantId, gapId, status }: { tenantId: string; gapId: string; status: GapStatus },
): Promise<void> {
  const { data, error } = await members
    .from("knowledge_gaps")
    .update({ status })
    .eq("tenant_id", tenantId)
    .eq("id", gapId)
    .select("id")
    .maybeSingle();
  if (error) throw writeError(error);
  if (!data) throw new AppError("not_found", "This gap no longer exists, or your role may not change it.");
}
