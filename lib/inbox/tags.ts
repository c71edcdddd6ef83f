import { AppError } from "@/lib/core/errors";
import { type Members, readError, writeError } from "./deps";
import { MAX_TAGS } from "./schema";

type Ref = { tenantId: string; conversationId: string; tag: string };

const UNIQUE = "23505";

/** Tags a conversation; one that it has already stays. @throws AppError forbidden, not_found, bad_request */
export async function addTag(members: Members, { tenantId, conversationId, tag }: Ref): Promise<void> {
  const { count, error: counted } = await members
    .from("conversation_tags")
    .select("tag", { count: "exact", head: true })
    .eq("tenant_id", tenantId)
    .eq("conversation_id", conversationId);
  if (counted) throw readError(counted);
  if ((count ?? 0) >= MAX_TAGS)
    throw new AppError("bad_request", `A conversation holds at most ${MAX_TAGS} tags. Remove one first.`);
  const { error } = await members
    .from("conversation_tags")
    .insert({ tenant_id: tenantId, conversation_id: conversationId, tag });
  if (error && error.code !== UNIQUE) throw writeError(error);
}

/** @throws AppError not_found */
export async function removeTag(members: Members, { tenantId, conversationId, tag }: Ref): Promise<void> {
  const { data, error } = await members
    .from("conversation_tags")
    .delete()
    .eq("tenant_id", tenantId)
    .eq("conversation_id", conversationId)
    .eq("tag", tag)
    .select("tag")
    .maybeSingle();
  if (error) throw writeError(error);
  if (!data) throw new AppError("not_found", "This tag is gone already, or your role may not remove it.");
}
