import { type Dispatcher, errors, type Pool } from "undici";
import { AppError } from "@/lib/core/errors";
import { FetchProblem, isClosedConnection } from "./errors";

export type Exchange = {
  path: string;
  method: string;
  headers: Record<string, string>;
  body: string | Uint8Array | null;
  headersTimeoutMs: number;
  /** Between two pieces of the body; one that has taken longer as a whole must come at a steady pace. */
  bodyTimeoutMs: number;
  maxBodyBytes: number;
  truncate: boolean;
  acceptType: ((contentType: string | undefined, status: number) => boolean | number) | undefined;
};

export type RawResponse = {
  status: number;
  headers: Record<string, string>;
  /** As sent: still compressed. Empty for a redirect, whose body nobody reads. */
  body: Buffer;
  /** Reading stopped at maxBodyBytes. */
  truncated: boolean;
  /** The limit that held for it. */
  maxBodyBytes: number;
  firstByteMs: number;
};

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
const MAX_DISCARDED_BYTES = 64 * 1024;
/** Slower than any line: a body that trickles so holds its place and never ends. */
const MIN_BYTES_PER_SECOND = 4 * 1024;
const EMPTY = Buffer.alloc(0);

export const isRedirect = (response: { status: number; headers: Record<string, string> }): boolean =>
  REDIRECTS.includes(response.status) && response.headers.location !== undefined;

/**
 * One request on one connection: no redirects, no decompression. Reading stops at `maxBodyBytes` of the body as sent.
 * `acceptType` may give another limit.
 * @throws AppError "content_too_large" (unless `truncate`), "unsupported_content" when `acceptType` refuses, the signal's
 *   reason when it fires; FetchProblem "stale" when the connection closed before any answer; else what undici throws
 */
export function exchange(pool: Pool, request: Exchange, signal: AbortSignal): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    const reader = new ResponseReader(request, signal, resolve, reject);
    if (signal.aborted) return reader.fail(signal.reason);
    pool.dispatch(
      {
        path: request.path,
        method: request.method as Dispatcher.HttpMethod,
        headers: request.headers,
        body: request.body,
        headersTimeout: request.headersTimeoutMs,
        bodyTimeout: request.bodyTimeoutMs,
      },
      reader,
    );
  });
}

/** Collects a response straight from the parser: no stream objects, one copy of the body at most. */
class ResponseReader implements Dispatcher.DispatchHandler {
  readonly #startedAt = performance.now();
  readonly #onAbort = () => this.fail(this.signal.reason);
  #controller: Dispatcher.DispatchController | undefined;
  #settled = false;
  #status = 0;
  #headers: Record<string, string> = {};
  #chunks: Buffer[] = [];
  #sizeBytes = 0;
  #firstByteMs = 0;
  #discard = false;
  #maxBodyBytes: number;

  constructor(
    private readonly request: Exchange,
    private readonly signal: AbortSignal,
    private readonly resolve: (response: RawResponse) => void,
    private readonly reject: (error: unknown) => void,
  ) {
    this.#maxBodyBytes = request.maxBodyBytes;
    signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#settled) controller.abort(new Error("no longer wanted"));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.#firstByteMs = performance.now() - this.#startedAt;
    this.#status = status;
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined) this.#headers[name] = typeof value === "string" ? value : value.join(", ");
    }
    this.#discard = isRedirect({ status, headers: this.#headers });
    if (this.#discard) return;
    const { acceptType, truncate, method } = this.request;
    const accepted = acceptType?.(this.#headers["content-type"], status) ?? true;
    if (typeof accepted === "number") this.#maxBodyBytes = accepted;
    const announcedBytes = method === "HEAD" ? 0 : Number(this.#headers["content-length"]);
    if (accepted === false) this.fail(unsupported());
    else if (!truncate && announcedBytes > this.#maxBodyBytes) this.fail(tooLarge(this.#maxBodyBytes));
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return;
    this.#sizeBytes += chunk.length;
    if (this.#discard) {
      if (this.#sizeBytes > MAX_DISCARDED_BYTES) this.#finish(false);
      return;
    }
    const { truncate, bodyTimeoutMs } = this.request;
    const bodyMs = performance.now() - this.#startedAt - this.#firstByteMs;
    if (bodyMs > bodyTimeoutMs && this.#sizeBytes < (bodyMs / 1_000) * MIN_BYTES_PER_SECOND) {
      this.fail(new errors.BodyTimeoutError());
      return;
    }
    const excessBytes = this.#sizeBytes - this.#maxBodyBytes;
    if (excessBytes <= 0) {
      this.#chunks.push(chunk);
      return;
    }
    this.#chunks.push(chunk.subarray(0, chunk.length - excessBytes));
    if (truncate) this.#finish(true);
    else this.fail(tooLarge(this.#maxBodyBytes));
  }

  onResponseEnd(): void {
    this.#finish(false);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    // Before any answer it is the keep-alive connection that was gone, not the page.
    this.fail(this.#status === 0 && isClosedConnection(error) ? new FetchProblem("stale", { cause: error }) : error);
  }

  fail(error: unknown): void {
    if (!this.#settle()) return;
    this.#controller?.abort(new Error("stopped reading"));
    this.reject(error);
  }

  #finish(truncated: boolean): void {
    if (!this.#settle()) return;
    const body = this.#chunks.length === 1 ? (this.#chunks[0] ?? EMPTY) : Buffer.concat(this.#chunks);
    this.resolve({
      status: this.#status,
      headers: this.#headers,
      body,
      truncated,
      maxBodyBytes: this.#maxBodyBytes,
      firstByteMs: this.#firstByteMs,
    });
    // A response that ended by itself leaves its connection for the next request; a half-read one cannot.
    if (truncated || (this.#discard && this.#sizeBytes > MAX_DISCARDED_BYTES))
      this.#controller?.abort(new Error("stopped reading"));
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.signal.removeEventListener("abort", this.#onAbort);
    return true;
  }
}

export function tooLarge(maxBodyBytes: number): AppError {
  const limit = maxBodyBytes >= 1024 * 1024 ? `${Math.round(maxBodyBytes / 1024 / 1024)} MB` : `${maxBodyBytes} bytes`;
  return new AppError("content_too_large", `The page is larger than ${limit}. Link to smaller pages instead.`);
}

function unsupported(): AppError {
  return new AppError("unsupported_content", "The address leads to a file of a kind that cannot be read as text.", {
    cause: new FetchProblem("type"),
  });
}
