import { z } from "zod";
import { type AgentRef, type Members, readError } from "./deps";
import { Resolution } from "./schema";

const Row = z
  .record(z.string(), z.coerce.number())
  .transform(({ no_answer, ...same }) => Resolution.parse({ ...same, noAnswer: no_answer }));

/** How the conversations that began in a span of time ended, in raw counts. */
export async function resolution(
  members: Members,
  { tenantId, agentId }: AgentRef,
  { from, to }: { from: Date; to: Date },
): Promise<Resolution> {
  const { data, error } = await members
    .rpc("resolution", {
      p_tenant_id: tenantId,
      p_agent_id: agentId,
      p_from: from.toISOString(),
      p_to: to.toISOString(),
    })
    .single();
  if (error) throw readError(error);
  return Row.parse(data);
}
