import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@/supabase/local/ports";

export type TestRedis = {
  url: string;
  /** Stops the server as an operator would and starts it again with the data it had. */
  restart(awayMs?: number): Promise<void>;
  /** Ends it on the spot, as a crash of the machine would, and starts it again with what it had written. */
  kill(awayMs?: number): Promise<void>;
  /** Starts it again without any data, as after a crash of a server that keeps none. */
  restartEmpty(): Promise<void>;
  stop(): Promise<void>;
};

/** The redis-server of this machine (Debian's package), or undefined when there is none. */
export function redisBinary(): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"];
  return folders.map((folder) => join(folder, "redis-server")).find((file) => existsSync(file));
}

/** A Redis of one's own on a free port, in a folder that is thrown away. */
export async function startRedis(): Promise<TestRedis> {
  const binary = redisBinary();
  if (!binary) throw new Error("redis-server is not installed");
  const dir = await mkdtemp(join(tmpdir(), "alonchat-redis-"));
  const port = await freePort();
  let child: ChildProcess;
  const start = async () => {
    const options = { port, bind: "127.0.0.1", dir, save: "", appendonly: "yes", appendfsync: "always" };
    child = spawn(
      binary,
      Object.entries(options).flatMap(([key, value]) => [`--${key}`, String(value)]),
      { stdio: "ignore" },
    );
    await answering(port, child);
  };
  const end = async (signal: NodeJS.Signals = "SIGTERM") => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await ended;
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    async restart(awayMs = 0) {
      await end();
      await sleep(awayMs);
      await start();
    },
    async kill(awayMs = 0) {
      await end("SIGKILL");
      await sleep(awayMs);
      await start();
    },
    async restartEmpty() {
      await end();
      await rm(join(dir, "appendonlydir"), { recursive: true, force: true });
      await start();
    },
    async stop() {
      await end();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function answering(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) throw new Error(`redis-server ended with code ${child.exitCode}`);
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = createConnection({ port, host: "127.0.0.1" }, () => socket.write("PING\r\n"));
      socket.once("data", (data) => {
        socket.destroy();
        resolve(data.toString().startsWith("+PONG"));
      });
      socket.once("error", () => resolve(false));
    });
    if (isUp) return;
    await sleep(25);
  }
  throw new Error("redis-server does not answer");
}
