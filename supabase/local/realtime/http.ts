import { z } from "zod";
import { mayUse, readClaims } from "./authorise";
import type { SessionContext } from "./session";
import type { Stats } from "./socket";

const Message = z.object({
  topic: z.string().min(1).max(255),
  event: z.string().min(1).max(255),
  payload: z.unknown(),
  private: z.boolean().default(false),
});
const Messages = z.object({ messages: z.array(Message).min(1).max(1_000) });
const ONE = /^\/realtime\/v1\/api\/broadcast\/([^/]+)\/events\/([^/]+)$/;

/** Broadcasts over HTTP, and `GET /realtime/v1/stats` for the secret key. */
export function httpHandler(context: SessionContext, stats: Stats, sockets: () => number) {
  return async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const apiKey = request.headers.get("apikey") ?? "";
    const { publishableKey, secretKey } = context.keys;
    if (apiKey !== publishableKey && apiKey !== secretKey)
      return Response.json({ message: "Unauthorized" }, { status: 401 });
    if (url.pathname === "/realtime/v1/stats") {
      if (apiKey !== secretKey) return Response.json({ message: "Needs the secret key" }, { status: 403 });
      return Response.json({ ...stats, sockets: sockets(), channels: context.channels.size });
    }
    const one = ONE.exec(url.pathname);
    if (request.method !== "POST" || (!one && url.pathname !== "/realtime/v1/api/broadcast"))
      return Response.json({ message: "Not found" }, { status: 404 });

    const token = request.headers.get("authorization")?.replace(/^Bearer /i, "");
    const claims = await readClaims(token, apiKey, context.keys).catch(() => undefined);
    if (!claims) return Response.json({ message: "Invalid token" }, { status: 401 });
    const body: unknown = await request.json().catch(() => undefined);
    const parsed = Messages.safeParse(
      one
        ? {
            messages: [
              {
                topic: decodeURIComponent(one[1] ?? ""),
                event: decodeURIComponent(one[2] ?? ""),
                payload: body,
                private: url.searchParams.get("private") === "true",
              },
            ],
          }
        : body,
    );
    if (!parsed.success) return Response.json({ message: z.prettifyError(parsed.error) }, { status: 422 });
    for (const { topic, ...message } of parsed.data.messages) {
      // Hosted answers 202 for messages that it does not deliver, too: whether a topic exists is nobody's business.
      if (message.private && !(await mayUse(context.pool, claims, topic, "broadcast", "write"))) continue;
      context.channels.broadcast({ name: topic, ...message });
    }
    return new Response(null, { status: 202 });
  };
}
