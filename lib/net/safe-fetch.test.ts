import http from "node:http";
import net, { type AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import zlib from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ErrorCode } from "@/lib/core/errors";
import { AppError } from "@/lib/core/errors";
import { closeConnections, type FetchOptions, fetchProblem, type Lookup, safeFetch } from "./index";

const servers: (http.Server | net.Server)[] = [];
let site: { port: number; base: string };
const requests: { url: string; method: string; headers: http.IncomingHttpHeaders; body: string; socket: number }[] = [];

async function listen<T extends http.Server | net.Server>(server: T, host = "127.0.0.1"): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return (server.address() as AddressInfo).port;
}
/** A server that speaks raw bytes, for answers no HTTP library would send. */
const rawServer = (answer: (socket: net.Socket, request: Buffer) => void) =>
  listen(
    net.createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", (data) => answer(socket, data));
    }),
  );

const page = "<p>Hello</p>".repeat(500);
const bomb = zlib.gzipSync(Buffer.alloc(50 * 1024 * 1024));

function answer(request: http.IncomingMessage, response: http.ServerResponse): void {
  const url = new URL(request.url ?? "/", "http://site");
  const encodings: Record<string, (data: string) => Buffer> = {
    gzip: zlib.gzipSync,
    br: zlib.brotliCompressSync,
    deflate: zlib.deflateSync,
  };
  switch (url.pathname) {
    case "/encoded": {
      const coding = url.searchParams.get("as") ?? "";
      response.setHeader("content-encoding", coding);
      const raw = url.searchParams.has("raw") ? zlib.deflateRawSync(page) : undefined;
      return void response.end(raw ?? encodings[coding]?.(page) ?? page);
    }
    case "/twice":
      response.setHeader("content-encoding", "gzip, br");
      return void response.end(zlib.brotliCompressSync(zlib.gzipSync(page)));
    case "/bomb":
      response.setHeader("content-encoding", "gzip");
      return void response.end(bomb);
    case "/cut":
      response.setHeader("content-encoding", "gzip");
      return void response.end(zlib.gzipSync(page).subarray(0, 40));
    case "/garbled":
      response.setHeader("content-encoding", "br");
      return void response.end("this is not brotli at all");
    case "/endless": {
      const chunk = Buffer.alloc(64 * 1024, "x");
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on("drain", more);
      more();
      return;
    }
    case "/big": {
      const sizeBytes = Number(url.searchParams.get("bytes"));
      return void response.setHeader("content-length", sizeBytes).end(Buffer.alloc(sizeBytes, "x"));
    }
    case "/slow":
      return;
    case "/drip":
      response.write("a");
      return;
    case "/trickle": {
      const piece = Buffer.alloc(Number(url.searchParams.get("bytes")), "x");
      const pieces = Number(url.searchParams.get("pieces") ?? Number.POSITIVE_INFINITY);
      let written = 0;
      const timer = setInterval(() => {
        response.write(piece);
        if (++written >= pieces) response.end();
      }, 20);
      response.on("close", () => clearInterval(timer));
      return;
    }
    case "/to":
      response.writeHead(Number(url.searchParams.get("status") ?? 302), {
        location: url.searchParams.get("url") ?? "",
      });
      return void response.end("elsewhere");
    case "/hop": {
      const left = Number(url.searchParams.get("left"));
      if (left === 0) return void response.end("there");
      response.writeHead(301, { location: `/hop?left=${left - 1}` });
      return void response.end();
    }
    case "/etag":
      if (request.headers["if-none-match"] === '"v1"') return void response.writeHead(304, { etag: '"v1"' }).end();
      return void response.setHeader("etag", '"v1"').end("fresh");
    default:
      return void response.setHeader("content-type", "text/html").end(page);
  }
}

