import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { workerEnv } from "@/lib/testing/crawl-worker";
import { createTestDatabase } from "@/lib/testing/database";
import { startWorkerProcess } from "@/lib/testing/worker-process";

test("a worker says that it is alive and ready, and ends cleanly when told to", async () => {
  const db = await createTestDatabase();
  onTestFinished(() => db.drop());
  const worker = startWorkerProcess(db.url);
  onTestFinished(() => void worker.child.kill("SIGKILL"));
  await worker.ready;
  const { port } = worker.log.find((entry) => entry.event === "worker.ready") as { port: number };
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: response.status, body: await response.json() };
  };
  expect(await get("/health")).toEqual({ status: 200, body: { status: "ok" } });
  expect(await get("/health/ready")).toEqual({
    status: 200,
    body: { status: "ready", database: true, queue: true, stopped: [] },
  });
  expect((await get("/other")).status).toBe(404);
  worker.child.kill("SIGTERM");
  expect(await worker.ended).toEqual({ code: 0, signal: null });
  expect(worker.log.map((entry) => entry.event).filter((event) => String(event).startsWith("worker."))).toEqual([
    "worker.ready",
    "worker.stopping",
    "worker.stopped",
  ]);
});

test("a worker without its environment names what is missing and ends with an error", async () => {
  const child = spawn(process.execPath, ["--import", "tsx", "workers/main.ts"], {
    env: { PATH: process.env.PATH, NODE_ENV: "test", CRASH_AT: "" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const [code] = await once(child, "exit");
  expect(code).toBe(1);
  for (const name of ["DATABASE_URL", "QUEUE_URL", "SUPABASE_URL", ".env.example"]) expect(said).toContain(name);
});

test("a worker does not crash on purpose outside of tests", async () => {
  const child = spawn(process.execPath, ["--import", "tsx", "workers/main.ts"], {
    env: {
      ...workerEnv("postgres://nobody@127.0.0.1:9/none"),
      PATH: process.env.PATH,
      NODE_ENV: "production",
      CRASH_AT: "fetch",
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said: string[] = [];
  child.stderr.on("data", (data: Buffer) => said.push(data.toString()));
  const [code] = await once(child, "exit");
  expect(code).toBe(1);
  expect(said.join("")).toContain("CRASH_AT");
});
