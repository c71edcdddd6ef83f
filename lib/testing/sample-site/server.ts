import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import iconv from "iconv-lite";
import { escapeHtml } from "@/lib/testing/sample-site/html";
import { type Reply, type RequestContext, redirect } from "@/lib/testing/sample-site/reply";
import { respond } from "@/lib/testing/sample-site/routes";
import { createSite } from "@/lib/testing/sample-site/site";

/** Where the chat widget comes from and which agent it belongs to. */
export interface WidgetSnippet {
  appUrl: string;
  publicId: string;
}

export interface SampleSiteOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  /** Added to every answer. */
  latencyMs?: number;
  /** When set, every HTML page ends with the widget's script tag. */
  widget?: WidgetSnippet;
}

export interface SampleSite {
  /** Like `http://127.0.0.1:4400`, without a slash at the end. */
  url: string;
  /** Number of requests by path and query. */
  hits: Map<string, number>;
  requests: { path: string; userAgent: string }[];
  /** Forgets hits and requests and lets the pages that fail once fail again. */
  reset(): void;
  setWidget(widget: WidgetSnippet | null): void;
  /** Added to every answer from now on. */
  setLatencyMs(latencyMs: number): void;
  stop(): Promise<void>;
}

/** Answers one GET or HEAD; what differs between the written site and the generated one. */
export type Responder = (context: RequestContext) => Reply;

function withWidget(body: string, widget: WidgetSnippet | null): string {
  if (!widget) return body;
  const source = `${widget.appUrl.replace(/\/$/, "")}/widget/v1/loader.js`;
  const snippet = `<script src="${escapeHtml(source)}" data-agent="${escapeHtml(widget.publicId)}" async></script>\n`;
  const end = body.lastIndexOf("</body>");
  return end < 0 ? body + snippet : body.slice(0, end) + snippet + body.slice(end);
}

/** Characters that the charset does not have become numeric references, as editors of that time wrote them. */
function encode(body: string, charset: NonNullable<Reply["charset"]>): Buffer {
  if (charset === "utf-8") return Buffer.from(body);
  const known = body.replace(/[^\0-\x7f]/gu, (character) =>
    iconv.decode(iconv.encode(character, charset), charset) === character
      ? character
      : `&#${character.codePointAt(0)};`,
  );
  return iconv.encode(known, charset);
}

function toBytes(reply: Reply, widget: WidgetSnippet | null): Buffer {
  if (typeof reply.body !== "string") return reply.body;
  const isHtml = reply.contentType.startsWith("text/html");
  return encode(isHtml ? withWidget(reply.body, widget) : reply.body, reply.charset ?? "utf-8");
}

/** If-None-Match comes before If-Modified-Since (RFC 9110). With a widget only the ETag counts, because its change has no date. */
function isUnchanged(request: IncomingMessage, etag: string, lastModified: Date | null): boolean {
  const noneMatch = request.headers["if-none-match"];
  if (noneMatch) return noneMatch.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);
  const since = request.headers["if-modified-since"];
  return Boolean(since && lastModified && Date.parse(since) >= lastModified.getTime());
}

function send(request: IncomingMessage, response: ServerResponse, reply: Reply, widget: WidgetSnippet | null): void {
  const bytes = toBytes(reply, widget);
  const headers: Record<string, string> = {
    "content-type": reply.contentType,
    "cache-control": "no-cache",
    ...reply.headers,
  };
  let status = reply.status;
  if (status === 200) {
    const lastModified = reply.lastModified && !widget ? new Date(`${reply.lastModified}T06:00:00Z`) : null;
    headers.etag = `"${createHash("sha256").update(bytes).digest("hex").slice(0, 24)}"`;
    if (lastModified) headers["last-modified"] = lastModified.toUTCString();
    if (isUnchanged(request, headers.etag, lastModified)) status = 304;
  }
  if (status === 304) {
    delete headers["content-type"];
    response.writeHead(status, headers).end();
    return;
  }
  response.writeHead(status, { ...headers, "content-length": String(bytes.length) });
  response.end(request.method === "HEAD" ? undefined : bytes);
}

/**
 * Serves a responder on 127.0.0.1. Absolute addresses follow the Host header for localhost, `*.localhost` and 127.0.0.1, so that the
 * site can be visited under any of them.
 * @throws Error with code EADDRINUSE when the port is taken
 */
export async function serve(respondTo: Responder, options: SampleSiteOptions = {}): Promise<SampleSite> {
  const { port = 0 } = options;
  const hits = new Map<string, number>();
  const requests: { path: string; userAgent: string }[] = [];
  const seen = new Set<string>();
  let widget = options.widget ?? null;
  let latencyMs = options.latencyMs ?? 0;

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const address = server.address() as AddressInfo;
    const host = request.headers.host ?? "";
    const known = host.endsWith(`:${address.port}`) && /^(127\.0\.0\.1|([a-z0-9-]+\.)*localhost):\d+$/.test(host);
    const origin = `http://${known ? host : `127.0.0.1:${address.port}`}`;
    const path = request.url ?? "/";
    hits.set(path, (hits.get(path) ?? 0) + 1);
    requests.push({ path, userAgent: request.headers["user-agent"] ?? "" });
    if (request.method === "POST") {
      send(request, response, redirect(303, "/cart"), widget);
      return;
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405, { allow: "GET, HEAD, POST" }).end();
      return;
    }
    const url = URL.parse(origin + path);
    if (!url) {
      response.writeHead(400).end();
      return;
    }
    const first = (name: string): boolean => !seen.has(name) && Boolean(seen.add(name));
    const reply = respondTo({ url, origin, first });
    const waitMs = latencyMs + (reply.delayMs ?? 0);
    if (waitMs > 0) await delay(waitMs);
    send(request, response, reply, widget);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hits,
    requests,
    reset() {
      hits.clear();
      requests.length = 0;
      seen.clear();
    },
    setWidget(next) {
      widget = next;
    },
    setLatencyMs(next) {
      latencyMs = next;
    },
    stop: () =>
      new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** Starts the help centre and shop of Sprigwell, a company that does not exist. */
export async function startSampleSite(options: SampleSiteOptions = {}): Promise<SampleSite> {
  const site = createSite();
  return serve((context) => respond(site, context), options);
}
