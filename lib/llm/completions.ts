import { StringDecoder } from "node:string_decoder";
import {
  APICallError,
  JSONParseError,
  type LanguageModelV4,
  type LanguageModelV4CallOptions,
  type LanguageModelV4StreamPart,
} from "@ai-sdk/provider";
import { gatherMs } from "@/lib/core/pace";
import { type ModelConnections, type ModelRequest, postJson } from "./http";

type Finish = Extract<LanguageModelV4StreamPart, { type: "finish" }>;
/** Of a stream's parts those that the gateway looks at. */
type Part = Extract<LanguageModelV4StreamPart, { type: "text-delta" | "error" | "finish" }>;

/** What a call reads an answer from; a web stream's reader is one too. */
export interface PartReader {
  read(): Promise<{ done: boolean; value?: LanguageModelV4StreamPart }>;
  cancel(): Promise<void>;
}

const MAX_ERROR_BYTES = 16_384;
/** A reader that fell as far behind reads on before the server is listened to again. */
const MAX_WAITING_CHARACTERS = 65_536;

/** No event is as long: what sends on without a blank line is no stream of events, and would be held and searched from its beginning with each piece. */
const MAX_EVENT_CHARACTERS = 1_000_000;

/** Streams being read. */
let openStreams = 0;

/**
 * Asks a server of OpenAI's chat completions and reads its stream by hand: an adapter's reading takes each event through six stages of web
 * streams, which costs three times as much processor time as the rest of a call.
 * @throws APICallError when the server refuses, and what undici throws when it cannot be reached
 */
export async function openCompletions(
  asked: ModelRequest,
  connections: ModelConnections,
  signal: AbortSignal | undefined,
): Promise<PartReader> {
  const { statusCode, headers, body } = await postJson(connections, { ...asked, signal });
  if (statusCode >= 200 && statusCode < 300) return new CompletionsReader(body);
  let said = "";
  for await (const piece of body.setEncoding("utf8")) {
    said += piece;
    if (said.length > MAX_ERROR_BYTES) break;
  }
  throw new APICallError({
    message: `HTTP ${statusCode}`,
    url: asked.url,
    requestBodyValues: {},
    statusCode,
    responseHeaders: Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
    ),
    responseBody: said,
  });
}

/** A request in place of its sending. */
class Taken {
  constructor(readonly request: ModelRequest) {}
}

/** For adapters that are to say what they would send, and not to send it. */
export const takingFetch: typeof globalThis.fetch = async (url, init) => {
  throw new Taken({ url: String(url), headers: init?.headers as Record<string, string>, body: init?.body as string });
};

/**
 * What an adapter over `takingFetch` would send. So whatever it knows of a model (that one that thinks takes `max_completion_tokens` and no
 * temperature, for example) holds here too, and nothing of it is used but what every adapter has.
 */
export async function requestOf(
  model: Pick<LanguageModelV4, "doStream">,
  options: LanguageModelV4CallOptions,
): Promise<ModelRequest> {
  try {
    await model.doStream(options);
  } catch (thrown) {
    if (thrown instanceof Taken) return thrown.request;
    throw thrown;
  }
  throw new Error("the adapter asked nothing");
}

/**
 * The events of a chat completion as parts. The first text is passed on at once; what comes after is gathered for a moment (see core/pace.ts),
 * read together, and passed on as one piece.
 */
export class CompletionsReader implements PartReader {
  private readonly decoder = new StringDecoder("utf8");
  /** What no blank line has ended yet. */
  private rest = "";
  private held: Buffer[] = [];
  private timer: NodeJS.Timeout | undefined;
  private hasText = false;
  /** The first piece leaves alone, however much came with it. */
  private firstText = "";
  private text = "";
  private hasRefusal = false;
  private finishReason: string | undefined;
  private usage: ChunkUsage | undefined;
  private failure: { error: unknown } | undefined;
  private isEnded = false;
  private isFinished = false;
  private wake: (() => void) | undefined;

  constructor(private readonly body: NodeJS.ReadableStream & { destroy(): unknown }) {
    openStreams++;
    body.on("data", (piece: Buffer) => {
      if (!this.hasText) return this.take(piece);
      this.held.push(piece);
      this.timer ??= setTimeout(() => this.flush(), gatherMs(openStreams));
    });
    body.on("end", () => {
      this.flush();
      this.take(Buffer.from(this.decoder.end()));
      if (this.rest) this.takeEvent(this.rest);
      this.isEnded = true;
      this.wake?.();
    });
    body.on("error", (error: Error) => {
      this.flush();
      this.fail(error);
    });
    body.on("close", () => {
      openStreams--;
      clearTimeout(this.timer);
      if (!this.isEnded) this.fail(new Error("closed"));
    });
  }

