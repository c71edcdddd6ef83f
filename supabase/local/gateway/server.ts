import { createServer, type Server } from "node:http";
import type { HttpBindings } from "@hono/node-server";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { portTaken } from "../ports";
import type { Realtime } from "../realtime/server";
import { adminUsers, isAdminUsers } from "./admin-users";
import type { GatewayDatabase } from "./lite";
import { fixStorage } from "./storage-fixes";

const MAX_BODY_BYTES = 10 * 1024 * 1024;
/** Above lite's own limit of 50 MiB per object, so that its answer is the one that clients see. */
const MAX_UPLOAD_BYTES = 52 * 1024 * 1024;

export type GatewayParts = {
  lite: { fetch(request: Request, peerAddress: string | null): Promise<Response>; database: GatewayDatabase };
  realtime?: Pick<Realtime, "http" | "upgrade">;
  secretKey: string;
};

/** One HTTP server in front of REST, Auth, Storage and Realtime, with hosted Supabase's paths. */
export function createGateway({ lite, realtime, secretKey }: GatewayParts): Server {
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.use(
    cors({
      origin: "*",
      allowMethods: ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"],
      exposeHeaders: ["content-range", "content-location", "x-total-count", "preference-applied", "etag"],
      maxAge: 600,
    }),
  );
  app.get("/health", async (c) => {
    const isUp = await lite.database.query("select 1", []).then(
      () => true,
      () => false,
    );
    return c.json({ status: isUp ? "ok" : "database is down" }, isUp ? 200 : 503);
  });
  const refuse = () =>
    Response.json({ statusCode: "413", error: "Payload too large", message: "The body is too large" }, { status: 413 });
  app.use("/storage/*", bodyLimit({ maxSize: MAX_UPLOAD_BYTES, onError: refuse }));
  app.use("/rest/*", bodyLimit({ maxSize: MAX_BODY_BYTES, onError: refuse }));
  app.use("/auth/*", bodyLimit({ maxSize: MAX_BODY_BYTES, onError: refuse }));
  app.use("/realtime/*", bodyLimit({ maxSize: MAX_BODY_BYTES, onError: refuse }));
  app.all("/realtime/v1/*", async (c) =>
    realtime ? realtime.http(c.req.raw) : c.json({ message: "Realtime is switched off" }, 404),
  );
  app.all("/auth/v1/*", async (c, next) =>
    isAdminUsers(c.req.path) ? adminUsers(c.req.raw, lite.database, secretKey) : next(),
  );
  app.all("*", (c) => {
    const peer = c.env.incoming.socket.remoteAddress ?? null;
    return fixStorage(c.req.raw, (request) => lite.fetch(request, peer));
  });
  app.onError((error, c) => {
    console.warn("gateway:", error.message);
    return c.json({ message: "The local gateway failed", code: "internal" }, 500);
  });
  const server = createServer(getRequestListener((request, env) => app.fetch(request, env)));
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    if (realtime) realtime.upgrade(request, socket, head);
    else socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
  });
  server.requestTimeout = 60_000;
  server.headersTimeout = 20_000;
  return server;
}

/** @returns the port, which differs from the one asked for when that was 0. @throws StackError "port_taken" */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? portTaken(port, "api", error) : error),
    );
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}

/** Stops taking requests and drops the connections that are still open. */
export async function close(server: Server): Promise<void> {
  const closed = new Promise((done) => server.close(done));
  server.closeAllConnections();
  await closed;
}
