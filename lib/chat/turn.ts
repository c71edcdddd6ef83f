import { newId } from "@/lib/core/ids";
import type { SearchFilters } from "@/lib/knowledge/schema";
import { Answer } from "./answer/answer";
import { type Asker, beginTurn, type Replay } from "./begin-turn";
import type { ChatDeps } from "./deps";
import { doneOf, type PostMessage, type TurnEvent } from "./schema";
import { followAnswer, type Stream } from "./stream/follow-answer";
import { framesAfter, startOf } from "./stream/frames";

/** An accepted message, whose answer is being made, whoever reads it. */
export interface Turn {
  answerId: string;
  /** Writes the answer as server-sent events, until its end or until the reader goes away. Never throws: a failure is the last event. */
  stream: Stream;
  /** When the answer has ended and is stored: a platform that freezes a process after its response has to wait for it. */
  settled: Promise<void>;
}

interface TurnOptions {
  withTrace?: boolean;
  /** The last id that the reader saw of an answer to this message; null: none. */
  after?: number | null;
  /** The answer ends with its only reader, as in the playground. */
  endsWithReader?: boolean;
  /** Tried in place of the version's own. */
  model?: string | null;
  /** Of a member who tries a part of the knowledge. */
  filters?: SearchFilters | null;
}

/**
 * A visitor's message is answered: begin_turn, retrieval, model, finish_turn. Knows no framework: routes of any server mount it.
 * Everything that can be refused is refused here, before the first byte. A message that came before is not answered again: its answer is read, from
 * where the reader left it.
 * @throws AppError for refusals
 */
export async function openTurn(
  deps: ChatDeps,
  asker: Asker,
  message: PostMessage,
  { withTrace = false, after = null, endsWithReader = false, model = null, filters = null }: TurnOptions = {},
): Promise<Turn> {
  deps.answers.assertOpen();
  const startedAt = performance.now();
  const answerId = newId();
  const begun = await beginTurn(deps, asker, message, answerId);
  if (begun.status === "replay") return replay(begun, message, after);
  if (begun.status === "operator") return leftForOperator(answerId, message);
  if (begun.status === "under_way") {
    const stream = await followAnswer(deps, asker, begun.answerId, after);
    return { answerId: begun.answerId, stream, settled: Promise.resolve() };
  }
  if (model) begun.agent.settings.model = model;
  const frame = { startedAt, beginMs: performance.now() - startedAt, withTrace, filters };
  const { stream, settled } = deps.answers.start(begun.tenantId, startOf(message, answerId), (into, signal) =>
    new Answer(deps, begun, message, answerId, frame, into).run(signal),
  );
  return {
    answerId,
    settled,
    async stream(write, signal) {
      const leave = () => deps.answers.stop(answerId);
      if (endsWithReader && signal.aborted) leave();
      else if (endsWithReader) signal.addEventListener("abort", leave, { once: true });
      await stream.read(write, signal, null);
    },
  };
}

/** The same message again: the stored answer, at once. */
function replay(
  { answerId, answerStatus, text, checks, citations, cut }: Replay,
  message: PostMessage,
  after: number | null,
): Turn {
  const tail: TurnEvent[] = [
    { event: "citations", data: { citations } },
    { event: "done", data: doneOf(answerStatus, answerId, cut) },
  ];
  return {
    answerId,
    settled: Promise.resolve(),
    stream: async (write) => {
      const frames = framesAfter(
        after,
        { answerId, start: startOf(message, answerId), text, checks, tail },
        tail.length,
      );
      write(frames);
    },
  };
}

/** A person has taken over: the message is kept for them, and the agent says nothing. */
function leftForOperator(answerId: string, message: PostMessage): Turn {
  const tail: TurnEvent[] = [{ event: "done", data: { status: "operator", answerId } }];
  const start = startOf(message, answerId);
  return {
    answerId,
    settled: Promise.resolve(),
    stream: async (write) => write(framesAfter(null, { answerId, start, text: "", checks: [], tail }, tail.length)),
  };
}
