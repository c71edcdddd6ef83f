import { Agent, request } from "undici";

/** How long pieces of a running answer may be held together: below one flush of the visitor's stream (30–50 ms). */
const GATHER_MS = 20;

/** Signals of calls whose first text has arrived. A call is known here by its own AbortSignal. */
const running = new WeakSet<AbortSignal>();

/**
 * Says that the call of this signal is past its first text: from now on its pieces are gathered for up to 20 ms, since every
 * piece costs six stream stages in the provider's adapter. What comes before is passed on at once.
 */
export function gatherFromNow(signal: AbortSignal): void {
  running.add(signal);
}

/**
 * A `fetch` for the providers' adapters, over undici's `request`. Measured per stream of 60 tokens on 2 cores, adapter
 * included: the platform's fetch 4.0–5.2 ms of CPU, this 2.3–3.3 ms, with gathering 1.9–2.2 ms.
 * No timeouts of its own except for connecting: the gateway's signal ends a call.
 */
export function createModelFetch(): typeof globalThis.fetch {
  const dispatcher = new Agent({
    keepAliveTimeout: 30_000,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: 10_000 },
    allowH2: false,
  });
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
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const flush = () => {
        timer = undefined;
        if (held.length === 0) return;
        controller.enqueue(held.length === 1 ? held[0]! : Buffer.concat(held));
        held = [];
        if ((controller.desiredSize ?? 1) < -64) body.pause();
      };
      body.on("data", (piece: Buffer) => {
        held.push(piece);
        if (signal && running.has(signal)) timer ??= setTimeout(flush, GATHER_MS);
        else flush();
      });
      body.on("end", () => {
        clearTimeout(timer);
        flush();
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
