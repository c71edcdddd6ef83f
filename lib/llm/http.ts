import { Agent, type Dispatcher, request } from "undici";
import { gatherMs } from "@/lib/core/pace";
import { EventMerger } from "./merge-events";

/** Bodies that are being read. */
let openBodies = 0;

/** Signals of calls whose first text has arrived. A call is known here by its own AbortSignal. */
const running = new WeakSet<AbortSignal>();

/**
 * Says that the call of this signal is past its first text: from now on its pieces are gathered for a moment (see core/pace.ts)
 * and joined, since every event costs six stream stages in the provider's adapter. What comes before is passed on at once.
 */
export function gatherFromNow(signal: AbortSignal): void {
  running.add(signal);
}

export type ModelConnections = Dispatcher;

/** The connections to providers. No timeouts of their own except for connecting: the gateway's signal ends a call. */
export const modelConnections = (): ModelConnections =>
  new Agent({
    keepAliveTimeout: 30_000,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: 10_000 },
    allowH2: false,
  });

export interface ModelRequest {
  url: string;
  headers: Record<string, string>;
  /** JSON. */
  body: string;
}

/** Posts a request and gives the reply as it comes, whatever its status. */
export const postJson = (
  dispatcher: ModelConnections,
  { url, headers, body, signal }: ModelRequest & { signal: AbortSignal | undefined },
) => request(url, { method: "POST", headers, body, signal, dispatcher });

/**
 * A `fetch` for the providers' adapters, over undici's `request`. Measured per stream of 60 tokens on 2 cores, adapter
 * included: the platform's fetch 4.0–5.2 ms of CPU, this 2.3–3.3 ms, with gathering 1.9–2.2 ms, and less with joining.
 */
export function createModelFetch(dispatcher: ModelConnections): typeof globalThis.fetch {
  return async (input, init = {}) => {
    const signal = init.signal ?? undefined;
    const response = await request(String(input), {
      method: (init.method ?? "GET") as "GET" | "POST",
      headers: init.headers as Record<string, string>,
      body: init.body as string,
      signal,
      dispatcher,
    });
    const { statusCode: status, body } = response;
    const headers = new Headers();
    for (const [name, value] of Object.entries(response.headers)) {
      for (const one of [value ?? []].flat()) headers.append(name, one);
    }
    const isBodiless = status === 204 || status === 205 || status === 304;
    if (isBodiless) body.resume();
    return new Response(isBodiless ? null : toWebStream(body, signal), { status, headers });
  };
}

type Body = Awaited<ReturnType<typeof request>>["body"];

function toWebStream(body: Body, signal: AbortSignal | undefined): ReadableStream<Uint8Array> {
  let held: Buffer[] = [];
  let timer: NodeJS.Timeout | undefined;
  const merger = new EventMerger();
  openBodies++;
  body.once("close", () => openBodies--);
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const pass = (bytes: Uint8Array) => {
        if (bytes.length === 0) return;
        controller.enqueue(bytes);
        if ((controller.desiredSize ?? 1) < -64) body.pause();
      };
      const flush = (isLast = false) => {
        timer = undefined;
        // Latin-1 keeps every byte, also half a character at the border of two pieces.
        const text = Buffer.concat(held).toString("latin1");
        held = [];
        pass(Buffer.from(merger.push(text) + (isLast ? merger.end() : ""), "latin1"));
      };
      body.on("data", (piece: Buffer) => {
        const isRunning = signal && running.has(signal);
        if (!isRunning && held.length === 0) return pass(piece);
        held.push(piece);
        timer ??= setTimeout(() => flush(), gatherMs(openBodies));
      });
      body.on("end", () => {
        clearTimeout(timer);
        flush(true);
        controller.close();
      });
      body.on("error", (error: Error) => {
        clearTimeout(timer);
        controller.error(error);
      });
    },
    pull() {
      body.resume();
    },
    cancel() {
      clearTimeout(timer);
      held = [];
      body.destroy();
    },
  });
}
