import { z } from "zod";
import { type AgentRef, type Members, readError } from "./deps";
import { CONVERSATIONS_SIZE, type ConversationQuery, ConversationRow, Facets } from "./schema";

const DAY_MS = 86_400_000;
const count = z.coerce.number();

const Row = z
  .object({
    id: z.uuid(),
    channel: ConversationRow.shape.channel,
    origin_host: z.string().nullable(),
    created_at: z.string(),
    last_message_at: z.string(),
    question: z.string().nullable(),
    last_question: z.string().nullable(),
    questions: count,
    unanswered: count,
    failed: count,
    marked: count,
    up: count,
    down: count,
    language: z.string().nullable(),
    tags: z.array(z.string()),
    outcome: ConversationRow.shape.outcome,
    total: count,
  })
  .transform(({ origin_host, created_at, last_message_at, last_question, total, ...same }) => ({
    total,
    row: {
      ...same,
      originHost: origin_host,
      createdAt: created_at,
      lastMessageAt: last_message_at,
      lastQuestion: last_question,
    } satisfies ConversationRow,
  }));

/** One screen of an agent's conversations, the one spoken in last first, and how many fit the filters in all. */
export async function listConversations(
  members: Members,
  { tenantId, agentId }: AgentRef,
  query: ConversationQuery,
  size = CONVERSATIONS_SIZE,
): Promise<{ rows: ConversationRow[]; total: number }> {
  const { data, error } = await members.rpc("list_conversations", {
    p_tenant_id: tenantId,
    p_agent_id: agentId,
    p_limit: size,
    p_offset: (query.page - 1) * size,
    ...(query.q && { p_query: query.q }),
    ...(query.channel && { p_channel: query.channel }),
    ...(query.answer && { p_answer: query.answer }),
    ...(query.rating && { p_rating: query.rating }),
    ...(query.outcome && { p_outcome: query.outcome }),
    ...(query.language && { p_language: query.language }),
    ...(query.tag && { p_tag: query.tag }),
    ...(query.from && { p_from: `${query.from}T00:00:00Z` }),
    ...(query.to && { p_to: new Date(Date.parse(`${query.to}T00:00:00Z`) + DAY_MS).toISOString() }),
  });
  if (error) throw readError(error);
  const found = z.array(Row).parse(data);
  return { rows: found.map(({ row }) => row), total: found[0]?.total ?? 0 };
}

/** What the filters of an agent's list have to offer. */
export async function conversationFacets(members: Members, { tenantId, agentId }: AgentRef): Promise<Facets> {
  const { data, error } = await members.rpc("conversation_facets", { p_tenant_id: tenantId, p_agent_id: agentId });
  if (error) throw readError(error);
  const { languages, tags } = Facets.parse(data);
  return { languages: languages.toSorted(), tags: tags.toSorted() };
}
