import { z } from "zod";
import { isOpenAt, OfficeHours, PLACEHOLDERS, WidgetLanguage } from "@/lib/agents/schema";
import { AppError, originNotAllowed } from "@/lib/core/errors";
import { call } from "@/lib/db/pool";
import { avatarUrl, cssVariables, POSITIONS, THEMES, WidgetVariables } from "@/lib/embed/schema";
import { EngagementSettings, HandoverState } from "@/lib/engagement/schema";

import type { ChatDeps } from "./deps";
import { Check, Citation, Cut, Rating, type WidgetConfig } from "./schema";

const Found = z.discriminatedUnion("status", [
  z.object({
    status: z.literal("ok"),
    agentId: z.string(),
    name: z.string(),
    welcomeMessage: z.string(),
    suggestedQuestions: z.array(z.string()),
    accentColor: z.string(),
    language: z.string(),
    theme: z.enum(THEMES),
    position: z.enum(POSITIONS),
    avatarPath: z.string().nullable(),
    launcherText: z.string(),
    // Written under older rules: the chat goes without.
    variables: WidgetVariables.catch({}),
    poweredBy: z.boolean(),
    consent: z.object({ text: z.string(), acceptLabel: z.string() }).nullable(),
    challenge: z.boolean(),
    hours: OfficeHours.nullable(),
    handoverOnRequest: z.boolean(),
    ...EngagementSettings.shape,
  }),
  z.object({ status: z.literal("agent_unavailable") }),
  z.object({ status: z.literal("origin_not_allowed") }),
]);

/** What the widget needs to draw itself on a page. @throws AppError agent_unavailable, origin_not_allowed */
export async function widgetConfig(deps: ChatDeps, publicId: string, origin: string | null): Promise<WidgetConfig> {
  const found = Found.parse(
    await call(deps.db, "widget_config", { public_id: publicId, origin, app_origin: deps.appOrigin }),
  );
  if (found.status === "agent_unavailable")
    throw new AppError("agent_unavailable", "This assistant does not exist. Check the id in the snippet.");
  if (found.status === "origin_not_allowed") throw originNotAllowed(origin);
  const { status: _status, avatarPath, consent, variables, hours, ...config } = found;
  const avatar = deps.storage && avatarPath?.split("/").at(-1);
  const own = cssVariables(variables);
  return {
    ...config,
    // Where nothing can be sealed or stored, nothing is asked for.
    leadForm: deps.cipher ? config.leadForm : null,
    attachments: config.attachments && !!deps.storage,
    proactive: config.proactive.length > 0 ? config.proactive : null,
    placeholder: PLACEHOLDERS[WidgetLanguage.catch("en").parse(config.language)],
    avatarUrl: avatar ? avatarUrl(deps.appOrigin, publicId, avatar) : null,
    variables: own,
    appearance: !!(avatar || config.launcherText || own),
    consent: consent && { text: consent.text, ...(consent.acceptLabel && { acceptLabel: consent.acceptLabel }) },
    hours: hours && { online: isOpenAt(hours, new Date()), note: hours.note },
  };
}

const Conversation = z
  .object({
    conversationId: z.uuid(),
    messages: z.array(
      z.object({
        id: z.uuid(),
        role: z.enum(["visitor", "assistant", "operator"]),
        text: z.string(),
        status: z.enum(["streaming", "complete", "no_answer", "stopped", "failed"]),
        createdAt: z.string(),
        author: z.string().nullable(),
        citations: z.array(Citation),
        checks: z.array(Check),
        cut: Cut.nullable(),
        rating: Rating.nullable(),
      }),
    ),
    state: HandoverState,
    operator: z.object({ name: z.string() }).nullable(),
    topic: z.string().nullable(),
    hasLead: z.boolean(),
    hasSurvey: z.boolean(),
    files: z.array(
      z.object({
        id: z.uuid(),
        name: z.string(),
        sizeBytes: z.number(),
        type: z.string(),
        createdAt: z.string(),
      }),
    ),
  })
  .nullable();

/**
 * A conversation for the visitor who holds its key. Once a person was asked for it names the channel on which the widget is nudged.
 * @param after only messages that came after this one; all where it is not one of them
 * @throws AppError not_found, for a wrong key as for a wrong id
 */
export async function readConversation(
  deps: Pick<ChatDeps, "db" | "live">,
  publicId: string,
  visitorHash: string,
  conversationId: string,
  after: string | null = null,
) {
  const found = Conversation.parse(
    await call(deps.db, "read_conversation", {
      public_id: publicId,
      visitor_hash: visitorHash,
      conversation_id: conversationId,
      after: z.uuid().nullable().catch(null).parse(after),
    }),
  );
  if (!found) throw new AppError("not_found", "This conversation is not available.");
  const { topic, ...conversation } = found;
  return { ...conversation, live: topic && deps.live ? { ...deps.live, topic } : null };
}

/** Ends answers whose process died, and gives their quota back. */
export const sweepTurns = (deps: Pick<ChatDeps, "db">): Promise<number> => call<number>(deps.db, "sweep_turns", {});
