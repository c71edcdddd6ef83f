import type { SupabaseClient } from "@supabase/supabase-js";
import { AppError } from "@/lib/core/errors";
import { type DatabaseError, memberError } from "@/lib/db/member-error";
import type { Database } from "@/lib/db/types.gen";
import type { KnowledgeDeps } from "../deps";
import { embeddingKey } from "../embedding-key";
import { buildIndexJob } from "../jobs";

type Members = SupabaseClient<Database>;

/**
 * Begins to embed an agent's passages with another model. Visitors are answered by the present one until the last passage is done.
 * @param members the member's own client: row-level security decides whether they may
 * @param input.model `provider/model`
 * @throws AppError bad_request (no key for the model here, or in use already), conflict (a change is under way), forbidden, not_found
 */
export async function changeModel(
  deps: Pick<KnowledgeDeps, "queues" | "gateway">,
  members: Members,
  { tenantId, agentId, model }: { tenantId: string; agentId: string; model: string },
): Promise<{ indexId: string }> {
  const info = deps.gateway.embeddingModelInfo(model);
  if (!info)
    throw new AppError("bad_request", `${model} cannot be used: this installation has no key for its provider.`);
  const { data: live, error: unreadable } = await members
    .from("embedding_indexes")
    .select("model")
    .eq("tenant_id", tenantId)
    .eq("agent_id", agentId)
    .eq("state", "live")
    .maybeSingle();
  if (unreadable) throw writeError(unreadable);
  if (live?.model === embeddingKey(info)) throw new AppError("bad_request", `The agent uses ${model} already.`);
  const { data, error } = await members
    .from("embedding_indexes")
    .insert({ tenant_id: tenantId, agent_id: agentId, model: embeddingKey(info) })
    .select("id")
    .single();
  if (error) throw writeError(error);
  await deps.queues.add(buildIndexJob, { tenantId, indexId: data.id });
  return { indexId: data.id };
}

/** Stops a change of model that is under way; the model in use stays. What was paid so far is paid. */
export async function cancelModelChange(
  deps: Pick<KnowledgeDeps, "queues">,
  members: Members,
  { tenantId, indexId }: { tenantId: string; indexId: string },
): Promise<void> {
  const { data, error } = await members
    .from("embedding_indexes")
    .update({ cancel_requested_at: new Date().toISOString() })
    .eq("tenant_id", tenantId)
    .eq("id", indexId)
    .select("state")
    .maybeSingle();
  if (error) throw writeError(error);
  if (!data) throw new AppError("not_found", "This change no longer exists, or your role may not stop it.");
  if (data.state !== "building") throw new AppError("conflict", "This change is over already.");
  // Whoever works on it sees the mark with the next batch; if nobody does, this job ends it.
  await deps.queues.add(buildIndexJob, { tenantId, indexId }, { nudge: Date.now() });
}

const writeError = (cause: DatabaseError): AppError =>
  memberError(cause, {
    forbidden: "Your role may not change the model. Ask an admin of this workspace.",
    conflict: "A change of model is under way already. Stop it first.",
    not_found: "This agent no longer exists.",
    otherwise: "The model could not be changed. Try again in a moment.",
  });
