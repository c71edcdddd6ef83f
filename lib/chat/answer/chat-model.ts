import { log } from "@/lib/core/log";
import type { ChatModelInfo, Gateway } from "@/lib/llm";
import type { AnsweringConfig } from "../begin-turn";

/** What a version chose, or this installation's own where that is not offered here any more: a visitor is answered all the same. */
export function chatModelOf(gateway: Gateway, { settings, versionId }: AnsweringConfig): ChatModelInfo {
  if (settings.model === null) return gateway.chatModel;
  const chosen = gateway.chatModelInfo(settings.model);
  if (!chosen) log.warn({ event: "chat.model_unavailable", versionId, model: settings.model });
  return chosen ?? gateway.chatModel;
}
