import { z } from "zod";
import { AgentSettings } from "@/lib/agents/schema";
import { printable } from "@/lib/core/text/printable";
import type { WidgetSettings } from "@/lib/embed/schema";
import type { EngagementSettings } from "@/lib/engagement/schema";
import { type CutReason, SearchFilters } from "@/lib/knowledge/schema";

/** Longest question, in UTF-16 units as browsers count them. */
export const MAX_QUESTION_LENGTH = 2_000;

/** What a visitor's browser posts. Both ids are made there, so that a message can be sent again without being doubled. */
export const PostMessage = z.object({
  conversationId: z.uuid("conversationId must be a UUID."),
  messageId: z.uuid("messageId must be a UUID."),
  text: z
    .string()
    .overwrite((text) => printable(text).toWellFormed())
    .max(MAX_QUESTION_LENGTH, `Please keep your question under ${MAX_QUESTION_LENGTH.toLocaleString("en")} characters.`)
    .refine((text) => text.trim().length > 0, "Please write a question."),
});
export type PostMessage = z.infer<typeof PostMessage>;

/** Work for a browser: find an n for which SHA-256(`salt:n`) begins with so many zero bits. */
export const Challenge = z.object({
  salt: z.string(),
  difficultyBits: z.number().int(),
  /** Epoch milliseconds. */
  expiresAt: z.number().int(),
  signature: z.string(),
});

/** The header x-alonchat-proof: `<salt>.<n>.<expiresAt>.<signature>`. */
export const Proof = z
  .string()
  .transform((text) => /^([0-9a-f]{32})\.(\d{1,15})\.(\d{1,15})\.([0-9a-f]{64})$/.exec(text))
  .refine((found) => found !== null, "The header x-alonchat-proof is not of the form salt.n.expiresAt.signature.")
  .transform((found) => {
    const [, salt, n, expiresAt, signature] = found as unknown as [string, string, string, string, string];
    return { salt, n, expiresAt: Number(expiresAt), signature };
  });
export type Proof = z.infer<typeof Proof>;

/** What the playground posts: a member may try any version, the draft too, with another model than it has chosen, on a part of what it knows. */
export const PostPlayground = PostMessage.extend({
  versionId: z.uuid().nullish(),
  model: AgentSettings.shape.model.optional(),
  filters: SearchFilters.nullish(),
});

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
   * `name` · `quote`: quoted words that no source has · `support`: the cited source says nothing of it, or nothing is cited and
   * no source does · `judge`: a model's verdict
   */
  kind: z.enum(["figure", "link", "name", "quote", "support", "judge"]),
  /** The words that no source holds; of `support` the figures that only other sources than the cited one hold. */
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
  /** Places among those found, from 1, by each score alone; null where it is 0. The list itself is in the order of both together. */
  lexicalRank: number | null;
  similarityRank: number | null;
  score: number;
  /** Whether the model was given it. */
  used: boolean;
  /** Why not: as of `selectPassages`, or `unsure`: nothing was given, as the confidence was too low · `budget`: the request's own limit. */
  cut: CutReason | "unsure" | "budget" | null;
}

/** A call of a model for one answer. */
export interface TraceCall {
  step: string;
  /** provider/model */
  model: string;
  inputTokens: number;
  outputTokens: number;
  costMicroUsd: number;
  latencyMs: number;
}

/** How an answer came about; sent to members only. */
export interface Trace {
  /** Null for a draft. */
  version: number | null;
  /** As it was searched for: understood alone, with its spelling mended. */
  query: string;
  /** Two letters, as they were recognised. */
  language: string | null;
  /** Where it was searched for; null: everywhere. */
  filters: SearchFilters | null;
  candidates: TraceCandidate[];
  confidence: number;
  threshold: number;
  model: string;
  promptTokens: number;
  outputTokens: number;
  costMicroUsd: number;
  /** What the answer says and the sources do not. */
  checks: Check[];
  /** Word by word what the model that answers was sent; empty when none was asked. */
  prompt: { role: "system" | "user" | "assistant"; content: string }[];
  calls: TraceCall[];
  timings: {
    beginMs: number;
    understandMs: number;
    embedMs: number;
    retrieveMs: number;
    firstTokenMs: number | null;
    totalMs: number;
  };
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
  | {
      event: "done";
      data: {
        /** operator: a person has the conversation; the message is kept for them, and nothing is answered. */
        status: AnswerStatus | "operator";
        answerId: string;
        next?: NextStep;
        cut?: Cut;
      };
    }
  | { event: "error"; data: { code: string; message: string; retryAfterMs?: number } };

export interface WidgetConfig extends Omit<EngagementSettings, "proactive"> {
  agentId: string;
  name: string;
  welcomeMessage: string;
  suggestedQuestions: string[];
  placeholder: string;
  accentColor: string;
  language: string;
  poweredBy: boolean;
  theme: WidgetSettings["theme"];
  position: WidgetSettings["position"];
  /** There is one of the next three. */
  appearance: boolean;
  avatarUrl: string | null;
  launcherText: string;
  /** CSS variables by name; null without any. */
  variables: Record<string, string> | null;
  /** Null: nobody is asked. */
  consent: { text: string; acceptLabel?: string } | null;
  /** Browsers of unknown visitors will have to work before the first question. */
  challenge: boolean;
  /** Where people may take over (handover): whether the visitor may ask for one. */
  handoverOnRequest: boolean;
  /** Null: the agent never speaks first. */
  proactive: EngagementSettings["proactive"] | null;
  /** Whether people are there now, and what is said while they are not; null: the agent has no opening hours. */
  hours: { online: boolean; note: string } | null;
}
