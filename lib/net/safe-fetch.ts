import { AppError } from "@/lib/core/errors";
import type { ResolvedAddress } from "./addresses";
import { type CheckOptions, checkUrl } from "./check-url";
import { pinnedPool } from "./connections";
import { decompress } from "./decompress";
import { FetchProblem, timeoutError, toAppError } from "./errors";
import { exchange, isRedirect, type RawResponse } from "./exchange";

export type FetchOptions = CheckOptions & {
  method?: string;
  headers?: Record<string, string | undefined>;
  body?: string | Uint8Array;
  signal?: AbortSignal;
  /** Sent as If-None-Match / If-Modified-Since; a 304 gives `notModified`. */
  etag?: string | undefined;
  lastModified?: string | undefined;
  /** TCP and TLS. Default 10 s. */
  connectTimeoutMs?: number;
  /** From the request sent to the headers received, and between two pieces of the body; from then on a body must bring 4 KiB a second. Default 10 s. */
  headersTimeoutMs?: number;
  /** The whole call: lookups, redirects, body. Default 30 s. */
  timeoutMs?: number;
  /** Of the body as sent and of the body decompressed. Default 10 MiB. */
  maxBodyBytes?: number;
  /** Default "error"; "truncate" keeps the first `maxBodyBytes`. */
  onTooLarge?: "error" | "truncate";
  /** Default "follow"; "manual" returns the 3xx answer itself, without its body. */
  redirect?: "follow" | "manual";
  /** Default 5. */
  maxRedirects?: number;
  /** Asked before each hop is followed; false refuses it, a thrown error passes through. */
  onRedirect?: (url: string) => boolean | Promise<boolean>;
  /** Asked when the headers are in; false stops before the body is read, a number is the limit of this body in place of `maxBodyBytes`. */
  acceptType?: (contentType: string | undefined, status: number) => boolean | number;
};

export type FetchResult = {
  /** Where the answer came from, after redirects. */
  url: string;
  requestedUrl: string;
  redirects: { from: string; to: string; status: number }[];
  status: number;
  /** Lower-case names; repeated headers are joined with ", ". */
  headers: Record<string, string>;
  /** Decompressed. */
  body: Buffer;
  truncated: boolean;
  notModified: boolean;
  timings: { firstByteMs: number; totalMs: number };
};

/** Set by the connection itself; from callers (and, one day, tenants) they would let a request lie about where it goes. */
const OWN_HEADERS =
  /^(host|connection|content-length|transfer-encoding|upgrade|te|trailer|keep-alive|expect|proxy-.*)$/;
const CREDENTIALS = ["authorization", "cookie"];
const MEBIBYTE = 1024 * 1024;

/**
 * The only way out of the product to an address that someone gave it. Every hop is checked as `checkUrl` does and the
 * connection is pinned to the addresses that were checked, so a changing DNS answer changes nothing.
 * @returns any HTTP status: 404 and 503 are answers, not errors
 * @throws AppError url_invalid, url_blocked, host_unreachable, fetch_failed, timeout, content_too_large, unsupported_content,
 *   aborted (the caller's signal); `fetchProblem(error)` tells e.g. "too_many_redirects"
 * Credentials in headers are dropped when a redirect leaves the origin.
 */
export async function safeFetch(url: string | URL, options: FetchOptions = {}): Promise<FetchResult> {
  const startedAt = performance.now();
  const deadline = new AbortController();
  const requested = String(url);
  const timer = setTimeout(() => deadline.abort(timeoutError(hostOf(requested))), options.timeoutMs ?? 30_000);
  const onAbort = () =>
    deadline.abort(new AppError("aborted", "The request was cancelled.", { cause: options.signal?.reason }));
  if (options.signal?.aborted) onAbort();
  options.signal?.addEventListener("abort", onAbort, { once: true });
  try {
    return await follow(requested, options, deadline.signal, startedAt);
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", onAbort);
  }
}

