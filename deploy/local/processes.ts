import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Processes that one command started and that end with it. */
export class Processes {
  private readonly children: { name: string; child: ChildProcess }[] = [];
  private readonly released = new WeakSet<ChildProcess>();
  private stopping = false;

  /** @param onExit called when a process ends that nobody stopped */
  constructor(private readonly onExit: (name: string, code: number | null) => void) {}

  /** Starts a command; its output goes to the terminal with a prefix, or to `.local/logs/<name>.log`. */
  start(
    name: string,
    command: string,
    args: string[],
    env: Record<string, string | undefined>,
    output: "terminal" | "file",
  ): ChildProcess {
    const child = spawn(command, args, { env: env as NodeJS.ProcessEnv, stdio: ["ignore", "pipe", "pipe"] });
    if (output === "file") {
      mkdirSync(".local/logs", { recursive: true });
      const file = createWriteStream(`.local/logs/${name}.log`);
      child.stdout.pipe(file);
      child.stderr.pipe(file);
    } else {
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (data: Buffer) => process.stdout.write(prefixed(name, data)));
    }
    child.on("exit", (code) => {
      if (!this.stopping && !this.released.has(child)) this.onExit(name, code);
    });
    this.children.push({ name, child });
    return child;
  }

  /** Leaves a process to the caller: its end is no surprise any more. */
  release(child: ChildProcess): void {
    this.released.add(child);
  }

  /** Ends all of them, the last first, each with time to finish what it does. */
  async stop(graceMs = 10_000): Promise<void> {
    this.stopping = true;
    for (const { child } of [...this.children].reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      child.kill("SIGTERM");
      const forced = setTimeout(() => child.kill("SIGKILL"), graceMs);
      await gone;
      clearTimeout(forced);
    }
  }
}

const prefixed = (name: string, data: Buffer): string =>
  data
    .toString()
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => `[${name}] ${line}\n`)
    .join("");

/** Waits until an address answers with a status below 500. @throws Error that names what did not come */
export async function waitForHttp(url: string, what: string, timeoutMs = 60_000): Promise<void> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const status = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(5_000) }).then(
      (response) => response.status,
      () => 0,
    );
    if (status > 0 && status < 500) return;
    if (Date.now() > until)
      throw new Error(`${what} did not answer at ${url} within ${timeoutMs / 1_000} s. Its log is in .local/logs.`);
    await sleep(50);
  }
}
