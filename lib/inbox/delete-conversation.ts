import { AppError } from "@/lib/core/errors";
import { type Members, writeError } from "./deps";

/** Removes a conversation with its messages and ratings. What its answers cost stays counted. @throws AppError not_found */
export async function deleteConversation(
  members: Members,
  { tenantId, conversationId }: { tenantId: string; conversationId: string },
): Promise<void> {
  const { data, error } = await members
    .from("conversations")
    .delete()
    .eq("tenant_id", tenantId)
    .eq("id", conversationId)
    .select("id")
    .maybeSingle();
  if (error) throw writeError(error);
  if (!data) throw new AppError("not_found", "This conversation no longer exists, or your role may not delete it.");
}
