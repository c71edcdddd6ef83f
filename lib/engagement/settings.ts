import type { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { Json } from "@/lib/db/types.gen";
import { type Members, readError, writeError } from "./deps";
import { EngagementSettings, NOTHING_ON } from "./schema";

type Where = { tenantId: string; agentId: string };

/** What an agent's widget does beside answers; all off where nobody said otherwise. */
export async function getEngagement(members: Members, { tenantId, agentId }: Where): Promise<EngagementSettings> {
  const { data, error } = await members
    .from("engagement_settings")
    .select("leadForm:lead_form, proactive, csat, attachments, handover")
    .eq("tenant_id", tenantId)
    .eq("agent_id", agentId)
    .maybeSingle();
  if (error) throw readError(error);
  return data ? EngagementSettings.parse(data) : NOTHING_ON;
}

/** Changes the given parts and leaves the others. @throws AppError "forbidden" below admin, "not_found" */
export async function updateEngagement(
  members: Members,
  { tenantId, agentId, ...patch }: Where & z.input<typeof PatchEngagement>,
): Promise<EngagementSettings> {
  const { leadForm, proactive, ...switches } = PatchEngagement.parse(patch);
  const row = {
    ...switches,
    ...(leadForm !== undefined && { lead_form: leadForm as Json }),
    ...(proactive !== undefined && { proactive: proactive as unknown as NonNullable<Json> }),
  };
  const { data, error } = await members
    .from("engagement_settings")
    .update(row)
    .eq("tenant_id", tenantId)
    .eq("agent_id", agentId)
    .select("agent_id");
  if (error) throw writeError(error);
  if (data.length === 0) {
    const { error: refused } = await members
      .from("engagement_settings")
      .insert({ tenant_id: tenantId, agent_id: agentId, ...row });
    if (refused?.code === "23505") throw new AppError("conflict", "Somebody else has just saved this. Try again.");
    if (refused) throw writeError(refused);
  }
  return getEngagement(members, { tenantId, agentId });
}

const PatchEngagement = EngagementSettings.partial();
