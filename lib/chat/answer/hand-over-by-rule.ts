import { log } from "@/lib/core/log";
import { call, type Db } from "@/lib/db/pool";
import type { OpenTurn } from "../begin-turn";
import type { AnswerStatus, PostMessage } from "../schema";

/** What the agent's rules say about calling a person. The answer is there already: it does not depend on it, and this never throws. */
export async function handOverByRule(
  db: Db,
  { tenantId, agent }: OpenTurn,
  { conversationId, text }: PostMessage,
  answerId: string,
  status: AnswerStatus | "failed",
): Promise<void> {
  const { keywords, onLowConfidence } = agent.settings.handover;
  const reason = calls(keywords, text)
    ? "keyword"
    : onLowConfidence && status === "no_answer"
      ? "low_confidence"
      : null;
  if (!reason) return;
  const args = { tenant_id: tenantId, conversation_id: conversationId, reason };
  await call(db, "hand_over_by_rule", args).catch((error: Error) =>
    log.error({ event: "chat.hand_over_failed", tenantId, answerId, reason: error.message }),
  );
}

/** Whether a message holds one of these words or phrases, as words of its own. */
const calls = (keywords: readonly string[], text: string): boolean =>
  keywords.some((keyword) => {
    const pattern = keyword.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s+");
    return new RegExp(`(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`, "iu").test(text);
  });
