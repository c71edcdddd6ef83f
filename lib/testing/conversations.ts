import { randomUUID } from "node:crypto";
import type { Pool } from "pg";
import { newId, sha256 } from "@/lib/core/ids";
import { call, json } from "@/lib/db/pool";

/** A question and how it was answered; ago: hours before now. */
export interface HeldTurn {
  question: string;
  answer?: string;
  /** null: it is being answered. */
  status?: "complete" | "no_answer" | "stopped" | "failed" | null;
  hoursAgo?: number;
  rating?: "up" | "down";
  reason?: string;
  comment?: string;
  language?: string;
  checks?: { start: number; end: number; kind: string; items: string[] }[];
}

export interface Held {
  conversationId: string;
  /** In the order of the turns. */
  turns: { questionId: string; answerId: string }[];
}

const KEY_HASH = sha256("0123456789abcdef0123456789abcdef");

/** A conversation with an agent, through the functions that hold one in life; then its times are moved back. */
export async function holdConversation(
  { owner, service }: { owner: Pool; service: Pool },
  { tenantId, publicId, channel = "widget" }: { tenantId: string; publicId: string; channel?: "widget" | "playground" },
  turns: HeldTurn[],
): Promise<Held> {
  const conversationId = randomUUID();
  const held: Held = { conversationId, turns: [] };
  for (const turn of turns) {
    const [questionId, answerId] = [randomUUID(), newId()];
    const begun = await call<{ status: string }>(service, "begin_turn", {
      public_id: publicId,
      origin: "https://app.test",
      app_origin: "https://app.test",
      tenant_id: tenantId,
      channel,
      visitor_hash: KEY_HASH,
      address_hash: null,
      conversation_id: conversationId,
      message_id: questionId,
      answer_id: answerId,
      text: turn.question,
    });
    if (begun.status !== "ok") throw new Error(`the turn was ${begun.status}`);
    if (turn.status !== null)
      await call(service, "finish_turn", {
        tenant_id: tenantId,
        answer_id: answerId,
        status: turn.status ?? "complete",
        text: turn.answer ?? "Answer",
        confidence: 0.5,
        citations: json([
          {
            number: 1,
            chunkId: newId(),
            pageId: newId(),
            url: "https://shop.test/a",
            title: "A",
            heading: "H",
            quote: "Q",
          },
        ]),
        details: json({
          model: "local/test",
          language: turn.language ?? "en",
          usage: { inputTokens: 10, outputTokens: 5, costMicroUsd: 42 },
          timings: { firstTokenMs: 12, totalMs: 34 },
        }),
        checks: json(turn.checks ?? []),
      });
    if (turn.rating)
      await call(service, "rate_answer", {
        public_id: publicId,
        visitor_hash: KEY_HASH,
        answer_id: answerId,
        rating: turn.rating,
        reason: turn.reason ?? null,
        comment: turn.comment ?? null,
      });
    if (turn.hoursAgo) {
      const moved = [[questionId, answerId], turn.hoursAgo];
      await owner.query(
        "update messages set created_at = created_at - $2 * interval '1 hour' where id = any ($1)",
        moved,
      );
      await owner.query(
        "update gap_questions set asked_at = asked_at - $2 * interval '1 hour' where message_id = any ($1)",
        moved,
      );
    }
    held.turns.push({ questionId, answerId });
  }
  await owner.query(
    `update conversations c set created_at = t.first, last_message_at = t.last
     from (select min(created_at) as first, max(created_at) as last from messages where conversation_id = $1) t where c.id = $1`,
    [conversationId],
  );
  return held;
}
