import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { sweepJob } from "@/lib/crawl";
import type { Platform } from "@/lib/platform";
import { readiness } from "@/lib/platform/readiness";
import type { RunningWorker } from "@/lib/queue";

/** `/health`: the process is alive. `/health/ready`: it has its database and its queue, and its workers take jobs. */
export async function startHealthServer(
  port: number,
  platform: Platform,
  workers: RunningWorker[],
): Promise<{ port: number; close(): Promise<void> }> {
  const checks = readiness({
    database: () => platform.pool.query("select 1"),
    queue: async () => (await platform.queues()).queues.queue(sweepJob.name).getWaitingCount(),
  });
  const server = createServer(async (request, response) => {
    const send = (status: number, body: unknown) => {
      response
        .writeHead(status, { "content-type": "application/json", "cache-control": "no-store" })
        .end(JSON.stringify(body));
    };
    if (request.url === "/health") return send(200, { status: "ok" });
    if (request.url !== "/health/ready")
      return send(404, { error: { code: "not_found", message: "This worker answers /health and /health/ready." } });
    const { database, queue } = await checks();
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
