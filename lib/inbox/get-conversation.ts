import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { type AgentRef, type Members, readError } from "./deps";
import { AnswerDetails, MAX_MESSAGES, type Transcript, TranscriptMessage } from "./schema";

const COLUMNS = `id, agent_id, channel, origin_host, created_at, last_message_at, conversation_tags(tag),
  messages(id, role, content, status, created_at, author, question_id, confidence, error_code, checks, details,
    citations(number, url, title, heading, quote), ratings(rating, reason, comment),
    corrections(updated_at, qa_pairs(question, answer, source_id)))`;

/** A conversation with its messages, oldest first. @throws AppError not_found */
export async function getConversation(
  members: Members,
  { tenantId, agentId, conversationId }: AgentRef & { conversationId: string },
): Promise<Transcript> {
  const [found, ended] = await Promise.all([
    members
      .from("conversations")
      .select(COLUMNS)
      .eq("tenant_id", tenantId)
      .eq("agent_id", agentId)
      .eq("id", conversationId)
      .order("created_at", { referencedTable: "messages", ascending: false })
      .order("id", { referencedTable: "messages", ascending: false })
      .limit(MAX_MESSAGES, { referencedTable: "messages" })
      .maybeSingle(),
    members.rpc("conversation_outcome", { p_tenant_id: tenantId, p_conversation_id: conversationId }),
  ]);
  const error = found.error ?? ended.error;
  if (error) throw readError(error);
  if (!found.data) throw new AppError("not_found", "This conversation no longer exists.");
  return transcriptOf(found.data, ended.data);
}

interface ConversationData {
  id: string;
  channel: "widget" | "playground";
  origin_host: string | null;
  created_at: string;
  last_message_at: string;
  conversation_tags: { tag: string }[];
  messages: MessageData[];
}

interface MessageData {
  id: string;
  role: string;
  content: string;
  status: string;
  created_at: string;
  author: string | null;
  question_id: string | null;
  confidence: number | null;
  error_code: string | null;
  checks: unknown;
  details: unknown;
  citations: { number: number; url: string | null; title: string; heading: string; quote: string }[];
  ratings: unknown;
  corrections: unknown;
}

const CorrectionRow = z.object({
  updated_at: z.string(),
  qa_pairs: z.object({ question: z.string(), answer: z.string(), source_id: z.uuid() }).nullable(),
});

function transcriptOf(row: ConversationData, outcome: unknown): Transcript {
  const messages = row.messages.map(messageOf).reverse();
  const questions = messages.filter(({ role }) => role === "visitor");
  const count = (fits: (message: TranscriptMessage) => boolean) => messages.filter(fits).length;
  const languages = row.messages.flatMap(({ details }) => languageOf(details) ?? []);
  return {
    id: row.id,
    channel: row.channel,
    originHost: row.origin_host,
    createdAt: row.created_at,
    lastMessageAt: row.last_message_at,
    question: questions[0]?.text ?? null,
    lastQuestion: questions.at(-1)?.text ?? null,
    questions: questions.length,
    unanswered: count(({ status }) => status === "no_answer"),
    failed: count(({ status }) => status === "failed"),
    marked: count(({ checks }) => checks.length > 0),
    up: count(({ rating }) => rating?.rating === "up"),
    down: count(({ rating }) => rating?.rating === "down"),
    language: languages[0] ?? null,
    tags: row.conversation_tags.map(({ tag }) => tag).toSorted(),
    outcome: (outcome ?? null) as Transcript["outcome"],
    messages,
  };
}

const messageOf = (row: MessageData): TranscriptMessage =>
  TranscriptMessage.parse({
    id: row.id,
    role: row.role,
    text: row.content,
    status: row.status,
    createdAt: row.created_at,
    author: row.author,
    questionId: row.question_id,
    confidence: row.confidence,
    errorCode: row.error_code,
    checks: row.checks,
    citations: row.citations.toSorted((a, b) => a.number - b.number),
    details: AnswerDetails.parse(row.details ?? {}),
    rating: only(row.ratings),
    correction: correctionOf(only(row.corrections)),
  });

/** One row at most, which PostgREST may give as a list. */
const only = (rows: unknown): unknown => (Array.isArray(rows) ? rows[0] : rows) ?? null;

function correctionOf(row: unknown): TranscriptMessage["correction"] {
  const { updated_at, qa_pairs: pair } = CorrectionRow.nullable().parse(row) ?? {};
  return pair && updated_at
    ? { question: pair.question, answer: pair.answer, sourceId: pair.source_id, correctedAt: updated_at }
    : null;
}

const languageOf = (details: unknown): string | null => {
  const language = (details as { language?: unknown } | null)?.language;
  return typeof language === "string" ? language : null;
};
