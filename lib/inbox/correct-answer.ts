import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { call } from "@/lib/db/pool";
import { type FilesDeps, publishPairs } from "@/lib/files";
import { type AgentRef, type Members, writeError } from "./deps";
import type { Correction } from "./schema";

const Placed = z.object({ sourceId: z.uuid(), pairId: z.uuid() }).nullable();

const UNIQUE = "23505";
const GONE = "This answer no longer exists.";

/**
 * A member says what an answer should have been. It becomes a question with its answer in the agent's list "Corrections", read and embedded
 * before this returns, so that whoever asks next is answered from it. Correcting the same answer again changes that pair.
 * @returns isSearchable false when the model that embeds was away: then a worker finishes it
 * @throws AppError forbidden, not_found
 */
export async function correctAnswer(
  files: FilesDeps,
  members: Members,
  { tenantId, agentId, messageId, question, answer }: AgentRef & { messageId: string } & Correction,
  signal: AbortSignal,
): Promise<{ sourceId: string; isSearchable: boolean }> {
  const correctionId = await save(members, { tenantId, agentId, messageId, question, answer });
  const placed = Placed.parse(
    await call(files.db, "place_correction", { tenant_id: tenantId, correction_id: correctionId }),
  );
  if (!placed) throw new AppError("not_found", GONE);
  const { sourceId } = placed;
  const isSearchable = await publishPairs(files, { tenantId, sourceId }, signal).catch((error: unknown) => {
    // The correction is kept, and the sweep goes on with it.
    log.warn({ event: "inbox.correction_waits", tenantId, code: error instanceof AppError ? error.code : "internal" });
    return false;
  });
  return { sourceId, isSearchable };
}

/** The insert under row-level security is the permission. */
async function save(
  members: Members,
  { tenantId, agentId, messageId, question, answer }: AgentRef & { messageId: string } & Correction,
): Promise<string> {
  const { data, error } = await members
    .from("corrections")
    .insert({ tenant_id: tenantId, agent_id: agentId, message_id: messageId, question, answer })
    .select("id")
    .single();
  if (!error) return data.id;
  if (error.code !== UNIQUE) throw writeError(error, GONE);
  const { data: changed, error: refused } = await members
    .from("corrections")
    .update({ question, answer })
    .eq("tenant_id", tenantId)
    .eq("agent_id", agentId)
    .eq("message_id", messageId)
    .select("id")
    .maybeSingle();
  if (refused) throw writeError(refused, GONE);
  if (!changed) throw new AppError("not_found", GONE);
  return changed.id;
}
