import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { HonoAdapter } from "@bull-board/hono";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import type { JobQueue } from "./connection";

type BoardQueue = ConstructorParameters<typeof BullMQAdapter>[0];

/**
 * Bull Board over some queues, as a function from request to response. It checks nobody: that is the caller's part.
 * It finds its pages and scripts by resolving @bull-board/ui as Node does, so a bundler must leave @bull-board/api alone
 * (`serverExternalPackages` of next.config.ts): bundled, a resolved path is a number.
 * @param basePath where it is mounted, without a slash at its end: `/admin/queues`
 */
export function queueBoard(queues: JobQueue[], basePath: string): (request: Request) => Promise<Response> {
  const adapter = new HonoAdapter(serveStatic);
  adapter.setBasePath(basePath);
  createBullBoard({
    // Its types know the Redis backend alone; it asks each queue what that can do.
    queues: queues.map((queue) => new BullMQAdapter(queue as unknown as BoardQueue)),
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: "Queues" } },
  });
  const app = new Hono().route(basePath, adapter.registerPlugin());
  return async (request) => app.fetch(request);
}
