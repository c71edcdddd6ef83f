import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** What is told of the output of a process that ended, in UTF-16 units. */
const LAST_WORDS_LENGTH = 1_500;
/** What a process wrote last may still be on its way when it has ended; a child of its own may hold the pipe open for ever. */
const FLUSH_MS = 200;

interface Started {
  name: string;
  child: ChildProcess;
  lastWords: string;
  /** Resolves to the exit code, null after a signal and for what could not be started. */
  gone: Promise<number | null>;
}

/** Processes that one command started and that end with it. */
export class Processes {
  private readonly started: Started[] = [];
  private readonly released = new WeakSet<ChildProcess>();
  private stopping = false;

  /** @param onExit called when a process ends that nobody stopped */
  constructor(private readonly onExit: (name: string, code: number | null, lastWords: string) => void) {}

  /** Starts a command; its output goes to the terminal with a prefix, or to `.local/logs/<name>.log`. */
  start(
    name: string,
    command: string,
    args: string[],
    env: Record<string, string | undefined>,
    output: "terminal" | "file",
  ): ChildProcess {
    const child = spawn(command, args, { env: env as NodeJS.ProcessEnv, stdio: ["ignore", "pipe", "pipe"] });
    if (output === "file") mkdirSync(".local/logs", { recursive: true });
    const file = output === "file" ? createWriteStream(`.local/logs/${name}.log`) : undefined;
    const started: Started = { name, child, lastWords: "", gone: goneOf(child) };
    const hear = (text: string) => {
      started.lastWords = (started.lastWords + text).slice(-LAST_WORDS_LENGTH);
    };
    for (const stream of [child.stdout, child.stderr]) {
      if (file) stream.pipe(file);
      else stream.on("data", (data: Buffer) => process.stdout.write(prefixed(name, data)));
      stream.on("data", (data: Buffer) => hear(data.toString()));
    }
    child.on("error", (error) => hear(error.message));
    void started.gone.then((code) => {
      if (!this.stopping && !this.released.has(child)) this.onExit(name, code, started.lastWords.trim());
    });
    this.started.push(started);
    return child;
  }

  /** Leaves a process to the caller: its end is no surprise any more. */
  release(child: ChildProcess): void {
    this.released.add(child);
  }

  /**
   * Waits until a process that was started here answers at an address with a status below 500.
   * @param what names it in errors: "The worker"
   * @throws Error as soon as it has ended, with its last words, or when it has not answered in time
   */
  async waitForHttp(child: ChildProcess, url: string, what: string, timeoutMs = 60_000): Promise<void> {
    const started = this.started.find((one) => one.child === child)!;
    const log = `Its log is .local/logs/${started.name}.log`;
    const until = Date.now() + timeoutMs;
    for (;;) {
      // Its end comes first: on a port that was taken somebody else answers.
      const heard = await Promise.race([
        started.gone.then((code) => ({ code })),
        fetch(url, { redirect: "manual", signal: AbortSignal.timeout(5_000) }).then(
          ({ status }) => status,
          () => 0,
        ),
      ]);
      if (typeof heard === "object") {
        const words = started.lastWords.trim();
        throw new Error(
          `${what} ended before it answered at ${url} (${heard.code ?? "no exit code"}). ${log}${words && `:\n${words}`}`,
        );
      }
      if (heard > 0 && heard < 500) return;
      if (Date.now() > until) throw new Error(`${what} did not answer at ${url} within ${timeoutMs / 1_000} s. ${log}`);
      await sleep(50);
    }
  }

  /** Ends all of them, the last first, each with time to finish what it does. */
  async stop(graceMs = 10_000): Promise<void> {
    this.stopping = true;
    for (const { child } of [...this.started].reverse()) {
      const wasStarted = child.pid !== undefined;
      if (!wasStarted || child.exitCode !== null || child.signalCode !== null) continue;
      const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      child.kill("SIGTERM");
      const forced = setTimeout(() => child.kill("SIGKILL"), graceMs);
      await gone;
      clearTimeout(forced);
    }
  }
}

const goneOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    child.once("close", resolve);
    child.once("exit", (code) => setTimeout(() => resolve(code), FLUSH_MS).unref());
    child.once("error", () => resolve(null));
  });

const prefixed = (name: string, data: Buffer): string =>
  data
    .toString()
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => `[${name}] ${line}\n`)
    .join("");
