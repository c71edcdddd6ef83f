import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { sweepJob } from "@/lib/crawl";
import type { Platform } from "@/lib/platform";
import type { RunningWorker } from "@/lib/queue";

const PATIENCE_MS = 2_000;

/** `/health`: the process is alive. `/health/ready`: it has its database and its queue, and its workers take jobs. */
export async function startHealthServer(
  port: number,
  platform: Platform,
  workers: RunningWorker[],
): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const send = (status: number, body: unknown) => {
      response
        .writeHead(status, { "content-type": "application/json", "cache-control": "no-store" })
        .end(JSON.stringify(body));
    };
    if (request.url === "/health") return send(200, { status: "ok" });
    if (request.url !== "/health/ready")
      return send(404, { error: { code: "not_found", message: "This worker answers /health and /health/ready." } });
    const database = await platform.pool.query("select 1").then(
      () => true,
      () => false,
    );
    const queue = await queueAnswers(platform);
    const stopped = workers.filter((worker) => !worker.isRunning()).map((worker) => worker.name);
    const ready = database && queue && stopped.length === 0;
    send(ready ? 200 : 503, { status: ready ? "ready" : "not_ready", database, queue, stopped });
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** A queue that is away does not refuse but waits, so it is given a time. */
async function queueAnswers(platform: Platform): Promise<boolean> {
  const asked = platform.queues().then(({ queues }) => queues.queue(sweepJob.name).getWaitingCount());
  return Promise.race([asked.then(() => true), sleep(PATIENCE_MS, false, { ref: false })]).catch(() => false);
}
