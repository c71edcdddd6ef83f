import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { call, type Db, json } from "@/lib/db/pool";
import type { Check, TurnEvent } from "../schema";
import { AnswerStream } from "./answer-stream";

const APPEND_EVERY_MS = 250;
/** Answers that end sooner leave no trace in the log: who is cut off that early, and is led to another process, waits for what is left of it. */
const FIRST_APPEND_MS = 1_000;
/** The sweep takes an answer for dead after a minute without. */
const BEAT_EVERY_MS = 10_000;
/** No step of an answer takes as long; a bound for what nobody thought of. */
const LONGEST_MS = 200_000;
/** `docker stop` waits ten seconds. */
const DRAIN_MS = 8_000;

const Appended = z.object({ stop: z.array(z.uuid()), resend: z.array(z.uuid()) });

interface Running {
  tenantId: string;
  stream: AnswerStream;
  controller: AbortController;
  settled: Promise<void>;
  startedAt: number;
  /** What the log has. */
  logged: { length: number; checks: Check[]; at: number };
}

/**
 * The answers that this process is making, which go on whoever reads them. Four times a second one call appends what they said to the log in
 * Postgres, where other processes read it, and brings back which of them a visitor wants stopped. One a process.
 */
export class RunningAnswers {
  /** Those that other processes make, while somebody reads them here. */
  readonly followed = new Map<string, AnswerStream>();
  private readonly running = new Map<string, Running>();
  private timer: NodeJS.Timeout | undefined;
  private isClosing = false;

  constructor(private readonly db: Db) {}

  /** @throws AppError upstream_busy while the process is on its way out */
  assertOpen(): void {
    if (this.isClosing) throw new AppError("upstream_busy", "The server is being restarted. Try again in a moment.");
  }

  /**
   * @param make writes the answer and settles it; never throws. Its signal is aborted with an AppError that ends the answer as failed, or
   *   with nothing in particular when the visitor stops it.
   * @returns its stream, and when it has ended
   */
  start(
    tenantId: string,
    start: Extract<TurnEvent, { event: "start" }>,
    make: (stream: AnswerStream, signal: AbortSignal) => Promise<void>,
  ): { stream: AnswerStream; settled: Promise<void> } {
    const { answerId } = start.data;
    const stream = new AnswerStream(start);
    const controller = new AbortController();
    const tooLong = setTimeout(
      () => controller.abort(new AppError("timeout", "The answer took too long. Please ask again.")),
      LONGEST_MS,
    );
    const settled = make(stream, controller.signal)
      .catch((error: Error) => log.error({ event: "chat.answer_lost", tenantId, answerId, err: error }))
      .finally(() => {
        clearTimeout(tooLong);
        this.running.delete(answerId);
        stream.end();
      });
    const startedAt = performance.now();
    const logged = { length: 0, checks: [], at: Number.NEGATIVE_INFINITY };
    this.running.set(answerId, { tenantId, stream, controller, settled, startedAt, logged });
    this.timer ??= setTimeout(() => void this.append(), APPEND_EVERY_MS);
    return { stream, settled };
  }

  /** Undefined: another process makes it, or nobody does any more. */
  streamOf(answerId: string): AnswerStream | undefined {
    return this.running.get(answerId)?.stream;
  }

  stop(answerId: string): void {
    this.running.get(answerId)?.controller.abort();
  }

  /** Lets answers end; those that take longer are ended as interrupted, with what they said. */
  async close(drainMs = DRAIN_MS): Promise<void> {
    this.isClosing = true;
    const open = [...this.running.values()];
    let timer: NodeJS.Timeout | undefined;
    const drained = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, drainMs);
    });
    await Promise.race([Promise.all(open.map(({ settled }) => settled)), drained]);
    clearTimeout(timer);
    for (const { controller } of this.running.values()) controller.abort(interrupted());
    await Promise.all(open.map(({ settled }) => settled));
    clearTimeout(this.timer);
  }

  private async append(): Promise<void> {
    const now = performance.now();
    const due = [...this.running].filter(([, { startedAt }]) => now - startedAt >= FIRST_APPEND_MS);
    const pieces = due.flatMap(([answerId, running]) => pieceOf(answerId, running, now) ?? []);
    if (due.length > 0)
      try {
        const { stop, resend } = Appended.parse(
          await call(this.db, "append_running_answers", {
            pieces: json(pieces.map(({ piece }) => piece)),
            open: due.map(([answerId]) => answerId),
          }),
        );
        for (const { running, logged } of pieces) running.logged = logged;
        for (const id of resend) {
          const running = this.running.get(id);
          if (running) running.logged = { length: 0, checks: [], at: Number.NEGATIVE_INFINITY };
        }
        for (const id of stop) this.stop(id);
      } catch (error) {
        // Sent again with what follows; readers of this process miss nothing.
        log.warn({ event: "chat.log_failed", answers: pieces.length, reason: (error as Error).message });
      }
    this.timer = this.running.size > 0 ? setTimeout(() => void this.append(), APPEND_EVERY_MS) : undefined;
  }
}

/** What the log does not have yet; undefined while there is nothing to say. */
function pieceOf(answerId: string, running: Running, now: number) {
  const { tenantId, logged } = running;
  const { text, checks } = running.stream.sent;
  const hasNewChecks = checks !== logged.checks && (checks.length > 0 || logged.checks.length > 0);
  if (text.length === logged.length && !hasNewChecks && now - logged.at < BEAT_EVERY_MS) return undefined;
  const at = logged.length;
  return {
    running,
    piece: {
      tenantId,
      answerId,
      at,
      length: text.length,
      text: text.slice(at),
      checks: hasNewChecks ? checks : null,
    },
    logged: { length: text.length, checks, at: now },
  };
}

export const interrupted = (): AppError => new AppError("interrupted", "The answer was interrupted. Please ask again.");
