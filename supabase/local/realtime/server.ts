import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { createPool } from "../pool";
import type { Keys } from "../state";
import { Channels } from "./channels";
import { httpHandler } from "./http";
import { listenToPostgres } from "./postgres-feed";
import { decodeFrame, ProtocolError, type Version } from "./protocol";
import { handleFrame, leave, type SessionContext } from "./session";
import { LIMITS, type Limits, Socket, type Stats } from "./socket";

/** Above so many unanswered messages the server stops reading from a socket until it has caught up. */
const MAX_UNANSWERED = 200;
const SWEEP_MS = 10_000;
const PURGE_MS = 10 * 60_000;

export type Realtime = {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  http(request: Request): Promise<Response>;
  close(): Promise<void>;
};

/**
 * A Realtime server that unmodified supabase-js clients speak to: broadcast, presence, private channels under row-level
 * security, row changes. One process holds all sockets.
 */
export async function createRealtime(options: {
  adminUrl: string;
  keys: Keys;
  limits?: Partial<Limits>;
}): Promise<Realtime> {
  const { adminUrl, keys } = options;
  const limits = { ...LIMITS, ...options.limits };
  const stats: Stats = { drops: 0, droppedBytes: 0, silent: 0, invalidFrames: 0, sent: 0, skippedChanges: 0 };
  const pool = createPool(adminUrl, { max: 5, name: "realtime" });
  const context: SessionContext = { pool, keys, channels: new Channels(), limits };
  const stopListening = await listenToPostgres(adminUrl, pool, context.channels, stats);

  const wss = new WebSocketServer({ noServer: true, maxPayload: limits.maxFrameBytes });
  const sockets = new Set<Socket>();
  const sweep = setInterval(
    () => {
      const now = Date.now();
      for (const socket of sockets) socket.closeIfSilent(now);
    },
    Math.min(SWEEP_MS, limits.silenceMs),
  );
  const purge = setInterval(() => {
    pool.query("delete from realtime.messages where inserted_at < now() - interval '1 hour'").catch(() => {});
  }, PURGE_MS);
  sweep.unref();
  purge.unref();

  const open = (ws: WebSocket, apiKey: string, version: Version) => {
    const socket = new Socket(ws, apiKey, version, limits, stats);
    sockets.add(socket);
    ws.on("close", () => {
      sockets.delete(socket);
      for (const channel of [...socket.joined.values()]) leave(context, channel);
    });
    ws.on("error", () => {}); // frames that are too large or broken: ws closes the socket itself
    let unanswered = 0;
    let queue = Promise.resolve();
    ws.on("message", (data: Buffer, isBinary) => {
      socket.lastHeardAt = Date.now();
      if (++unanswered >= MAX_UNANSWERED) ws.pause();
      queue = queue
        .then(() => answer(socket, data, isBinary))
        .finally(() => {
          if (--unanswered < MAX_UNANSWERED && ws.isPaused) ws.resume();
        });
    });
  };

  const answer = async (socket: Socket, data: Buffer, isBinary: boolean) => {
    try {
      await handleFrame(context, socket, decodeFrame(data, isBinary));
    } catch (error) {
      if (error instanceof ProtocolError) stats.invalidFrames++;
      else console.warn("realtime:", (error as Error).message);
      const reason = error instanceof ProtocolError ? error.message : "internal error";
      socket.send({ joinRef: null, ref: null, topic: "phoenix", event: "phx_error", payload: { reason } });
    }
  };

  return {
    upgrade(request, socket, head) {
      const url = new URL(request.url ?? "/", "http://localhost");
      const apiKey = url.searchParams.get("apikey") ?? "";
      const refuse = (status: string) => socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
      if (url.pathname !== "/realtime/v1/websocket") return void refuse("404 Not Found");
      if (apiKey !== keys.publishableKey && apiKey !== keys.secretKey) return void refuse("401 Unauthorized");
      if (sockets.size >= limits.maxSockets) return void refuse("503 Service Unavailable");
      const version = url.searchParams.get("vsn") === "1.0.0" ? "1.0.0" : "2.0.0";
      wss.handleUpgrade(request, socket, head, (ws) => open(ws, apiKey, version));
    },
    http: httpHandler(context, stats, () => sockets.size),
    async close() {
      clearInterval(sweep);
      clearInterval(purge);
      for (const ws of wss.clients) ws.terminate();
      wss.close();
      await stopListening();
      await pool.end();
    },
  };
}
