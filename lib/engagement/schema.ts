import { z } from "zod";
import { LeadForm } from "@/lib/leads/schema";

export const ENGAGEMENT_LIMITS = {
  rules: 10,
  messageLength: 240,
  commentLength: 1_000,
  operatorNameLength: 60,
} as const;

/** When the agent speaks first: all that is given must hold. */
export const ProactiveWhen = z
  .object({
    /** A part of the page's address, where * stands for anything: /pricing*, *utm_source=mail*. */
    urlPattern: z.string().trim().min(1).max(300).optional(),
    afterSeconds: z.number().int().min(1).max(3_600).optional(),
    scrollPercent: z.number().int().min(1).max(100).optional(),
  })
  .refine(
    (when) => Object.values(when).some((value) => value !== undefined),
    "Say when: a page, a time or how far down.",
  );

export const ProactiveRule = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  message: z
    .string()
    .trim()
    .min(1, "Write the message.")
    .max(ENGAGEMENT_LIMITS.messageLength, `Use at most ${ENGAGEMENT_LIMITS.messageLength} characters.`),
  when: ProactiveWhen,
});
export type ProactiveRule = z.infer<typeof ProactiveRule>;

/** What the widget of an agent does beside answers. */
export const EngagementSettings = z.object({
  leadForm: LeadForm.nullable(),
  proactive: z
    .array(ProactiveRule)
    .max(ENGAGEMENT_LIMITS.rules, `Keep at most ${ENGAGEMENT_LIMITS.rules} messages.`)
    .refine((rules) => new Set(rules.map(({ id }) => id)).size === rules.length, "Two messages have the same id."),
  csat: z.boolean(),
  attachments: z.boolean(),
  handover: z.boolean(),
});
export type EngagementSettings = z.infer<typeof EngagementSettings>;

export const NOTHING_ON: EngagementSettings = {
  leadForm: null,
  proactive: [],
  csat: false,
  attachments: false,
  handover: false,
};

export const HandoverState = z.enum(["agent", "waiting", "human", "closed"]);
export type HandoverState = z.infer<typeof HandoverState>;

export const HandoverReason = z.enum(["visitor", "low_confidence", "keyword", "operator"]);
export type HandoverReason = z.infer<typeof HandoverReason>;

/** A conversation's hand-over as members see it. */
export type Handover = {
  state: HandoverState;
  reason: HandoverReason;
  /** Of the public channel on which both sides are nudged. */
  topic: string;
  operatorId: string | null;
  operatorName: string | null;
  requestedAt: string;
};

/** A conversation that waits for a person, or is with one. */
export type QueuedConversation = {
  conversationId: string;
  isWaiting: boolean;
  requestedAt: string;
  operatorId: string | null;
  operatorName: string | null;
  /** The beginning of what the visitor said last. */
  lastMessage: string | null;
};

export type Survey = { score: number; comment: string; createdAt: string };

export type Attachment = { id: string; name: string; sizeBytes: number; mediaType: string; createdAt: string };

export const OperatorName = z
  .string()
  .trim()
  .min(1, "Write the name that the visitor sees.")
  .max(ENGAGEMENT_LIMITS.operatorNameLength, `Use at most ${ENGAGEMENT_LIMITS.operatorNameLength} characters.`);

export const OperatorText = z.string().trim().min(1, "Write a message.").max(4_000, "Use at most 4,000 characters.");

export const PostSurvey = z.object({
  score: z.number().int().min(1, "The score is 1 to 5.").max(5, "The score is 1 to 5."),
  comment: z
    .string()
    .trim()
    .max(ENGAGEMENT_LIMITS.commentLength, `Please keep it under ${ENGAGEMENT_LIMITS.commentLength} characters.`)
    .default(""),
});
export type PostSurvey = z.infer<typeof PostSurvey>;

export const CONTEXT_LIMITS = { entries: 20, keyLength: 40, valueLength: 200 } as const;

const ContextValue = z.union(
  [
    z
      .string()
      .trim()
      .max(CONTEXT_LIMITS.valueLength, `A value of the context has at most ${CONTEXT_LIMITS.valueLength} characters.`),
    z.number(),
    z.boolean(),
  ],
  "A value of the context is a text, a number, true or false.",
);

/** What a page tells of its visitor: `{ plan: "pro", seats: 12 }`. Kept and shown as texts. */
export const VisitorContext = z
  .record(
    z
      .string()
      .regex(
        /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,39}$/u,
        "A key of the context has up to 40 letters, digits, spaces or . _ -",
      ),
    ContextValue.transform((value) => String(value).replace(/\p{Cc}+/gu, " ")),
  )
  .refine(
    (context) => Object.keys(context).length <= CONTEXT_LIMITS.entries,
    `Give at most ${CONTEXT_LIMITS.entries} values as context.`,
  );

export const PostContext = z.object({ context: VisitorContext });
export type PostContext = z.infer<typeof PostContext>;

/** What is known of a visitor beside what they say. */
export type VisitorAbout = {
  /** Vouched for by the customer's server. */
  name: string | null;
  email: string | null;
  /** As the page told, which nobody vouches for. */
  context: Record<string, string>;
};

export const MAX_ATTACHMENT_BYTES = 10 * 1024 * 1024;

export const PostAttachment = z.object({
  name: z
    .string()
    .transform((name) => (name.split(/[\\/]/).at(-1) ?? "").replace(/\p{C}/gu, "").trim())
    .pipe(z.string().min(1, "This file has no name.").max(200, "This file's name is longer than 200 characters.")),
  sizeBytes: z
    .number()
    .int()
    .min(1, "This file is empty.")
    .max(MAX_ATTACHMENT_BYTES, "This file is larger than 10 MB. Send a smaller one."),
  /** What the browser calls it; what it is decides its content, later. */
  type: z.string().max(200).default(""),
});
export type PostAttachment = z.infer<typeof PostAttachment>;
