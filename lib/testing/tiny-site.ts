import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface TinyPage {
  status?: number;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** How long the server thinks before it answers. */
  delayMs?: number;
}

export interface TinySite {
  /** Like `http://127.0.0.1:4711`. */
  url: string;
  host: string;
  /** By path and query; may be changed at any time. What is missing is a 404. A function is asked for each request. */
  pages: Record<string, TinyPage | ((request: { times: number }) => TinyPage)>;
  /** In the order in which they arrived; atMs on a monotonic clock. */
  requests: { path: string; atMs: number; conditional: boolean }[];
  /**
   * Answers so many requests more and lets the others wait: a crawl, however quick, is in its middle then.
   * @returns answers those that wait, and all that follow
   */
  holdAfter(count: number): () => void;
  stop(): Promise<void>;
}

const PARAGRAPH =
  "Our team looks after every order from the first question to the last screw, and answers letters within two working days. " +
  "Whoever is not content sends the parcel back within thirty days and gets the money returned without further questions. ";

/** A page with enough text to be worth keeping. `about` makes it unlike any other. */
export const tinyPage = (about: string, links: string[] = [], head = ""): TinyPage => ({
  body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${about}</title>${head}</head><body><main><h1>${about}</h1>
<p>This page is about ${about}. ${PARAGRAPH}</p></main><nav>${links.map((link) => `<a href="${link}">${link}</a>`).join(" ")}</nav></body></html>`,
});

/** A web server on loopback with pages that a test writes down. HTML answers carry an ETag and know 304. */
export async function startTinySite(pages: TinySite["pages"] = {}): Promise<TinySite> {
  const times = new Map<string, number>();
  let held = { after: Number.POSITIVE_INFINITY, until: Promise.resolve() };
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    const count = (times.get(path) ?? 0) + 1;
    times.set(path, count);
    const asked = request.headers["if-none-match"];
    site.requests.push({ path, atMs: performance.now(), conditional: asked !== undefined });
    const found = site.pages[path];
    const {
      status = 200,
      headers = {},
      body = "",
      delayMs = 0,
    } = typeof found === "function" ? found({ times: count }) : (found ?? { status: 404, body: "not found" });
    const etag = `"${createHash("sha256").update(body).digest("hex").slice(0, 16)}"`;
    const type = path === "/robots.txt" ? "text/plain" : "text/html";
    const answer = () => {
      if (status === 200 && asked === etag) return void response.writeHead(304, { etag }).end();
      response.writeHead(status, { "content-type": type, ...(status === 200 ? { etag } : {}), ...headers }).end(body);
    };
    if (site.requests.length > held.after) void held.until.then(answer);
    else if (delayMs > 0) setTimeout(answer, delayMs);
    else answer();
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const site: TinySite = {
    url: `http://${host}`,
    host,
    pages,
    requests: [],
    holdAfter(count) {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = { after: site.requests.length + count, until: promise };
      return resolve;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return site;
}