async function follow(
  requestedUrl: string,
  options: FetchOptions,
  signal: AbortSignal,
  startedAt: number,
): Promise<FetchResult> {
  const { maxRedirects = 5, maxBodyBytes = 10 * MEBIBYTE } = options;
  const truncate = options.onTooLarge === "truncate";
  const redirects: FetchResult["redirects"] = [];
  const request = {
    method: (options.method ?? "GET").toUpperCase(),
    headers: requestHeaders(options),
    body: options.body,
  };
  let target = await checkedTarget(requestedUrl, options, signal);
  for (;;) {
    const { url } = target;
    const response = await send(target, request, options, { maxBodyBytes, truncate }, signal);
    if (options.redirect === "manual" || !isRedirect(response)) {
      const encoding = response.headers["content-encoding"];
      const inflated = await decompress(response.body, encoding, response.maxBodyBytes, truncate);
      return {
        url: url.href,
        requestedUrl,
        redirects,
        status: response.status,
        headers: response.headers,
        body: inflated.body,
        truncated: response.truncated || inflated.truncated,
        notModified: response.status === 304,
        timings: { firstByteMs: response.firstByteMs, totalMs: performance.now() - startedAt },
      };
    }
    const next = redirectTarget(response.headers.location ?? "", url);
    redirects.push({ from: url.href, to: next.href, status: response.status });
    if (redirects.length > maxRedirects) throw tooManyRedirects(url.hostname, maxRedirects);
    // Checked before the caller is asked, who may want to fetch the new host's robots.txt to decide.
    target = await checkedTarget(next.href, options, signal);
    if (options.onRedirect && !(await untilAborted(Promise.resolve(options.onRedirect(next.href)), signal)))
      throw new AppError("url_blocked", `The page leads to ${next.origin}, which may not be read from here.`);
    adaptToRedirect(request, response.status, url, next);
  }
}

type Target = { url: URL; addresses: ResolvedAddress[] };
type Request = { method: string; headers: Record<string, string>; body: string | Uint8Array | undefined };

async function checkedTarget(href: string, options: FetchOptions, signal: AbortSignal): Promise<Target> {
  const check = await untilAborted(checkUrl(href, options), signal);
  if (!check.ok) throw new AppError(check.code, check.reason);
  return check;
}

async function send(
  { url, addresses }: Target,
  request: Request,
  options: FetchOptions,
  limits: { maxBodyBytes: number; truncate: boolean },
  signal: AbortSignal,
): Promise<RawResponse> {
  const pool = pinnedPool(url.origin, addresses, options.connectTimeoutMs ?? 10_000);
  const headersTimeoutMs = options.headersTimeoutMs ?? 10_000;
  const details = {
    ...limits,
    path: url.pathname + url.search,
    method: request.method,
    headers: request.headers,
    body: request.body ?? null,
    headersTimeoutMs,
    bodyTimeoutMs: headersTimeoutMs,
    acceptType: options.acceptType,
  };
  const repeatable = request.method === "GET" || request.method === "HEAD";
  try {
    return await exchange(pool, details, signal).catch((error: unknown) => {
      if (repeatable && error instanceof FetchProblem && error.kind === "stale") return exchange(pool, details, signal);
      throw error;
    });
  } catch (error) {
    throw toAppError(error, url.hostname);
  }
}

function requestHeaders(options: FetchOptions): Record<string, string> {
  const headers: Record<string, string> = { "accept-encoding": "gzip, br, deflate" };
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    const key = name.toLowerCase();
    if (value !== undefined && !OWN_HEADERS.test(key)) headers[key] = value;
  }
  headers["user-agent"] ??= "AlonChatBot/1.0";
  headers.accept ??= "*/*";
  if (options.etag) headers["if-none-match"] = options.etag;
  if (options.lastModified) headers["if-modified-since"] = options.lastModified;
  return headers;
}

function redirectTarget(location: string, base: URL): URL {
  // Servers send raw UTF-8 here, which HTTP libraries hand over as Latin-1.
  const utf8 = Buffer.from(location, "latin1").toString("utf8");
  const target = URL.parse(utf8.includes("\ufffd") ? location : utf8, base);
  if (!target)
    throw new AppError("fetch_failed", `"${base.hostname}" redirects to something that is not an address.`, {
      cause: new FetchProblem("bad_redirect"),
    });
  if (target.hash === "") target.hash = base.hash;
  return target;
}

/** What browsers do: 303, and 301/302 after POST, become a plain GET; other origins get no credentials. */
function adaptToRedirect(request: Request, status: number, from: URL, to: URL): void {
  const becomesGet =
    (status === 303 && request.method !== "HEAD") || ((status === 301 || status === 302) && request.method === "POST");
  if (becomesGet) {
    request.method = "GET";
    request.body = undefined;
    delete request.headers["content-type"];
  }
  if (from.origin !== to.origin) for (const name of CREDENTIALS) delete request.headers[name];
}

function tooManyRedirects(host: string, maxRedirects: number): AppError {
  return new AppError("fetch_failed", `"${host}" redirects more than ${maxRedirects} times. Give the final address.`, {
    cause: new FetchProblem("too_many_redirects"),
  });
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

function hostOf(url: string): string {
  return URL.parse(url)?.hostname || "the site";
}
