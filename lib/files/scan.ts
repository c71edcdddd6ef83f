import { once } from "node:events";
import { createReadStream } from "node:fs";
import { connect, type Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import { AppError } from "@/lib/core/errors";
import { FileProblem } from "./problem";

export interface Scanner {
  host: string;
  port: number;
}

const TIMEOUT_MS = 60_000;
const PIECE_BYTES = 64 * 1024;
const MAX_ANSWER_CHARS = 4_096;

/** What may be on its way to the daemon, unread, when it hangs up: the buffers of both ends. */
const MAX_UNREAD_BYTES = 16 * 1024 * 1024;
const CAREFUL_PAUSE_MS = 10;

/**
 * Asks a ClamAV daemon about a file over its INSTREAM protocol: each piece behind its length in four bytes, ended by a length of zero.
 * @throws FileProblem "infected" | "too_large" (larger than its StreamMaxLength); AppError "upstream_busy" when it cannot be asked, which
 * is worth a retry: a file that could not be scanned is not read
 */
export async function scanFile(path: string, scanner: Scanner, signal?: AbortSignal): Promise<void> {
  const progress = { sentBytes: 0 };
  try {
    const answer = await ask(path, scanner, progress, Number.POSITIVE_INFINITY, signal).catch((error: unknown) => {
      // It answers and hangs up before it has everything when a file is too large for it, and a write that meets the closed
      // connection loses the answer. Asked once more, slowly around where that was, the answer is there before the next write.
      if (!isBrokenPipe(error) || progress.sentBytes === 0) throw error;
      return ask(path, scanner, progress, progress.sentBytes - MAX_UNREAD_BYTES, signal);
    });
    judge(answer);
  } catch (error) {
    if (error instanceof FileProblem) throw error;
    signal?.throwIfAborted();
    throw new AppError("upstream_busy", "The virus scanner could not be reached. The file is tried again later.", {
      cause: error,
    });
  }
}

const isBrokenPipe = (error: unknown): boolean =>
  ["EPIPE", "ECONNRESET"].includes((error as NodeJS.ErrnoException).code ?? "");

/** @param carefulFrom bytes after which there is a pause between two pieces */
async function ask(
  path: string,
  { host, port }: Scanner,
  progress: { sentBytes: number },
  carefulFrom: number,
  signal?: AbortSignal,
): Promise<string> {
  const socket = connect({ host, port });
  const stop = () => socket.destroy(new Error("stopped"));
  signal?.addEventListener("abort", stop, { once: true });
  try {
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error("no answer in time")));
    const answer = readAnswer(socket);
    // Once it has answered, the broken pipe of what was still to be sent does not count.
    await Promise.race([send(socket, path, progress, carefulFrom).catch(() => answer), answer]);
    return await answer;
  } finally {
    signal?.removeEventListener("abort", stop);
    socket.destroy();
  }
}

async function send(socket: Socket, path: string, progress: { sentBytes: number }, carefulFrom: number): Promise<void> {
  await once(socket, "connect");
  progress.sentBytes = 0;
  socket.write("zINSTREAM\0");
  for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES }) as AsyncIterable<Buffer>) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(piece.length);
    socket.write(length);
    if (!socket.write(piece)) await once(socket, "drain");
    progress.sentBytes += piece.length;
    if (progress.sentBytes > carefulFrom) await setTimeout(CAREFUL_PAUSE_MS);
  }
  socket.write(Buffer.alloc(4));
}

/** Up to the zero byte that ends it, or to the end of the connection. */
function readAnswer(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    socket.on("data", (piece: Buffer) => {
      answer += piece.toString("utf8");
      if (answer.includes("\0") || answer.length > MAX_ANSWER_CHARS) resolve(answer);
    });
    socket.once("end", () => (answer ? resolve(answer) : reject(new Error("hung up without an answer"))));
    socket.once("error", (error) => (answer ? resolve(answer) : reject(error)));
    socket.once("close", () => reject(new Error("hung up without an answer")));
  });
}

function judge(raw: string): void {
  const answer = raw.split("\0", 1)[0]!.trim();
  const found = /^stream: (.+) FOUND$/.exec(answer)?.[1];
  if (found)
    throw new FileProblem(
      "infected",
      `The virus scanner found ${found.slice(0, 100)} in this file, so it was not read. Delete it, and check the computer that it came from.`,
    );
  if (/size limit exceeded/i.test(answer))
    throw new FileProblem(
      "too_large",
      "This file is larger than the virus scanner accepts, so it was not read. Split it and upload the parts.",
    );
  if (answer !== "stream: OK") throw new Error(`unexpected answer of the virus scanner: ${answer.slice(0, 200)}`);
}
