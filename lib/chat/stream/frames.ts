import type { Check, TurnEvent } from "../schema";
import { Cursors } from "./cursor";

/** One server-sent event. */
export const sseFrame = ({ event, data }: TurnEvent, id: number): string =>
  `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

export const startOf = (
  { conversationId, messageId }: { conversationId: string; messageId: string },
  answerId: string,
): Extract<TurnEvent, { event: "start" }> => ({ event: "start", data: { conversationId, messageId, answerId } });

/** An answer as far as it is known. */
export interface AnswerSoFar {
  answerId: string;
  start: Extract<TurnEvent, { event: "start" }>;
  text: string;
  checks: Check[];
  /** What follows the text, once it is whole: citations and the end. */
  tail: TurnEvent[];
}

/**
 * What a reader has not seen of an answer. Checks come before the text that they mark, and again where the reader may have them: each replaces
 * the one before.
 * @param after a cursor; null: nothing seen yet
 * @param events how many stood behind the text when it was last written
 */
export function framesAfter(after: number | null, answer: AnswerSoFar, events = 0): string {
  const { answerId, start, text, checks, tail } = answer;
  const cursors = new Cursors(answerId);
  const seen = cursors.lengthAt(after);
  const from = Math.min(seen ?? 0, text.length);
  const rest = text.slice(from);
  const before = events - tail.length;
  let frames = seen === null ? sseFrame(start, cursors.at(0, 1)) : "";
  if (checks.length > 0)
    frames += sseFrame({ event: "checks", data: { checks } }, cursors.at(from, rest ? 999 : Math.max(before, 0)));
  if (rest) frames += sseFrame({ event: "delta", data: { text: rest } }, cursors.at(text.length, 0));
  for (const [index, event] of tail.entries())
    frames += sseFrame(event, cursors.at(text.length, Math.max(before, 0) + index + 1));
  return frames;
}
