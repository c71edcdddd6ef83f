import { type ChildProcess, fork } from "node:child_process";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { log } from "@/lib/core/log";
import { FileProblem, type ProblemCode } from "../problem";
import type { ParsedFile } from "./parse-file";

export interface Task {
  path: string;
  name: string;
}

export type Reply = { ok: true; file: ParsedFile } | { ok: false; code: ProblemCode; reason: string; fault?: string };

export interface Bounds {
  /** Of the processor's time, from when the process is ready: a file is not to blame for a busy machine, nor for the start. */
  timeoutMs: number;
  memoryBytes: number;
}

/** A worker that was bundled has it beside itself, and needs nobody to read TypeScript. */
const IS_BUNDLED = import.meta.url.endsWith(".js");
const CHILD = new URL(IS_BUNDLED ? "./child.js" : "./child.ts", import.meta.url);
const loader = () => (IS_BUNDLED ? [] : ["--import", import.meta.resolve("tsx")]);

const BOUNDS: Bounds = { timeoutMs: 10_000, memoryBytes: 512 * 1024 * 1024 };
const START_TIMEOUT_MS = 30_000;
/** By the clock a file may take so many times as long as of the processor. */
const CLOCK_FACTOR = 3;
const LOOK_EVERY_MS = 50;
const PAGE_BYTES = 4_096;
/** The unit of times in /proc. */
const TICK_MS = 10;
/** V8 ends the process above this by itself; buffers and code are outside of it. */
const HEAP_MB = 384;

/**
 * Parses a file in a process of its own, which is killed when it takes more time or memory than a file may.
 * @throws FileProblem in words for the member, whatever the file does to the process
 */
export async function parseInSandbox(
  task: Task,
  signal?: AbortSignal,
  bounds: Partial<Bounds> = {},
): Promise<ParsedFile> {
  const { timeoutMs, memoryBytes } = { ...BOUNDS, ...bounds };
  signal?.throwIfAborted();
  const child = fork(fileURLToPath(CHILD), {
    execArgv: [...loader(), `--max-old-space-size=${HEAP_MB}`, "--max-semi-space-size=16"],
    // Nothing of ours: no keys, no addresses of databases.
    env: { PATH: process.env.PATH ?? "", TMPDIR: tmpdir(), NODE_ENV: "production" },
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const reply = await new Promise<Reply>((resolve, reject) => {
    let timer = setTimeout(() => reject(new Error("the process that parses files did not start")), START_TIMEOUT_MS);
    let startMs: number | undefined;
    const watch = setInterval(() => {
      void residentBytes(child).then((bytes) => bytes > memoryBytes && resolve(TOO_MUCH_MEMORY));
      if (startMs !== undefined) void processorMs(child).then((ms) => ms - startMs! > timeoutMs && resolve(TOO_SLOW));
    }, LOOK_EVERY_MS);
    const stop = () => reject(signal!.reason);
    signal?.addEventListener("abort", stop, { once: true });
    child.on("message", async (message: "ready" | Reply) => {
      if (message !== "ready") return resolve(message);
      clearTimeout(timer);
      timer = setTimeout(() => resolve(TOO_SLOW), timeoutMs * CLOCK_FACTOR);
      startMs = await processorMs(child);
      child.send(task);
    });
    child.once("error", reject);
    child.once("exit", (_code, ended) => {
      clearTimeout(timer);
      clearInterval(watch);
      signal?.removeEventListener("abort", stop);
      // V8 aborts when its heap is full.
      resolve(ended === "SIGABRT" || ended === "SIGTRAP" ? TOO_MUCH_MEMORY : DIED);
    });
  }).finally(() => child.kill("SIGKILL"));
  if (reply.ok) return reply.file;
  // What went wrong inside is for us; the file's text is not in it.
  if (reply.fault) log.warn({ event: "files.parser_fault", code: reply.code, fault: reply.fault.slice(0, 2_000) });
  throw new FileProblem(reply.code, reply.reason);
}

const refused = (code: ProblemCode, reason: string): Reply => ({ ok: false, code, reason });
const TOO_SLOW = refused(
  "too_slow",
  "Reading this file takes longer than a file may take. Split it, or save it as plain text or PDF without forms and drawings.",
);
const TOO_MUCH_MEMORY = refused(
  "too_much_memory",
  "Opening this file needs more memory than a file may use. Split it and upload the parts.",
);
const DIED = refused(
  "broken",
  "This file could not be opened: the program that reads it gave up. Save it again, or in another form, and upload that.",
);

/** 0 where the system does not tell; V8's own limit holds there. */
async function residentBytes({ pid }: ChildProcess): Promise<number> {
  const statm = await readFile(`/proc/${pid}/statm`, "utf8").catch(() => "");
  return Number(statm.split(" ")[1] ?? 0) * PAGE_BYTES;
}

/** What its threads have had of the processors; 0 where the system does not tell, and the clock alone counts. */
async function processorMs({ pid }: ChildProcess): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // Behind the program's name, which may hold anything: fields 14 and 15 of proc(5), in user and in kernel mode.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * TICK_MS;
}
