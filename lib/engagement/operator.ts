import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import { type Members, readError, writeError } from "./deps";
import {
  type Attachment,
  type Handover,
  HandoverReason,
  OperatorName,
  OperatorText,
  type QueuedConversation,
  type Survey,
  type VisitorAbout,
} from "./schema";

type Where = { tenantId: string; conversationId: string };

const COLUMNS =
  "state, reason, topic, operatorId:operator_id, operatorName:operator_name, requestedAt:requested_at" as const;

/** Who has a conversation: null while it never left the agent. */
export async function getHandover(members: Members, { tenantId, conversationId }: Where): Promise<Handover | null> {
  const { data, error } = await members
    .from("handovers")
    .select(COLUMNS)
    .eq("tenant_id", tenantId)
    .eq("conversation_id", conversationId)
    .maybeSingle();
  if (error) throw readError(error);
  return data ? { ...data, reason: HandoverReason.parse(data.reason) } : null;
}

/** How many conversations of an agent wait for a person. */
export async function countWaiting(
  members: Members,
  { tenantId, agentId }: { tenantId: string; agentId: string },
): Promise<number> {
  const { count, error } = await members
    .from("handovers")
    .select("conversation_id, conversations!inner(agent_id)", { count: "exact", head: true })
    .eq("tenant_id", tenantId)
    .eq("conversations.agent_id", agentId)
    .eq("state", "waiting");
  if (error) throw readError(error);
  return count ?? 0;
}

/** Conversations of an agent that wait for a person or are with one: who waits longest first. At most 50. */
export async function listQueue(
  members: Members,
  { tenantId, agentId }: { tenantId: string; agentId: string },
): Promise<QueuedConversation[]> {
  const { data, error } = await members
    .from("handovers")
    .select(
      "conversation_id, state, requested_at, operator_id, operator_name, conversations!inner(agent_id, messages(content, role, created_at))",
    )
    .eq("tenant_id", tenantId)
    .eq("conversations.agent_id", agentId)
    .in("state", ["waiting", "human"])
    .eq("conversations.messages.role", "visitor")
    .order("state")
    .order("requested_at")
    .order("created_at", { referencedTable: "conversations.messages", ascending: false })
    .limit(1, { referencedTable: "conversations.messages" })
    .limit(50);
  if (error) throw readError(error);
  return data.map((row) => ({
    conversationId: row.conversation_id,
    isWaiting: row.state === "waiting",
    requestedAt: row.requested_at,
    operatorId: row.operator_id,
    operatorName: row.operator_name,
    lastMessage: row.conversations.messages[0]?.content.slice(0, 200) ?? null,
  }));
}

/** The member takes a conversation over, from the queue, from the agent or from a colleague. @throws AppError "forbidden" below operator */
export async function takeOver(
  members: Members,
  { tenantId, conversationId, name }: Where & { name: string },
): Promise<void> {
  const change = { state: "human" as const, operator_name: OperatorName.parse(name) };
  const { data, error } = await members
    .from("handovers")
    .update(change)
    .eq("tenant_id", tenantId)
    .eq("conversation_id", conversationId)
    .select("state");
  if (error) throw writeError(error);
  if (data.length > 0) return;
  const { error: refused } = await members
    .from("handovers")
    .insert({ tenant_id: tenantId, conversation_id: conversationId, ...change });
  if (refused?.code === "23505") throw new AppError("conflict", "Somebody else was quicker. Look at it again.");
  if (refused) throw writeError(refused);
}

/** agent: hands a conversation back; closed: ends it, until the visitor writes again. @throws AppError "conflict" when it has moved on */
export async function release(
  members: Members,
  { tenantId, conversationId, to }: Where & { to: "agent" | "closed" },
): Promise<void> {
  const { data, error } = await members
    .from("handovers")
    .update({ state: to })
    .eq("tenant_id", tenantId)
    .eq("conversation_id", conversationId)
    .select("state");
  if (error) throw writeError(error);
  if (data.length === 0)
    throw new AppError("not_found", "This conversation is with the agent already, or your role does not allow that.");
}

/** What a member says to the visitor. @throws AppError "forbidden" unless they have taken the conversation over */
export async function reply(
  members: Members,
  { tenantId, conversationId, text }: Where & { text: string },
): Promise<void> {
  const { error } = await members.from("messages").insert({
    id: newId(),
    tenant_id: tenantId,
    conversation_id: conversationId,
    role: "operator",
    content: OperatorText.parse(text),
    status: "complete",
  });
  if (error) throw writeError(error, "Take the conversation over before you write; that needs the role operator.");
}

/** Who the visitor is, how they found it, and what they sent. */
export async function getVisitorParts(
  members: Members,
  { tenantId, conversationId }: Where,
): Promise<{ about: VisitorAbout | null; survey: Survey | null; attachments: Attachment[] }> {
  const [about, survey, files] = await Promise.all([
    // Nobody below operator is shown a row.
    members
      .from("visitor_contexts")
      .select("name, email, context:entries")
      .eq("tenant_id", tenantId)
      .eq("conversation_id", conversationId)
      .maybeSingle(),
    members
      .from("conversation_surveys")
      .select("score, comment, createdAt:created_at")
      .eq("tenant_id", tenantId)
      .eq("conversation_id", conversationId)
      .maybeSingle(),
    members
      .from("attachments")
      .select("id, name, sizeBytes:size_bytes, mediaType:media_type, createdAt:created_at")
      .eq("tenant_id", tenantId)
      .eq("conversation_id", conversationId)
      .eq("state", "ready")
      .order("created_at"),
  ]);
  const error = about.error ?? survey.error ?? files.error;
  if (error) throw readError(error);
  return {
    about: about.data && { ...about.data, context: about.data.context as Record<string, string> },
    survey: survey.data,
    attachments: (files.data ?? []).map((file) => ({ ...file, mediaType: file.mediaType ?? "" })),
  };
}
