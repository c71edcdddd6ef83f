import type { PostgrestError, SupabaseClient } from "@supabase/supabase-js";
import type { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { Database } from "@/lib/db/types.gen";
import { databaseError } from "./rows";
import { isSame, PublishDraft, RestoreVersion, SaveDraft } from "./settings";
import { listVersions, type Versions } from "./versions";

type Members = SupabaseClient<Database>;
type AgentRef = { tenantId: string; agentId: string };

const moved = () =>
  new AppError("conflict", "Somebody changed the draft meanwhile. Reload the page to see it; yours is not saved.");

/**
 * Keeps what members wrote for the next version; visitors do not see it yet. A draft that says what is published already is no draft: it goes.
 * @throws AppError forbidden below admin, not_found, conflict when another draft than the one seen is there
 */
export async function saveDraft(db: Members, { tenantId, agentId, ...input }: AgentRef & SaveDraft): Promise<Versions> {
  const { seen, ...settings } = SaveDraft.parse(input);
  const { published, draft } = await listVersions(db, { tenantId, agentId });
  if ((draft?.updatedAt ?? null) !== seen) throw moved();
  if (isSame(settings, published.settings)) {
    if (draft) await discardDraft(db, { tenantId, agentId, seen: draft.updatedAt });
  } else if (draft) {
    const { data, error } = await db
      .from("agent_versions")
      .update({ settings })
      .eq("tenant_id", tenantId)
      .eq("id", draft.id)
      .eq("updated_at", draft.updatedAt)
      .select("id");
    if (error) throw writeError(error, "The draft could not be saved.");
    if (data.length === 0) throw await untouched(db, { tenantId, agentId }, draft.updatedAt);
  } else {
    const { error } = await db.from("agent_versions").insert({ tenant_id: tenantId, agent_id: agentId, settings });
    if (error?.code === "23505") throw moved();
    if (error) throw writeError(error, "The draft could not be saved.");
  }
  return listVersions(db, { tenantId, agentId });
}

/** @throws AppError forbidden below admin, not_found, conflict when the draft that was seen is not there any more, or is another */
export async function discardDraft(
  db: Members,
  { tenantId, agentId, seen }: AgentRef & { seen: string },
): Promise<void> {
  const { data, error } = await db
    .from("agent_versions")
    .delete()
    .eq("tenant_id", tenantId)
    .eq("agent_id", agentId)
    .eq("state", "draft")
    .eq("updated_at", seen)
    .select("id");
  if (error) throw writeError(error, "The draft could not be discarded.");
  if (data.length === 0) throw await untouched(db, { tenantId, agentId }, seen);
}

/**
 * Visitors get the draft from now on. The database asks the evaluation gate in the same transaction.
 * @param input.override why, although the gate does not allow it; stands in the history with what was not reached
 * @throws AppError forbidden below admin, not_found, conflict when the gate does not allow it, or when the draft is not the one that was seen
 */
export async function publishDraft(
  db: Members,
  { tenantId, agentId, ...input }: AgentRef & z.input<typeof PublishDraft>,
): Promise<Versions> {
  const { seen, note, override } = PublishDraft.parse(input);
  const { data, error } = await db
    .from("agent_versions")
    .update({ state: "published", note, override_reason: override || null })
    .eq("tenant_id", tenantId)
    .eq("agent_id", agentId)
    .eq("state", "draft")
    .eq("updated_at", seen)
    .select("id");
  if (error) throw writeError(error, "The draft could not be published.");
  if (data.length === 0) throw await untouched(db, { tenantId, agentId }, seen);
  return listVersions(db, { tenantId, agentId });
}

/** An older version is published again, as a new one. A draft stays as it is. @throws AppError as `publishDraft` */
export async function restoreVersion(
  db: Members,
  { tenantId, agentId, versionId, ...input }: AgentRef & z.input<typeof RestoreVersion>,
): Promise<Versions> {
  const { note, override } = RestoreVersion.omit({ versionId: true }).parse(input);
  const { error } = await db.from("agent_versions").insert({
    tenant_id: tenantId,
    agent_id: agentId,
    restored_from: versionId,
    note,
    override_reason: override || null,
  });
  if (error?.code === "23503") throw new AppError("not_found", "This version does not exist.");
  if (error) throw writeError(error, "The version could not be published.");
  return listVersions(db, { tenantId, agentId });
}

/** Why a write met no row: the draft is another by now, or the member may see it and not change it. @throws AppError not_found */
async function untouched(db: Members, ref: AgentRef, seen: string): Promise<AppError> {
  const { draft } = await listVersions(db, ref);
  return draft?.updatedAt === seen
    ? new AppError("forbidden", "Your role in this workspace does not allow that.")
    : moved();
}

function writeError(error: PostgrestError, message: string): AppError {
  if (error.code === "PT409")
    return new AppError(
      "conflict",
      "The evaluation does not allow publishing: a test set with a minimum pass rate has no run of these settings that reaches it. Run it on this version under Evaluation, or say why it is published all the same.",
      { cause: error },
    );
  return databaseError(error, message);
}