  /** Text first, then what went wrong, then the end. */
  async read(): Promise<{ done: boolean; value?: Part }> {
    for (;;) {
      if (this.firstText || this.text) {
        const delta = this.firstText || this.text;
        if (this.firstText) this.firstText = "";
        else this.text = "";
        this.body.resume();
        return { done: false, value: { type: "text-delta", id: "0", delta } };
      }
      if (this.failure) return { done: false, value: { type: "error", error: this.failure.error } };
      if (this.isFinished) return { done: true };
      if (this.isEnded) {
        this.isFinished = true;
        return this.finishReason === undefined ? { done: true } : { done: false, value: this.finish() };
      }
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  async cancel(): Promise<void> {
    this.held = [];
    clearTimeout(this.timer);
    this.body.destroy();
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.held.length === 0) return;
    const bytes = this.held.length === 1 ? this.held[0]! : Buffer.concat(this.held);
    this.held = [];
    this.take(bytes);
  }

  private take(bytes: Buffer): void {
    const all = (this.rest + this.decoder.write(bytes)).replaceAll("\r\n", "\n");
    const end = all.lastIndexOf("\n\n");
    this.rest = all.slice(end < 0 ? 0 : end + 2);
    if (end >= 0) for (const event of all.slice(0, end).split("\n\n")) this.takeEvent(event);
    if (this.rest.length > MAX_EVENT_CHARACTERS) {
      this.rest = "";
      this.fail(new JSONParseError({ text: "", cause: new Error("an event without an end") }));
      this.body.destroy();
    }
    if (this.text.length > MAX_WAITING_CHARACTERS) this.body.pause();
    if (this.firstText || this.text || this.failure) this.wake?.();
  }

  private takeEvent(event: string): void {
    if (this.failure) return;
    const data = dataOf(event);
    if (data === "" || data === "[DONE]") return;
    let chunk: Chunk | null;
    try {
      chunk = JSON.parse(data) as Chunk | null;
    } catch (cause) {
      this.fail(new JSONParseError({ text: "", cause }));
      return;
    }
    if (chunk?.error) {
      this.fail(chunk.error);
      return;
    }
    if (chunk?.usage) this.usage = chunk.usage;
    const choice = chunk?.choices?.[0];
    if (choice?.finish_reason) this.finishReason = choice.finish_reason;
    const { content, refusal } = choice?.delta ?? {};
    if (typeof content === "string") this.text += content;
    else if (Array.isArray(content))
      for (const part of content) if (part?.type === "text") this.text += part.text ?? "";
    if (typeof refusal === "string" && refusal) {
      this.hasRefusal = true;
      this.text += refusal;
    }
  }

  private fail(error: unknown): void {
    this.failure ??= { error };
    this.wake?.();
  }

  private finish(): Finish {
    const { prompt_tokens, completion_tokens, prompt_tokens_details } = this.usage ?? {};
    const cacheRead = count(prompt_tokens_details?.cached_tokens);
    return {
      type: "finish",
      finishReason: { unified: this.unifiedReason(), raw: this.finishReason },
      usage: {
        inputTokens: { total: count(prompt_tokens), noCache: undefined, cacheRead, cacheWrite: undefined },
        outputTokens: { total: count(completion_tokens), text: undefined, reasoning: undefined },
      },
    };
  }

  private unifiedReason(): Finish["finishReason"]["unified"] {
    switch (this.finishReason) {
      case "stop":
        return this.hasRefusal ? "content-filter" : "stop";
      case "length":
        return "length";
      case "content_filter":
        return "content-filter";
      default:
        return "other";
    }
  }
}

/** As servers send it; nothing of it is taken for granted. */
interface Chunk {
  error?: unknown;
  usage?: ChunkUsage | null;
  choices?: {
    finish_reason?: string | null;
    delta?: {
      content?: string | ({ type?: string; text?: string } | null)[] | null;
      refusal?: string | null;
    } | null;
  }[];
}
interface ChunkUsage {
  prompt_tokens?: number;
  completion_tokens?: number;
  prompt_tokens_details?: { cached_tokens?: number } | null;
}

const count = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

/** The `data:` lines of one event; comments and other fields are left out. */
function dataOf(event: string): string {
  if (event.startsWith("data:") && !event.includes("\n")) return event.slice(5).trim();
  return event
    .split("\n")
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice(5).trim())
    .join("\n");
}
