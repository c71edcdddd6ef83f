import { CSV_START, csvLine } from "@/lib/core/text/csv-line";
import { type AgentRef, type Members, readError } from "./deps";
import { listConversations } from "./list-conversations";
import { AnswerDetails, type ConversationQuery, type ConversationRow, type ExportFormat } from "./schema";

/** Conversations that are read at once. */
const BATCH = 50;
/** PostgREST gives no more rows than this in one answer. */
const MESSAGES_AT_ONCE = 1_000;

const COLUMNS = [
  "conversation_id",
  "conversation_started_at",
  "channel",
  "website",
  "outcome",
  "tags",
  "message_id",
  "at",
  "role",
  "text",
  "status",
  "language",
  "confidence",
  "rating",
  "rating_reason",
  "rating_comment",
  "unsupported",
  "sources",
  "model",
  "total_ms",
  "cost_usd",
] as const;
type ExportRow = Record<(typeof COLUMNS)[number], string | number | null>;

/**
 * Every message of the conversations that fit the filters, in pieces to be sent as they come: CSV with a head, or JSON as a list. Conversations are
 * newest first, their messages oldest first. What is added while it runs may be missing; nothing comes twice.
 */
export async function* exportConversations(
  members: Members,
  ref: AgentRef,
  query: ConversationQuery,
  format: ExportFormat,
): AsyncGenerator<string> {
  yield format === "csv" ? CSV_START + csvLine(COLUMNS) : "[";
  let isFirst = true;
  const seen = new Set<string>();
  for (let page = 1; ; page++) {
    const { rows } = await listConversations(members, ref, { ...query, page }, BATCH);
    const fresh = rows.filter(({ id }) => !seen.has(id) && seen.add(id));
    for (const row of await messagesOf(members, ref, fresh)) {
      yield format === "csv"
        ? csvLine(COLUMNS.map((column) => row[column]))
        : `${isFirst ? "\n" : ",\n"}${JSON.stringify(row)}`;
      isFirst = false;
    }
    if (rows.length < BATCH) break;
  }
  if (format === "json") yield "\n]\n";
}

async function messagesOf(
  members: Members,
  { tenantId }: AgentRef,
  conversations: ConversationRow[],
): Promise<ExportRow[]> {
  if (conversations.length === 0) return [];
  const rows = new Map<string, ExportRow[]>(conversations.map(({ id }) => [id, []]));
  const byId = new Map(conversations.map((conversation) => [conversation.id, conversation]));
  for (let from = 0; ; from += MESSAGES_AT_ONCE) {
    const { data, error } = await members
      .from("messages")
      .select(
        "id, conversation_id, role, content, status, created_at, confidence, checks, details, citations(number, url, title), ratings(rating, reason, comment)",
      )
      .eq("tenant_id", tenantId)
      .in("conversation_id", [...byId.keys()])
      .order("created_at")
      .order("id")
      .range(from, from + MESSAGES_AT_ONCE - 1);
    if (error) throw readError(error);
    for (const message of data) {
      const { id, channel, originHost, createdAt, outcome, tags } = byId.get(message.conversation_id)!;
      const { model, usage, timings } = AnswerDetails.parse(message.details);
      const [rating] = [message.ratings ?? []].flat() as {
        rating: string;
        reason: string | null;
        comment: string | null;
      }[];
      rows.get(message.conversation_id)!.push({
        conversation_id: id,
        conversation_started_at: createdAt,
        channel,
        website: originHost,
        outcome,
        tags: tags.join("; "),
        message_id: message.id,
        at: message.created_at,
        role: message.role,
        text: message.content,
        status: message.status,
        language: (message.details as { language?: string } | null)?.language ?? null,
        confidence: message.confidence,
        rating: rating?.rating ?? null,
        rating_reason: rating?.reason ?? null,
        rating_comment: rating?.comment ?? null,
        unsupported: Array.isArray(message.checks) ? message.checks.length : 0,
        sources: message.citations
          .toSorted((a, b) => a.number - b.number)
          .map(({ url, title }) => url ?? title)
          .join("; "),
        model,
        total_ms: timings?.totalMs ?? null,
        cost_usd: usage ? usage.costMicroUsd / 1_000_000 : null,
      });
    }
    if (data.length < MESSAGES_AT_ONCE) break;
  }
  return [...rows.values()].flat();
}
