import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { AgentSettings } from "@/lib/agents/schema";
import { AppError, agentUnavailable, originNotAllowed, rateLimited } from "@/lib/core/errors";
import { call, json } from "@/lib/db/pool";
import type { ChatDeps } from "./deps";
import { AnswerStatus, Challenge, Check, Citation, Cut, type PostMessage, type Proof } from "./schema";

/** What an agent answers with: a version of it, as `private.answering_config` tells it. */
export const AnsweringConfig = z.object({
  name: z.string(),
  language: z.string(),
  versionId: z.uuid(),
  /** Null for a draft. */
  version: z.number().nullable(),
  settings: AgentSettings,
  /** Of the agent's live index; null while it knows nothing. */
  embeddingModel: z.string().nullable(),
});
export type AnsweringConfig = z.infer<typeof AnsweringConfig>;

const Begun = z.discriminatedUnion("status", [
  z.object({
    status: z.literal("ok"),
    tenantId: z.uuid(),
    agentId: z.uuid(),
    history: z.array(z.object({ role: z.enum(["visitor", "assistant"]), text: z.string() })),
    agent: AnsweringConfig,
  }),
  z.object({
    status: z.literal("replay"),
    answerId: z.uuid(),
    answerStatus: AnswerStatus,
    text: z.string(),
    citations: z.array(Citation),
    checks: z.array(Check),
    cut: Cut.nullable(),
  }),
  z.object({
    status: z.literal("in_progress"),
    /** Absent for two that came this instant: asked once more, it is there. */
    answerId: z.uuid().optional(),
  }),
  z.object({ status: z.literal("operator") }),
  z.object({ status: z.enum(["rate_limited", "budget_exceeded"]), retryAfterMs: z.number() }),
  z.object({ status: z.literal("challenge_required"), challenge: Challenge }),
  z.object({
    status: z.enum([
      "quota_exceeded",
      "identity_required",
      "agent_unavailable",
      "origin_not_allowed",
      "conversation_unavailable",
      "version_unavailable",
    ]),
  }),
]);
type Begun = z.infer<typeof Begun>;
export type OpenTurn = Extract<Begun, { status: "ok" }>;
export type ForOperator = Extract<Begun, { status: "operator" }>;
export type Replay = Extract<Begun, { status: "replay" }>;
/** The same message came before, and its answer is under way. */
export interface UnderWay {
  status: "under_way";
  answerId: string;
}

/** Who asks. A member in the playground was authorised for `tenantId`; a visitor is known by origin and key alone. */
export interface Asker {
  publicId: string;
  channel: "widget" | "playground";
  tenantId: string | null;
  origin: string | null;
  visitorHash: string;
  addressHash: string | null;
  /** A user whom the customer's server vouched for. */
  isIdentified?: boolean;
  /** Of work that the browser did because it was asked to. */
  proof?: Proof | null;
  /** The version that a member tries; visitors get the published one. */
  versionId?: string | null;
}

/** Two of the same message at once: the later one finds the answer of the first. */
const ASK_AGAIN_MS = 50;

/**
 * Tokens that an answer may use up beside what the visitor said: passages, rules, the answer itself and what understanding the question
 * takes. Reserved from the agent's budget of the day until it is known.
 */
const RESERVED_TOKENS = 5_000;

/** Everything to be known or written before an answer, in one database call. @throws AppError for every refusal, in the visitor's words */
export async function beginTurn(
  deps: ChatDeps,
  asker: Asker,
  message: PostMessage,
  answerId: string,
  triesLeft = 3,
): Promise<OpenTurn | Replay | ForOperator | UnderWay> {
  const begun = Begun.parse(
    await call(deps.db, "begin_turn", {
      public_id: asker.publicId,
      origin: asker.origin,
      app_origin: deps.appOrigin,
      tenant_id: asker.tenantId,
      channel: asker.channel,
      visitor_hash: asker.visitorHash,
      address_hash: asker.addressHash,
      conversation_id: message.conversationId,
      message_id: message.messageId,
      answer_id: answerId,
      text: message.text,
      limits: deps.limits ? json(deps.limits) : null,
      is_identified: asker.isIdentified ?? false,
      proof: asker.proof ? json(asker.proof) : null,
      reserve_tokens: RESERVED_TOKENS,
      version_id: asker.versionId ?? null,
    }),
  );
  if (begun.status === "ok" || begun.status === "replay" || begun.status === "operator") return begun;
  if (begun.status === "in_progress") {
    if (begun.answerId) return { status: "under_way", answerId: begun.answerId };
    if (triesLeft > 1) {
      await pause(ASK_AGAIN_MS);
      return beginTurn(deps, asker, message, answerId, triesLeft - 1);
    }
  }
  throw refusal(begun, asker.origin);
}

function refusal(begun: Exclude<Begun, OpenTurn | Replay | ForOperator>, origin: string | null): AppError {
  switch (begun.status) {
    case "rate_limited":
      return rateLimited("messages", begun.retryAfterMs);
    case "in_progress":
      return new AppError("conflict", "This message is being answered already.");
    case "quota_exceeded":
      return new AppError(
        "plan_limit",
        "The assistant has reached its limit for this month. Please contact the team directly.",
      );
    case "budget_exceeded":
      return new AppError(
        "plan_limit",
        "The assistant has reached its limit for today and is back tomorrow. Please contact the team directly.",
        { retryAfterMs: begun.retryAfterMs },
      );
    case "challenge_required":
      return new AppError("challenge_required", "Many people ask at once. Your browser has to do a short sum first.", {
        details: { challenge: begun.challenge },
      });
    case "identity_required":
      return new AppError("identity_invalid", "This assistant answers signed-in users only. Sign in and try again.");
    case "agent_unavailable":
      return agentUnavailable();
    case "origin_not_allowed":
      return originNotAllowed(origin);
    case "conversation_unavailable":
      return new AppError("not_found", "This conversation is not available. Start a new one.");
    case "version_unavailable":
      return new AppError("not_found", "This version of the agent does not exist any more. Choose another one.");
  }
}
