import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { AppError, publicError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { call } from "@/lib/db/pool";
import type { ChatDeps } from "../deps";
import { Check, Citation, Cut, doneOf, type TurnEvent } from "../schema";
import { AnswerStream } from "./answer-stream";
import { type AnswerSoFar, framesAfter, startOf } from "./frames";
import { interrupted } from "./running-answers";

/** About as often as the log is written. */
const POLL_EVERY_MS = 250;
/** Somebody ends every answer before: the process that makes it, or the sweep. */
const LONGEST_MS = 300_000;
/** Of one answer in one process: a visitor has few tabs, and each lost connection is noticed late. */
const MAX_READERS = 32;

const Found = z
  .object({
    tenantId: z.uuid(),
    answerId: z.uuid(),
    messageId: z.uuid(),
    conversationId: z.uuid(),
    status: z.enum(["streaming", "complete", "no_answer", "stopped", "failed"]),
    text: z.string(),
    checks: z.array(Check),
    citations: z.array(Citation),
    errorCode: z.string().nullable(),
    cut: Cut.nullable(),
  })
  .nullable();
type Found = NonNullable<z.infer<typeof Found>>;

/** Who wants to read or stop an answer: the visitor's key and the page's origin decide, as for the conversation. */
export interface AnswerReader {
  publicId: string;
  origin: string | null;
  visitorHash: string;
}

type Deps = Pick<ChatDeps, "db" | "appOrigin" | "answers">;
export type Stream = (write: (chunk: string) => void, signal: AbortSignal) => Promise<void>;

/**
 * What follows a cursor of an answer, up to its end: from memory where this process makes it, else from the log, and from the store when it has ended.
 * @throws AppError not_found, for a wrong key or page as for a wrong id; rate_limited above 32 readers
 */
export async function followAnswer(
  deps: Deps,
  reader: AnswerReader,
  answerId: string,
  after: number | null,
): Promise<Stream> {
  const found = await find(deps, reader, answerId);
  if (found.status !== "streaming") {
    const answer = soFar(found);
    return async (write) => write(framesAfter(after, answer, answer.tail.length));
  }
  const stream = deps.answers.streamOf(answerId) ?? deps.answers.followed.get(answerId) ?? mirror(deps, reader, found);
  if (stream.readerCount >= MAX_READERS)
    throw new AppError("rate_limited", "This answer is being read too often at once.", { retryAfterMs: 5_000 });
  return (write, signal) => stream.read(write, signal, after);
}

/** @throws AppError not_found, for a wrong key or page as for a wrong id */
export async function stopAnswer(deps: Deps, reader: AnswerReader, answerId: string): Promise<void> {
  if (!(await call<boolean>(deps.db, "stop_answer", argsOf(deps, reader, answerId)))) throw notFound();
  deps.answers.stop(answerId);
}

/** The stream of another process, made again from its log; one for all who read it here. */
function mirror(deps: Deps, reader: AnswerReader, found: Found): AnswerStream {
  const stream = new AnswerStream(soFar(found).start);
  deps.answers.followed.set(found.answerId, stream);
  void feed(deps, reader, stream, found)
    .catch((error: Error) => {
      // Who still wants it comes again with the last cursor, and hears then why.
      log.warn({
        event: "chat.follow_failed",
        tenantId: found.tenantId,
        answerId: found.answerId,
        reason: error.message,
      });
    })
    .finally(() => {
      deps.answers.followed.delete(found.answerId);
      stream.end();
    });
  return stream;
}

async function feed(deps: Deps, reader: AnswerReader, stream: AnswerStream, first: Found): Promise<void> {
  const endsAt = performance.now() + LONGEST_MS;
  let checks = "[]";
  for (let found = first; ; found = await find(deps, reader, first.answerId)) {
    const known = JSON.stringify(found.checks);
    if (known !== checks) stream.hold({ event: "checks", data: { checks: found.checks } });
    checks = known;
    stream.delta(found.text.slice(stream.length));
    stream.flush();
    const tail = performance.now() > endsAt ? [errorOf(interrupted())] : soFar(found).tail;
    for (const event of tail) stream.hold(event);
    if (tail.length > 0) return;
    await pause(POLL_EVERY_MS);
    if (stream.readerCount === 0) return;
  }
}

async function find(deps: Deps, reader: AnswerReader, answerId: string): Promise<Found> {
  const found = Found.parse(await call(deps.db, "read_answer", argsOf(deps, reader, answerId)));
  if (!found) throw notFound();
  return found;
}

const argsOf = (deps: Deps, { publicId, origin, visitorHash }: AnswerReader, answerId: string) => ({
  public_id: publicId,
  origin,
  app_origin: deps.appOrigin,
  visitor_hash: visitorHash,
  answer_id: answerId,
});

const notFound = (): AppError => new AppError("not_found", "This answer is not available.");

function soFar({ answerId, conversationId, messageId, text, checks, ...found }: Found): AnswerSoFar {
  const start = startOf({ conversationId, messageId }, answerId);
  return { answerId, start, text, checks, tail: tailOf(answerId, found) };
}

function tailOf(
  answerId: string,
  { status, citations, errorCode, cut }: Pick<Found, "status" | "citations" | "errorCode" | "cut">,
): TurnEvent[] {
  if (status === "streaming") return [];
  if (status === "failed") {
    if (errorCode === "interrupted") return [errorOf(interrupted())];
    const message = "The answer failed on the way. Please ask again.";
    return [{ event: "error", data: { code: errorCode ?? "internal", message } }];
  }
  return [
    { event: "citations", data: { citations } },
    { event: "done", data: doneOf(status, answerId, cut) },
  ];
}

const errorOf = (error: AppError): TurnEvent => ({ event: "error", data: publicError(error) });
