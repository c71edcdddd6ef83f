import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import next from "next";
import { handleWidgetRequest, type WidgetResponse } from "@/lib/chat";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { createPlatform, type Platform } from "@/lib/platform";
import { startFailure } from "@/lib/platform/start-failure";

/**
 * `npm start`: the web process for self-hosting. Next serves everything but the widget's API, which is answered by Node
 * directly: the same function that the Next route handler mounts on Vercel, for a third less time per request.
 */
async function main(): Promise<void> {
  const config = env();
  const port = Number(process.env.PORT || 3000);
  const hostname = process.env.HOST || "0.0.0.0";
  const platform = createPlatform(config);
  const app = next({ dev: false, hostname, port });
  await app.prepare();
  const handle = app.getRequestHandler();
  const server = createServer((request, response) => {
    const path = /^\/api\/widget\/v1\/agents\/([^/?]+)\/([^?]+)\??(.*)/.exec(request.url ?? "");
    if (path)
      void answerWidget(
        platform,
        request,
        response,
        decodeURIComponentSafe(path[1]!),
        decodeURIComponentSafe(path[2]!),
        new URLSearchParams(path[3]),
      );
    else void handle(request, response);
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

async function answerWidget(
  platform: Platform,
  request: IncomingMessage,
  response: ServerResponse,
  publicId: string,
  path: string,
  query: URLSearchParams,
): Promise<void> {
  const answer = await handleWidgetRequest(platform.chat, {
    method: request.method ?? "GET",
    publicId,
    path,
    header: (name) => {
      const value = request.headers[name];
      return Array.isArray(value) ? value.join(", ") : (value ?? null);
    },
    query: (name) => query.get(name),
    body: (maxBytes) => readText(request, maxBytes),
    address: forwardedFor(request) ?? request.socket.remoteAddress ?? null,
  });
  response.writeHead(answer.status, answer.headers);
  await send(answer, response);
}

async function send(answer: WidgetResponse, response: ServerResponse): Promise<void> {
  if (!("stream" in answer)) {
    response.end(answer.body ?? undefined, answer.isBase64 ? "base64" : "utf8");
    return;
  }
  const gone = new AbortController();
  response.on("close", () => {
    if (!response.writableFinished) gone.abort();
  });
  await answer.stream((chunk) => {
    if (!response.destroyed) response.write(chunk);
  }, gone.signal);
  response.end();
}

/** Only a proxy that the operator runs may say who asks. */
const forwardedFor = (request: IncomingMessage): string | undefined =>
  process.env.TRUST_PROXY === "true" ? request.headers["x-forwarded-for"]?.toString().split(",")[0]?.trim() : undefined;

async function readText(request: IncomingMessage, maxBytes: number): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > maxBytes) throw new AppError("content_too_large", `The request is larger than ${maxBytes / 1024} KB.`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

function decodeURIComponentSafe(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${startFailure(error, "PORT")}\n`);
  process.exit(1);
});
