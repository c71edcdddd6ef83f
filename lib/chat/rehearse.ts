import { newId } from "@/lib/core/ids";
import { type CallRecord, modelKey } from "@/lib/llm";
import { Answer } from "./answer/answer";
import { chatModelOf } from "./answer/chat-model";
import type { OpenTurn } from "./begin-turn";
import type { ChatDeps } from "./deps";
import type { AnswerStatus, Citation, Trace, TurnEvent } from "./schema";
import { AnswerStream } from "./stream/answer-stream";
import { startOf } from "./stream/frames";

export interface Rehearsal {
  status: AnswerStatus | "failed";
  text: string;
  citations: Citation[];
  /** null when the answer failed. */
  trace: Trace | null;
  error: { code: string; message: string; retryAfterMs?: number } | null;
  /** `provider/model` */
  chatModel: string;
  /** Every model call, as a step of evaluation; the caller records them with what it stores. */
  calls: CallRecord[];
}

/**
 * Answers a question as a visitor would be answered, by the same retrieval, prompt and checks, but without a conversation: nothing is stored,
 * and no quota is used.
 * @param input.agent what the agent answers with, as `begin_turn` tells it
 * @param input.runId whose bill the model calls are on
 */
export async function rehearse(
  deps: ChatDeps,
  { runId, question, ...turn }: Pick<OpenTurn, "tenantId" | "agentId" | "agent"> & { runId: string; question: string },
  signal: AbortSignal,
): Promise<Rehearsal> {
  const answerId = newId();
  const calls: CallRecord[] = [];
  const message = { conversationId: newId(), messageId: newId(), text: question };
  const stream = new AnswerStream(startOf(message, answerId));
  const frame = {
    startedAt: performance.now(),
    beginMs: 0,
    withTrace: true,
    settle: async (made: CallRecord[]) => {
      for (const { messageId: _none, ...record } of made) calls.push({ ...record, runId, step: "eval" });
      return true;
    },
  };
  await new Answer(deps, { status: "ok", ...turn, history: [] }, message, answerId, frame, stream).run(signal);
  stream.end();
  const heard: Rehearsal = {
    status: "failed",
    text: "",
    citations: [],
    trace: null,
    error: null,
    chatModel: modelKey(chatModelOf(deps.gateway, turn.agent)),
    calls,
  };
  heard.text = stream.sent.text;
  for (const event of stream.sent.tail) take(heard, event);
  return heard;
}

function take(heard: Rehearsal, { event, data }: TurnEvent): void {
  if (event === "citations") heard.citations = data.citations;
  else if (event === "trace") heard.trace = data;
  else if (event === "done" && data.status !== "operator") heard.status = data.status;
  else if (event === "error") heard.error = data;
}