beforeAll(async () => {
  const sockets = new Map<unknown, number>();
  const port = await listen(
    http.createServer((request, response) => {
      if (!sockets.has(request.socket)) sockets.set(request.socket, sockets.size);
      const chunks: Buffer[] = [];
      request.on("data", (chunk) => chunks.push(chunk));
      request.on("end", () => {
        const { url = "", method = "", headers, socket } = request;
        requests.push({
          url,
          method,
          headers,
          body: Buffer.concat(chunks).toString(),
          socket: sockets.get(socket) ?? -1,
        });
        answer(request, response);
      });
    }),
  );
  site = { port, base: `http://127.0.0.1:${port}` };
});
afterAll(async () => {
  await closeConnections();
  for (const server of servers) {
    if (server instanceof http.Server) server.closeAllConnections();
    server.close();
  }
});

const get = (path: string, options: FetchOptions = {}) =>
  safeFetch(path.startsWith("http") ? path : site.base + path, { allowHosts: [`127.0.0.1:${site.port}`], ...options });
const lookupTo =
  (table: Record<string, string[]>): Lookup =>
  async (name) =>
    table[name] ?? [];

async function refusal(promise: Promise<unknown>): Promise<ErrorCode> {
  const error = await promise.then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(AppError);
  expect((error as AppError).message).toMatch(/^["A-Z].*\.$/);
  return (error as AppError).code;
}

describe("an ordinary answer", () => {
  test("comes with its address, headers and body", async () => {
    const result = await get("/page?a=1");
    expect(result).toMatchObject({
      url: `${site.base}/page?a=1`,
      requestedUrl: `${site.base}/page?a=1`,
      redirects: [],
      status: 200,
      truncated: false,
      notModified: false,
    });
    expect(result.headers["content-type"]).toBe("text/html");
    expect(result.body.toString()).toBe(page);
  });
  test("is asked for with the caller's method, headers and body, but not with headers that belong to the connection", async () => {
    await get("/second", {
      method: "post",
      headers: { "X-Test": "1", Host: "evil.test", "Content-Length": "3" },
      body: "hello",
    });
    expect(requests.at(-1)).toMatchObject({ method: "POST", body: "hello" });
    expect(requests.at(-1)?.headers).toMatchObject({
      "x-test": "1",
      host: `127.0.0.1:${site.port}`,
      "content-length": "5",
    });
  });
  test("comes over kept connections", async () => {
    await closeConnections();
    const before = requests.length;
    for (let i = 0; i < 10; i++) await get(`/kept/${i}`);
    expect(new Set(requests.slice(before).map((r) => r.socket)).size).toBeLessThanOrEqual(2);
  });
  test("304 is told apart, without a body", async () => {
    const first = await get("/etag");
    const again = await get("/etag", { etag: first.headers.etag });
    expect(again).toMatchObject({ status: 304, notModified: true });
    expect(again.body).toHaveLength(0);
  });
  test("HEAD has no body, whatever length it announces", async () => {
    const result = await get("/big?bytes=100000", { method: "HEAD", maxBodyBytes: 10 });
    expect(result.headers["content-length"]).toBe("100000");
    expect(result.body).toHaveLength(0);
  });
});

describe("compression", () => {
  test.each(["as=gzip", "as=br", "as=deflate", "as=deflate&raw"])("%s is undone", async (query) => {
    expect((await get(`/encoded?${query}`)).body.toString()).toBe(page);
  });
  test("layers are undone in order", async () => {
    expect((await get("/twice")).body.toString()).toBe(page);
  });
  test("plain text announced as gzip is taken as it is, a stream cut short as far as it goes", async () => {
    expect((await get("/encoded?as=identity")).body.toString()).toBe(page);
    expect(page.startsWith((await get("/cut")).body.toString())).toBe(true);
  });
  test("an unknown or damaged encoding is a clear failure", async () => {
    expect(await refusal(get("/encoded?as=lzma"))).toBe("fetch_failed");
    expect(await refusal(get("/garbled"))).toBe("fetch_failed");
  });
});

describe("limits", () => {
  test("a gzip bomb is stopped at the limit, or cut there", async () => {
    expect(bomb.length).toBeLessThan(100_000);
    expect(await refusal(get("/bomb", { maxBodyBytes: 1_000_000 }))).toBe("content_too_large");
    const cut = await get("/bomb", { maxBodyBytes: 1_000_000, onTooLarge: "truncate" });
    expect(cut.truncated).toBe(true);
    expect(cut.body).toHaveLength(1_000_000);
  });
  test("an endless body is stopped at the limit, or cut there", async () => {
    expect(await refusal(get("/endless", { maxBodyBytes: 200_000 }))).toBe("content_too_large");
    const cut = await get("/endless", { maxBodyBytes: 200_001, onTooLarge: "truncate" });
    expect(cut).toMatchObject({ truncated: true, status: 200 });
    expect(cut.body).toHaveLength(200_001);
  });
  test("an announced length above the limit is refused, exactly the limit is not", async () => {
    expect(await refusal(get("/big?bytes=1001", { maxBodyBytes: 1_000 }))).toBe("content_too_large");
    expect((await get("/big?bytes=1000", { maxBodyBytes: 1_000 })).truncated).toBe(false);
  });
  test("silence before the headers, within the body, or over all is a timeout", async () => {
    expect(await refusal(get("/slow", { headersTimeoutMs: 100 }))).toBe("timeout");
    expect(await refusal(get("/drip", { headersTimeoutMs: 100 }))).toBe("timeout");
    expect(await refusal(get("/drip", { timeoutMs: 100 }))).toBe("timeout");
  });
  test("a body that trickles without end is a timeout, one that takes as long and comes steadily is read", async () => {
    // Long enough that a busy machine's pause between two pieces is not taken for silence.
    const patience = { headersTimeoutMs: 3_000 };
    expect(await refusal(get("/trickle?bytes=1", patience))).toBe("timeout");
    const steady = await get("/trickle?bytes=16384&pieces=170", patience);
    expect(steady.body).toHaveLength(170 * 16_384);
  });
  test("a resolver that never answers is a timeout too", async () => {
    const lookup: Lookup = () => new Promise(() => {});
    expect(await refusal(safeFetch("https://example.com", { lookup, timeoutMs: 50 }))).toBe("timeout");
  });
  test("the caller's signal ends it, also before it began", async () => {
    const controller = new AbortController();
    const running = get("/slow", { signal: controller.signal });
    controller.abort();
    expect(await refusal(running)).toBe("aborted");
    expect(await refusal(get("/page", { signal: AbortSignal.abort() }))).toBe("aborted");
  });
  test("a kind of content that is not wanted is not read", async () => {
    const acceptType = (type: string | undefined) => type !== "text/html";
    expect(await refusal(get("/page", { acceptType }))).toBe("unsupported_content");
  });
});

describe("redirects", () => {
  const to = (url: string, status = 302) => `/to?status=${status}&url=${encodeURIComponent(url)}`;

  test("are followed and listed, up to the limit and not beyond", async () => {
    const result = await get("/hop?left=5");
    expect(result.url).toBe(`${site.base}/hop?left=0`);
    expect(result.redirects).toHaveLength(5);
    expect(result.redirects[0]).toEqual({
      from: `${site.base}/hop?left=5`,
      to: `${site.base}/hop?left=4`,
      status: 301,
    });
    const error = await get("/hop?left=6").catch((e: unknown) => e);
    expect(fetchProblem(error)).toBe("too_many_redirects");
  });
  test.each([
    "http://169.254.169.254/latest/meta-data",
    "http://localhost/",
    "http://[::1]/",
    "http://10.0.0.1/",
    "http://0/",
  ])("into a private network (%s) are refused", async (url) => {
    expect(await refusal(get(to(url)))).toBe("url_blocked");
  });
  test.each([["file:///etc/passwd"], ["ftp://example.com/"], ["https://user@example.com/"]])(
    "to %s are refused",
    async (url) => {
      expect(await refusal(get(to(url)))).toBe("url_invalid");
    },
  );
  test("to another port of an opened host are refused", async () => {
    const other = await rawServer((socket) => socket.end("HTTP/1.1 200 OK\r\n\r\nsecret"));
    expect(await refusal(get(to(`http://127.0.0.1:${other}/`)))).toBe("url_blocked");
  });
  test("are put to the caller, who may refuse or throw", async () => {
    const asked: string[] = [];
    const onRedirect = async (url: string) => asked.push(url) < 2;
    expect(await refusal(get("/hop?left=3", { onRedirect }))).toBe("url_blocked");
    expect(asked).toEqual([`${site.base}/hop?left=2`, `${site.base}/hop?left=1`]);
    const denied = () => {
      throw new AppError("robots_denied", "The site forbids this page to crawlers.");
    };
    expect(await refusal(get("/hop?left=1", { onRedirect: denied }))).toBe("robots_denied");
    const bug = () => Promise.reject(new TypeError("a bug of the caller"));
    await expect(get("/hop?left=1", { onRedirect: bug })).rejects.toThrow(TypeError);
  });
  test("a private target is refused before the caller is asked", async () => {
    let asked = false;
    const onRedirect = () => {
      asked = true;
      return true;
    };
    expect(await refusal(get(to("http://10.0.0.1/"), { onRedirect }))).toBe("url_blocked");
    expect(asked).toBe(false);
  });
  test("can be left to the caller", async () => {
    const result = await get(to("http://10.0.0.1/x", 308), { redirect: "manual" });
    expect(result).toMatchObject({ status: 308, redirects: [] });
    expect(result.headers.location).toBe("http://10.0.0.1/x");
  });
  test("to nowhere is a clear failure", async () => {
    expect(await refusal(get(to("http://[bad")))).toBe("fetch_failed");
  });
  test("an address in raw UTF-8 arrives as it was meant", async () => {
    const port = await rawServer((socket) =>
      socket.end("HTTP/1.1 302 Found\r\nlocation: /caf\u00e9\r\ncontent-length: 0\r\n\r\n"),
    );
    const result = safeFetch(`http://127.0.0.1:${port}/`, {
      allowHosts: ["127.0.0.1"],
      onRedirect: (url) => url.endsWith("/never"),
    });
    await expect(result).rejects.toThrow(AppError);
    const seen: string[] = [];
    await safeFetch(`http://127.0.0.1:${port}/`, {
      allowHosts: ["127.0.0.1"],
      maxRedirects: 1,
      onRedirect: (url) => seen.push(url) > 0,
    }).catch(() => {});
    expect(seen).toEqual([`http://127.0.0.1:${port}/caf%C3%A9`]);
  });
  test("303 turns a POST into GET, 307 keeps it; another origin gets no credentials", async () => {
    const headers = { authorization: "Bearer x", cookie: "a=b", "x-kept": "1" };
    await get(to("/after", 303), { method: "POST", body: "data", headers });
    expect(requests.at(-1)).toMatchObject({ method: "GET", body: "", headers: { authorization: "Bearer x" } });
    const other = site.base.replace("127.0.0.1", "other.example.com");
    const allow = { allowIps: ["127.0.0.1"], lookup: lookupTo({ "other.example.com": ["127.0.0.1"] }) };
    await get(to(`${other}/after`, 307), { method: "POST", body: "data", headers, ...allow });
    expect(requests.at(-1)).toMatchObject({ method: "POST", body: "data" });
    expect(requests.at(-1)?.headers).toMatchObject({ "x-kept": "1", host: `other.example.com:${site.port}` });
    expect(requests.at(-1)?.headers).not.toHaveProperty("authorization");
    expect(requests.at(-1)?.headers).not.toHaveProperty("cookie");
  });
});

describe("the connection goes where was checked", () => {
  test("a name that changes its answer is asked once per hop, and the second answer is refused", async () => {
    const answers = [["127.0.0.1"], ["10.0.0.1"]];
    let asked = 0;
    const lookup: Lookup = async () => answers[asked++] ?? ["10.0.0.1"];
    const url = `http://rebind.example.com:${site.port}/page`;
    const options = { lookup, allowIps: ["127.0.0.1"] };
    expect((await safeFetch(url, options)).status).toBe(200);
    expect(asked).toBe(1);
    expect(await refusal(safeFetch(url, options))).toBe("url_blocked");
  });
  test("a kept connection is not used for the same name at another address", async () => {
    const lookup: Lookup = async () => ["127.0.0.1"];
    const moved: Lookup = async () => ["127.0.0.2"];
    const url = `http://moved.example.com:${site.port}/page`;
    expect((await safeFetch(url, { lookup, allowIps: ["127.0.0.0/8"] })).status).toBe(200);
    expect(await refusal(safeFetch(url, { lookup: moved, allowIps: ["127.0.0.0/8"] }))).toBe("host_unreachable");
  });
  test("TLS still names the host, not the pinned address", async () => {
    let hello: Buffer = Buffer.alloc(0);
    const port = await rawServer((socket, data) => {
      hello = data;
      socket.end("this is not TLS");
    });
    const lookup = lookupTo({ "shop.example.com": ["127.0.0.1"] });
    expect(await refusal(safeFetch(`https://shop.example.com:${port}/`, { lookup, allowIps: ["127.0.0.1"] }))).toBe(
      "fetch_failed",
    );
    expect(hello.includes("shop.example.com")).toBe(true);
  });
  const hasIPv6 = Object.values(networkInterfaces()).some((list) => list?.some((i) => i.address === "::1"));
  test.skipIf(!hasIPv6)("IPv6 literals work when opened (needs ::1)", async () => {
    const port = await listen(
      http.createServer((_, response) => response.end("six")),
      "::1",
    );
    expect((await safeFetch(`http://[::1]:${port}/`, { allowHosts: [`[::1]:${port}`] })).body.toString()).toBe("six");
    const lookup = lookupTo({ "six.example.com": ["::1"] });
    expect((await safeFetch(`http://six.example.com:${port}/`, { lookup, allowIps: ["::1"] })).body.toString()).toBe(
      "six",
    );
  });
});

describe("broken servers", () => {
  const raw = (port: number, options: FetchOptions = {}) =>
    safeFetch(`http://127.0.0.1:${port}/`, { allowHosts: ["127.0.0.1"], ...options });

  test("nobody listening is unreachable", async () => {
    const server = net.createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    expect(await refusal(raw(port))).toBe("host_unreachable");
  });
  test("a body shorter than announced fails and is not asked for twice", async () => {
    let served = 0;
    const port = await rawServer((socket) => {
      served++;
      socket.end("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort");
    });
    expect(await refusal(raw(port))).toBe("fetch_failed");
    expect(served).toBe(1);
  });
  test("a body longer than announced ends where it was announced", async () => {
    const port = await rawServer((socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello and more"));
    expect((await raw(port)).body.toString()).toBe("hello");
  });
  test("a connection closed before any answer is tried once more for GET, never for POST", async () => {
    let served = 0;
    const port = await rawServer((socket) => {
      served++;
      socket.destroy();
    });
    expect(await refusal(raw(port))).toBe("fetch_failed");
    expect(served).toBe(2);
    expect(await refusal(raw(port, { method: "POST", body: "x" }))).toBe("fetch_failed");
    expect(served).toBe(3);
  });
  test("what is not HTTP, or has endless headers, fails", async () => {
    expect(await refusal(raw(await rawServer((socket) => socket.end("SSH-2.0-OpenSSH\r\n"))))).toBe("fetch_failed");
    const headers = `HTTP/1.1 200 OK\r\n${"x-filler: aaaaaaaaaaaaaaaaaaaa\r\n".repeat(5_000)}`;
    expect(await refusal(raw(await rawServer((socket) => socket.write(headers))))).toBe("content_too_large");
  });
});
