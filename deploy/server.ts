import { createServer } from "node:http";
import next from "next";
import { env } from "@/lib/core/env";
import { log } from "@/lib/core/log";
import { type Platform, webPlatform } from "@/lib/platform";
import { startFailure } from "@/lib/platform/start-failure";
import { answerWidget, clientAddress, widgetTarget } from "./answer-widget";

/**
 * `npm start`: the web process for self-hosting. Next serves everything but the widget's API, which is answered by Node
 * directly: the same function that the Next route handler mounts on Vercel, for a third less time per request. Both work with one platform.
 */
async function main(): Promise<void> {
  const { TRUST_PROXY: proxies } = env();
  const port = Number(process.env.PORT || 3000);
  const hostname = process.env.HOST || "0.0.0.0";
  const platform = webPlatform();
  const app = next({ dev: false, hostname, port });
  await app.prepare();
  const handle = app.getRequestHandler();
  const server = createServer((request, response) => {
    const address = clientAddress(request, proxies);
    const target = widgetTarget(request.url ?? "");
    if (target) void answerWidget(platform.chat, request, response, target, address);
    else {
      // Next's routes believe this header, so it says what is known and not what a visitor wrote.
      if (address) request.headers["x-forwarded-for"] = address;
      else delete request.headers["x-forwarded-for"];
      void handle(request, response);
    }
  });
  // A visitor's stream may be open longer than a request usually takes.
  server.requestTimeout = 120_000;
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, hostname, resolve));
  await warmUp(platform);
  log.info({ event: "web.ready", port, chatModel: platform.gateway.chatModel.id });

  let stopping = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      server.close();
      server.closeIdleConnections();
      // Answers under way get a moment to end; what waits then is a connection that nobody answers.
      void platform.chat.answers.close().finally(() => {
        setTimeout(() => server.closeAllConnections(), 500).unref();
      });
      server.once("close", () => void Promise.allSettled([platform.close(), app.close()]).then(() => process.exit(0)));
    });
}

/** Opens the pool's connections and loads what the first answer needs: a cold process took seconds for its first streams. */
async function warmUp(platform: Platform): Promise<void> {
  await Promise.all(Array.from({ length: platform.env.DATABASE_POOL_MAX }, () => platform.pool.query("select 1")));
}

main().catch((error: unknown) => {
  process.stderr.write(`${startFailure(error, "PORT")}\n`);
  process.exit(1);
});
