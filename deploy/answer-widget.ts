import type { IncomingMessage, ServerResponse } from "node:http";
import { type ChatDeps, handleWidgetRequest, type WidgetResponse } from "@/lib/chat";
import { readText } from "@/lib/core/read-limited";

/** What an address of the widget's API asks for; null for every other address. */
export function widgetTarget(url: string): { publicId: string; path: string; query: URLSearchParams } | null {
  const [, publicId, path, query] = /^\/api\/widget\/v1\/agents\/([^/?]+)\/([^?]+)\??(.*)/.exec(url) ?? [];
  if (publicId === undefined || path === undefined) return null;
  return { publicId: decoded(publicId), path: decoded(path), query: new URLSearchParams(query) };
}

/**
 * Who asks, for rate limits. What a request says of its way is the visitor's own word up to what proxies of the operator added to it, each
 * at the end.
 * @param proxies how many of them there are
 */
export function clientAddress(request: IncomingMessage, proxies: number): string | null {
  const direct = request.socket.remoteAddress ?? null;
  if (proxies === 0) return direct;
  const way = String(request.headers["x-forwarded-for"] ?? "").split(",");
  return way.at(-proxies)?.trim() || direct;
}

/** Answers a request of the widget with Node alone. */
export async function answerWidget(
  chat: ChatDeps,
  request: IncomingMessage,
  response: ServerResponse,
  { publicId, path, query }: NonNullable<ReturnType<typeof widgetTarget>>,
  address: string | null,
): Promise<void> {
  const answer = await handleWidgetRequest(chat, {
    method: request.method ?? "GET",
    publicId,
    path,
    header: (name) => {
      const value = request.headers[name];
      return Array.isArray(value) ? value.join(", ") : (value ?? null);
    },
    query: (name) => query.get(name),
    body: (maxBytes) => readText(request.iterator({ destroyOnReturn: false }), maxBytes),
    address,
  });
  response.writeHead(answer.status, answer.headers);
  // What was too large to be read is thrown away as it comes: a connection that is cut would take the refusal with it.
  request.resume();
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

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
