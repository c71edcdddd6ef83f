import { z } from "zod";

/** Longest question, in UTF-16 units as browsers count them. */
export const MAX_QUESTION_LENGTH = 2_000;

/** What a visitor's browser posts. Both ids are made there, so that a message can be sent again without being doubled. */
export const PostMessage = z.object({
  conversationId: z.uuid("conversationId must be a UUID."),
  messageId: z.uuid("messageId must be a UUID."),
  text: z
    .string()
    .max(MAX_QUESTION_LENGTH, `Please keep your question under ${MAX_QUESTION_LENGTH.toLocaleString("en")} characters.`)
    .refine((text) => text.trim().length > 0, "Please write a question."),
});
export type PostMessage = z.infer<typeof PostMessage>;

/** 128 random bits or more, in hex, kept by the visitor's browser. */
export const VisitorKey = z.string().regex(/^[0-9a-f]{32,128}$/);

export const Rating = z.enum(["up", "down"]);
export type Rating = z.infer<typeof Rating>;

export const RatingReason = z.enum(["wrong", "incomplete", "off_topic", "other"]);
export type RatingReason = z.infer<typeof RatingReason>;

/** What a visitor thinks of an answer; null takes it back. */
export const PostFeedback = z.object({
  rating: Rating.nullable(),
  reason: RatingReason.nullish(),
  comment: z.string().trim().max(1_000, "Please keep your comment under 1,000 characters.").nullish(),
});
export type PostFeedback = z.infer<typeof PostFeedback>;

export const Citation = z.object({
  /** As written in the text: [1]. */
  number: z.number().int().min(1).max(99),
  /** Opens the passage, where the browser can; null for what visitors cannot open, such as a file that is not public. */
  url: z.url().nullable(),
  title: z.string(),
  heading: z.string(),
  quote: z.string(),
});
export type Citation = z.infer<typeof Citation>;

/** Something in an answer that the sources do not hold, found when the answer was given. */
export const Check = z.object({
  /** The part of the answer that is marked, in UTF-16 units of its Markdown; never across lines or cells of a table. */
  start: z.number().int().min(0),
  end: z.number().int().min(0),
  /**
   * `figure`: numbers, prices, dates, times, codes, e-mail addresses, telephone numbers · `link`: an address, which was taken out ·
   * `name` · `quote`: quoted words that no source has · `support`: the cited source says nothing of it · `judge`: a model's verdict
   */
  kind: z.enum(["figure", "link", "name", "quote", "support", "judge"]),
  /** The words that no source holds. */
  items: z.array(z.string()),
});
export type Check = z.infer<typeof Check>;

/** What the visitor is offered when the agent does not know. */
export const NextStep = z.enum(["contact"]);
export type NextStep = z.infer<typeof NextStep>;

/** The budget of the request that an answer reached before its end. */
export const Cut = z.enum(["tokens", "cost", "time"]);
export type Cut = z.infer<typeof Cut>;

export const AnswerStatus = z.enum(["complete", "no_answer", "stopped"]);
export type AnswerStatus = z.infer<typeof AnswerStatus>;

/** Who gets no answer is shown the way to a person. */
export const doneOf = (status: AnswerStatus, answerId: string, cut: Cut | null) => ({
  status,
  answerId,
  ...(status === "no_answer" && { next: "contact" as const }),
  ...(cut && { cut }),
});

/** One passage that was found, as the playground shows it. */
export interface TraceCandidate {
  chunkId: string;
  title: string;
  /** As of a citation. */
  url: string | null;
  headingPath: string[];
  content: string;
  lexical: number;
  similarity: number;
  score: number;
  /** Whether the model was given it. */
  used: boolean;
}

/** How an answer came about; sent to members only. */
export interface Trace {
  query: string;
  candidates: TraceCandidate[];
  confidence: number;
  threshold: number;
  model: string;
  promptTokens: number;
  outputTokens: number;
  costMicroUsd: number;
  /** What the answer says and the sources do not. */
  checks: Check[];
  timings: { beginMs: number; embedMs: number; retrieveMs: number; firstTokenMs: number | null; totalMs: number };
}

/**
 * The events of an answer, in order: start, delta…, citations, (trace,) done — or error as the last one. `checks` comes between
 * deltas, before the text that it marks where that holds figures; each replaces the one before.
 */
export type TurnEvent =
  | { event: "start"; data: { conversationId: string; messageId: string; answerId: string } }
  | { event: "delta"; data: { text: string } }
  | { event: "citations"; data: { citations: Citation[] } }
  | { event: "checks"; data: { checks: Check[] } }
  | { event: "trace"; data: Trace }
  | { event: "done"; data: { status: AnswerStatus; answerId: string; next?: NextStep; cut?: Cut } }
  | { event: "error"; data: { code: string; message: string; retryAfterMs?: number } };

export const WidgetConfig = z.object({
  agentId: z.string(),
  name: z.string(),
  welcomeMessage: z.string(),
  suggestedQuestions: z.array(z.string()),
  placeholder: z.string(),
  accentColor: z.string(),
  language: z.string(),
  poweredBy: z.boolean(),
});
export type WidgetConfig = z.infer<typeof WidgetConfig>;
