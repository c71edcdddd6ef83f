import { z } from "zod";
import { sseReader } from "@/components/widget/sse";
import { AnswerStatus, Citation, Cut, type Trace } from "@/lib/chat/schema";
import type { SearchFilters } from "@/lib/knowledge/schema";

export type AskEvent =
  | { event: "delta"; text: string }
  | { event: "citations"; citations: Citation[] }
  | { event: "trace"; trace: Trace }
  | { event: "done"; answerId: string; status: AnswerStatus; cut: Cut | null };

/** Which version is asked, with which model in place of its own; null: the published one, its own model. */
export interface Subject {
  versionId: string | null;
  model: string | null;
}

export type AskFailure = { code: string; message: string; requestId?: string };

const Failure = z.object({ code: z.string(), message: z.string() });
const Refusal = z.object({ error: Failure, requestId: z.string().optional() });
const Delta = z.object({ text: z.string() });
const Citations = z.object({ citations: z.array(Citation) });
const Done = z.object({ answerId: z.uuid(), status: AnswerStatus, cut: Cut.optional() });
/** The trace is the server's own account, shown as it comes; the fields that the panel walks through are checked. */
const TraceShape = z.custom<Trace>(
  (value) =>
    z
      .looseObject({
        candidates: z.array(z.unknown()),
        calls: z.array(z.unknown()),
        prompt: z.array(z.unknown()),
        timings: z.looseObject({}),
      })
      .safeParse(value).success,
);

/** A failure that the person is told about as it is. */
export class AskError extends Error {
  constructor(readonly failure: AskFailure) {
    super(failure.code);
  }
}

/**
 * Asks an agent a question through the playground's stream.
 * @throws AskError with the server's words; AbortError when `signal` was
 */
export async function ask(
  agentId: string,
  body: { conversationId: string; messageId: string; text: string; filters: SearchFilters | null } & Subject,
  signal: AbortSignal,
  onEvent: (event: AskEvent) => void,
): Promise<void> {
  // biome-ignore lint/style/noRestrictedGlobals: runs in the browser and asks its own origin
  const response = await fetch(`/api/playground/${agentId}/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal,
  }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw new AskError({
      code: "offline",
      message: "The server could not be reached. Check your connection and try again.",
    });
  });
  if (!response.ok || !response.body) {
    const refusal = Refusal.safeParse(await response.json().catch(() => null));
    throw new AskError(
      refusal.success
        ? { ...refusal.data.error, ...(refusal.data.requestId && { requestId: refusal.data.requestId }) }
        : { code: "internal", message: "Something went wrong. Try again in a moment." },
    );
  }
  let ended = false;
  const read = sseReader((name, data) => {
    const value: unknown = JSON.parse(data);
    if (name === "delta") onEvent({ event: "delta", text: Delta.parse(value).text });
    else if (name === "citations") onEvent({ event: "citations", citations: Citations.parse(value).citations });
    else if (name === "trace") onEvent({ event: "trace", trace: TraceShape.parse(value) });
    else if (name === "error") throw new AskError(Failure.parse(value));
    else if (name === "done") {
      ended = true;
      const { answerId, status, cut } = Done.parse(value);
      onEvent({ event: "done", answerId, status, cut: cut ?? null });
    }
  });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) read(part.value);
  if (!ended) throw new AskError({ code: "cut_off", message: "The answer was cut off. Try again." });
}
