import { z } from "zod";
import { isOpenAt, OfficeHours } from "@/lib/agents/schema";
import { AppError, agentUnavailable, originNotAllowed, rateLimited } from "@/lib/core/errors";
import { call, json } from "@/lib/db/pool";
import { addLead } from "@/lib/leads";
import { LeadForm, type PostLead } from "@/lib/leads/schema";
import type { EngagementDeps } from "./deps";
import { HandoverState, type PostContext, type PostSurvey } from "./schema";

/** Who asks from which page, as every request of the widget says. */
export interface Visitor {
  publicId: string;
  origin: string | null;
  visitorHash: string;
  /** The customer's server vouches for the visitor. */
  isIdentified: boolean;
  addressHash: string | null;
}

const Refused = z.discriminatedUnion("status", [
  z.object({ status: z.literal("rate_limited"), retryAfterMs: z.number() }),
  z.object({
    status: z.enum([
      "agent_unavailable",
      "origin_not_allowed",
      "conversation_unavailable",
      "message_first",
      "unavailable",
      "rated",
      "too_many",
      "not_found",
    ]),
  }),
]);

/** Calls a function that a visitor's request ends in. @throws AppError for every refusal, in the visitor's words */
export async function enter<T extends z.ZodType>(
  deps: Pick<EngagementDeps, "db" | "appOrigin" | "limits">,
  name: string,
  { publicId, origin, visitorHash, addressHash, isIdentified }: Visitor,
  args: Record<string, unknown>,
  Ok: T,
): Promise<z.output<T>> {
  const answer = await call<{ status: string }>(deps.db, name, {
    public_id: publicId,
    origin,
    app_origin: deps.appOrigin,
    visitor_hash: visitorHash,
    address_hash: addressHash,
    is_identified: isIdentified,
    limits: deps.limits ? json(deps.limits) : null,
    ...args,
  });
  if (answer.status === "ok") return Ok.parse(answer);
  throw refusal(Refused.parse(answer), origin);
}

export function refusal(refused: z.output<typeof Refused>, origin: string | null): AppError {
  switch (refused.status) {
    case "rate_limited":
      return rateLimited("requests", refused.retryAfterMs);
    case "agent_unavailable":
      return agentUnavailable();
    case "origin_not_allowed":
      return originNotAllowed(origin);
    case "conversation_unavailable":
      return new AppError("not_found", "This conversation is not available. Start a new one.");
    case "message_first":
      return new AppError("conflict", "Send a message first.");
    case "unavailable":
      return new AppError("not_found", "This assistant does not offer that.");
    case "rated":
      return new AppError("conflict", "This conversation has been rated already.");
    case "too_many":
      return new AppError("conflict", "A conversation holds at most 20 files.");
    case "not_found":
      return new AppError("not_found", "This file is not available.");
  }
}

/** A visitor leaves contact details. @throws AppError */
export async function submitLead(deps: EngagementDeps, visitor: Visitor, lead: PostLead): Promise<void> {
  const { tenantId, form } = await enter(
    deps,
    "lead_form",
    visitor,
    { conversation_id: lead.conversationId },
    z.object({ tenantId: z.uuid(), form: LeadForm }),
  );
  await addLead(deps, { tenantId, form }, lead);
}

/** A visitor says how it was; once a conversation. @throws AppError */
export async function submitSurvey(
  deps: EngagementDeps,
  visitor: Visitor,
  { conversationId, score, comment }: PostSurvey & { conversationId: string },
): Promise<void> {
  await enter(deps, "add_survey", visitor, { conversation_id: conversationId, score, comment }, z.object({}));
}

/** The page tells of its visitor; in place of what it told before. @throws AppError */
export async function keepContext(
  deps: EngagementDeps,
  visitor: Visitor,
  { conversationId, context }: PostContext & { conversationId: string },
): Promise<void> {
  const args = { conversation_id: conversationId, entries: json(context) };
  await enter(deps, "set_visitor_context", visitor, args, z.object({}));
}

/** A visitor asks for a person. @throws AppError */
export async function requestHandover(
  deps: EngagementDeps,
  visitor: Visitor,
  { conversationId }: { conversationId: string },
): Promise<{ state: HandoverState; online: boolean; note: string }> {
  const { state, hours } = await enter(
    deps,
    "request_handover",
    visitor,
    { conversation_id: conversationId },
    z.object({ state: HandoverState, hours: OfficeHours.nullable().default(null) }),
  );
  const online = !hours || isOpenAt(hours, new Date());
  return { state, online, note: hours && !online ? hours.note : "" };
}
