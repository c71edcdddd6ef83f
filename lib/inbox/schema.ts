import { z } from "zod";
import { Check, Citation, Rating, RatingReason } from "@/lib/chat/schema";
import { Pair } from "@/lib/files/schema";

/** Conversations a screen. */
export const CONVERSATIONS_SIZE = 30;
/** Of a transcript; the earlier ones of a longer conversation are in its export. */
export const MAX_MESSAGES = 500;
export const MAX_TAGS = 20;

/** How a conversation ended; docs/resolution.md says exactly when it is which. */
export const Outcome = z.enum(["open", "confirmed", "assumed", "escalated", "abandoned"]);
export type Outcome = z.infer<typeof Outcome>;

/** unanswered: the agent did not know · marked: it said what its sources do not · complete: none of these. */
export const AnswerKind = z.enum(["complete", "unanswered", "marked", "failed"]);
export type AnswerKind = z.infer<typeof AnswerKind>;

export const Channel = z.enum(["widget", "playground"]);
export type Channel = z.infer<typeof Channel>;

/** A day as a date field gives it; days are those of UTC, as the export's times are. */
const Day = z.iso.date();

/** The list's state, as it stands in the URL; what makes no sense there is left out. */
export const ConversationQuery = z.object({
  q: z.string().trim().max(200).catch(""),
  channel: Channel.nullable().catch(null),
  answer: AnswerKind.nullable().catch(null),
  rating: Rating.nullable().catch(null),
  outcome: Outcome.nullable().catch(null),
  language: z
    .string()
    .regex(/^[a-z]{2,3}$/)
    .nullable()
    .catch(null),
  tag: z.string().trim().min(1).max(40).nullable().catch(null),
  /** The first day on which it may have begun. */
  from: Day.nullable().catch(null),
  /** The last one. */
  to: Day.nullable().catch(null),
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
});
export type ConversationQuery = z.infer<typeof ConversationQuery>;

export const Tag = z
  .string()
  .transform((text) => text.replace(/\s+/g, " ").trim())
  .pipe(z.string().min(1, "Write the tag.").max(40, "At most 40 characters."));

/** A conversation as a row of the list. */
export const ConversationRow = z.object({
  id: z.uuid(),
  channel: Channel,
  originHost: z.string().nullable(),
  createdAt: z.string(),
  lastMessageAt: z.string(),
  /** The beginning of the first question, and of the last. */
  question: z.string().nullable(),
  lastQuestion: z.string().nullable(),
  questions: z.number(),
  unanswered: z.number(),
  failed: z.number(),
  marked: z.number(),
  up: z.number(),
  down: z.number(),
  /** Two letters; null before its first answer has ended. */
  language: z.string().nullable(),
  tags: z.array(z.string()),
  /** null: conversations of the playground are not judged. */
  outcome: Outcome.nullable(),
});
export type ConversationRow = z.infer<typeof ConversationRow>;

export const Facets = z.object({ languages: z.array(z.string()), tags: z.array(z.string()) });
export type Facets = z.infer<typeof Facets>;

export const MessageStatus = z.enum(["streaming", "complete", "no_answer", "stopped", "failed"]);

/** How an answer came about, as far as it is stored. */
export const AnswerDetails = z.object({
  /** `provider/model` */
  model: z.string().nullable().catch(null),
  usage: z
    .object({ inputTokens: z.number(), outputTokens: z.number(), costMicroUsd: z.number() })
    .nullable()
    .catch(null),
  timings: z.object({ firstTokenMs: z.number().nullable(), totalMs: z.number() }).nullable().catch(null),
});

/** What an answer should have been: a question as visitors ask it, and its answer. */
export const Correction = Pair;
export type Correction = z.infer<typeof Correction>;

export const TranscriptMessage = z.object({
  id: z.uuid(),
  role: z.enum(["visitor", "assistant", "operator"]),
  /** Of a message that a member wrote: the name that the visitor saw. */
  author: z.string().nullable(),
  text: z.string(),
  status: MessageStatus,
  createdAt: z.string(),
  /** Of an answer: the message that it answers. */
  questionId: z.uuid().nullable(),
  confidence: z.number().nullable(),
  errorCode: z.string().nullable(),
  checks: z.array(Check).catch([]),
  citations: z.array(Citation),
  details: AnswerDetails,
  rating: z.object({ rating: Rating, reason: RatingReason.nullable(), comment: z.string().nullable() }).nullable(),
  /** As it stands in the knowledge now, which may have been edited since. */
  correction: z
    .object({ question: z.string(), answer: z.string(), sourceId: z.uuid(), correctedAt: z.string() })
    .nullable(),
});
export type TranscriptMessage = z.infer<typeof TranscriptMessage>;

export const Transcript = ConversationRow.extend({ messages: z.array(TranscriptMessage) });
export type Transcript = z.infer<typeof Transcript>;

/** Raw counts of a span of time; every rate is made of them. */
export const Resolution = z.object({
  conversations: z.number(),
  open: z.number(),
  confirmed: z.number(),
  assumed: z.number(),
  escalated: z.number(),
  abandoned: z.number(),
  answers: z.number(),
  complete: z.number(),
  noAnswer: z.number(),
  stopped: z.number(),
  failed: z.number(),
  up: z.number(),
  down: z.number(),
});
export type Resolution = z.infer<typeof Resolution>;

export const ExportFormat = z.enum(["csv", "json"]);
export type ExportFormat = z.infer<typeof ExportFormat>;

/** Something changed in an agent's conversations: no texts, screens load what they show. */
export const InboxNudge = z.object({ agentId: z.uuid() });
export type InboxNudge = z.infer<typeof InboxNudge>;

/** The private topic that says so. */
export const inboxTopic = (tenantId: string): string => `tenant:${tenantId}:inbox`;

export const GapStatus = z.enum(["open", "solved", "dismissed"]);
export type GapStatus = z.infer<typeof GapStatus>;

/** unanswered: the agent did not know · disliked: the visitor said so · unsupported: it said what its sources do not */
export const GapReason = z.enum(["unanswered", "disliked", "unsupported"]);
export type GapReason = z.infer<typeof GapReason>;

export const GapExample = z.object({
  /** The answer. */
  messageId: z.uuid(),
  conversationId: z.uuid(),
  question: z.string(),
  reason: GapReason,
  askedAt: z.string(),
});
export type GapExample = z.infer<typeof GapExample>;

/** Something that visitors ask and the knowledge does not answer. */
export interface Gap {
  id: string;
  /** The first question of it. */
  title: string;
  questions: number;
  /** In the last 30 days. */
  recent: number;
  unanswered: number;
  disliked: number;
  unsupported: number;
  firstAt: string;
  lastAt: string;
  /** Questions in each of the last eight weeks, the present one last. */
  weeks: number[];
  /** What came nearest to an answer; its ids are null when its page is gone. */
  near: { title: string; pageId: string | null; sourceId: string | null } | null;
  /** The newest, at most five. */
  examples: GapExample[];
}
