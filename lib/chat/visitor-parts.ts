import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import {
  allowAttachment,
  confirmAttachment,
  type EngagementDeps,
  keepContext,
  requestHandover,
  submitLead,
  submitSurvey,
  type Visitor,
} from "@/lib/engagement";
import { PostAttachment, PostContext, PostSurvey } from "@/lib/engagement/schema";
import { PostLead } from "@/lib/leads/schema";

const OF_CONVERSATION = /^conversations\/([^/]+)\/(survey|handover|context|attachments)(?:\/([^/]+))?$/;

export const isVisitorPart = ({ method, path }: { method: string; path: string }): boolean =>
  method === "POST" && (path === "leads" || OF_CONVERSATION.test(path));

/**
 * What the widget's parts ask for: forms, a person, a rating, a file; and what the page tells of its visitor.
 * @returns what to answer with; undefined is 204
 * @throws AppError, ZodError
 */
export async function answerVisitorPart(
  deps: EngagementDeps,
  visitor: Visitor,
  path: string,
  body: () => Promise<unknown>,
): Promise<unknown> {
  if (path === "leads") return submitLead(deps, visitor, PostLead.parse(await body()));
  const [, conversation, part, attachment] = OF_CONVERSATION.exec(path)!;
  const conversationId = uuid(conversation!);
  switch (part) {
    case "survey":
      return submitSurvey(deps, visitor, { conversationId, ...PostSurvey.parse(await body()) });
    case "context":
      return keepContext(deps, visitor, { conversationId, ...PostContext.parse(await body()) });
    case "handover":
      return requestHandover(deps, visitor, { conversationId });
    default:
      return attachment === undefined
        ? allowAttachment(deps, visitor, { conversationId, ...PostAttachment.parse(await body()) })
        : confirmAttachment(deps, visitor, { conversationId, attachmentId: uuid(attachment) });
  }
}

function uuid(text: string): string {
  const id = z.uuid().safeParse(text);
  if (id.success) return id.data;
  throw new AppError("not_found", "This conversation is not available.");
}
