import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { workerEnv } from "./crawl-worker";
import { BUNDLED_WORKER } from "./worker-bundle";

export interface WorkerProcess {
  child: ChildProcess;
  /** Settles when it takes jobs; rejects if it ends before. */
  ready: Promise<void>;
  /** How it ended. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Its log lines so far. */
  log: Record<string, unknown>[];
}

/** `workers/main.ts` as a process of its own, on a test database. `preload`: modules that it loads first. */
export function startWorkerProcess(
  databaseUrl: string,
  env: Record<string, string> = {},
  { preload = [] as string[] } = {},
): WorkerProcess {
  const bundle = process.env[BUNDLED_WORKER];
  const loaded = [...(bundle ? [] : ["tsx"]), ...preload].flatMap((module) => ["--import", module]);
  const child = spawn(process.execPath, [...loaded, bundle ?? "workers/main.ts"], {
    env: { PATH: process.env.PATH ?? "", LOG_LEVEL: "debug", ...workerEnv(databaseUrl, env), NODE_ENV: "test" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const log: WorkerProcess["log"] = [];
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.once("close", (code, signal) => resolve({ code, signal })),
  );
  const ready = new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on("line", (line) => {
      const entry = JSON.parse(line) as Record<string, unknown>;
      log.push(entry);
      if (entry.event === "worker.ready") resolve();
    });
    ended.then(({ code, signal }) => reject(new Error(`The worker ended with ${code ?? signal}`)));
  });
  ready.catch(() => {});
  return { child, ready, ended, log };
}
