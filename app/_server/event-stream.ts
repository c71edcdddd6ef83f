import "server-only";

const encoder = new TextEncoder();

/** A streamed body from a function that writes it. When the reader goes away, `signal` is aborted; the function still ends its work. */
export function eventStream(
  produce: (write: (chunk: string) => void, signal: AbortSignal) => Promise<void>,
  headers: Record<string, string>,
): Response {
  const gone = new AbortController();
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      await produce((chunk) => {
        if (!gone.signal.aborted) controller.enqueue(encoder.encode(chunk));
      }, gone.signal);
      if (!gone.signal.aborted) controller.close();
    },
    cancel() {
      gone.abort();
    },
  });
  return new Response(body, { headers });
}
