import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";
import type { GatewayEnv } from "@/lib/llm";
import { parseSources } from "@/lib/llm/sources";
import {
  dialectFor,
  FAKE_MODES,
  type FakeMode,
  type FakeReply,
  type ModelRequest,
  sharedWords,
} from "./fake-model-dialects";

export { FAKE_MODES, type FakeMode, type ModelRequest };

export type FakeModelOptions = {
  /** 0 takes a free port. */
  port?: number;
  /** Delay before the first token, then between tokens. */
  firstTokenMs?: number;
  tokenMs?: number;
  /** Words per answer. */
  tokens?: number;
  /** Where they come from: `filler`, which no source says, or `source`, the first source of the prompt, as a model's that keeps to it. */
  words?: "filler" | "source";
  /** Length of embedding vectors, unless the request asks for another. */
  dimensions?: number;
  mode?: FakeMode;
  /** Value of `retry-after` in the `rate-limited` modes. */
  retryAfterSeconds?: number;
  /** What a request for embeddings may hold; anything beyond is refused with `refuseStatus` (400 unless given). */
  embeddingLimits?: {
    texts?: number;
    totalCharacters?: number;
    textCharacters?: number;
    /** Texts that contain this are refused. */
    forbidden?: string;
    refuseStatus?: 400 | 413;
  };
  /** When set, requests with any other key get 401. */
  apiKey?: string;
  /** The answer's text, or what makes it from the request's body; by default words that cite the first source of the prompt as `[1]`. */
  answer?: string | ((body: string) => string);
  /** How well a document answers a query of `/rerank`; by default the share of the query's words that it has. */
  relevance?: (query: string, document: string) => number;
  /** How many requests are kept for inspection. */
  keepRequests?: number;
};

export type FakeModelServer = {
  /** `http://127.0.0.1:<port>`, without a path. */
  url: string;
  /** What goes into OPENAI_BASE_URL, OPENAI_COMPATIBLE_BASE_URL, ANTHROPIC_BASE_URL; Google's is `googleBaseUrl`. */
  baseUrl: string;
  googleBaseUrl: string;
  /** The newest requests, oldest first. */
  requests: ModelRequest[];
  /** Answers under way. */
  readonly openStreams: number;
  /** Streams whose client went away before the end. */
  readonly abandoned: number;
  setMode(mode: FakeMode): void;
  /** Breaks the connections of the answers under way. */
  cut(): void;
  close(): Promise<void>;
};

type Stream = { res: ServerResponse; reply: FakeReply; startMs: number; sent: number; total: number; mode: FakeMode };

/** Answers by this server, which is asked as any of OpenAI's protocol is; vectors from the product itself. */
export const fakeModelEnv = (
  { baseUrl }: Pick<FakeModelServer, "baseUrl">,
  over: Partial<GatewayEnv> = {},
): GatewayEnv =>
  ({
    OPENAI_COMPATIBLE_BASE_URL: baseUrl,
    CHAT_MODEL: "compatible/fake",
    EMBEDDING_MODEL: "local/hash-384",
    ...over,
  }) as GatewayEnv;

const FILLER =
  "The short answer is yes as the page on this says and it takes only a few minutes so open your account choose the order and follow the steps shown there".split(
    " ",
  );

/**
 * A stand-in for other people's model servers: OpenAI chat completions, responses and embeddings, Anthropic messages, Google
 * generateContent. All streams share one timer, because thousands of timers would cost more than the tokens.
 */
export async function startFakeModelServer(options: FakeModelOptions = {}): Promise<FakeModelServer> {
  const { firstTokenMs = 50, tokenMs = 5, tokens = 60, words: from = "filler", dimensions = 1536 } = options;
  const { keepRequests = 500 } = options;
  const { retryAfterSeconds = 1, apiKey, relevance = sharedWords } = options;
  let serverMode = options.mode ?? "ok";
  let abandoned = 0;
  const requests: ModelRequest[] = [];
  const streams = new Set<Stream>();
  const timesByModel = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;

  function tick() {
    const nowMs = performance.now();
    for (const stream of streams) advance(stream, nowMs);
    if (streams.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  }

  /** Sends every token that is due by now in one write. */
  function advance(stream: Stream, nowMs: number) {
    const { res, reply, mode } = stream;
    const factor = mode === "slow" ? 10 : 1;
    const elapsedMs = nowMs - stream.startMs - firstTokenMs * factor;
    if (elapsedMs < 0) return;
    if (mode === "cut-early") return stop(stream, () => res.destroy());
    if (!res.headersSent) res.writeHead(200, { "content-type": reply.contentType });
    const perTokenMs = tokenMs * factor;
    // The first one alone, however late this is: an answer that takes time never comes in one piece.
    const isFirst = stream.sent === 0;
    const due = perTokenMs > 0 ? (isFirst ? 1 : Math.floor(elapsedMs / perTokenMs) + 1) : Number.POSITIVE_INFINITY;
    const until = Math.min(due, stream.total);
    if (stream.sent < until) {
      let text = isFirst ? reply.head() : "";
      for (; stream.sent < until; stream.sent++) text += reply.token(stream.sent);
      res.write(text);
    }
    if (stream.sent < stream.total) return;
    if (mode === "stalled") return;
    if (mode === "cut") return stop(stream, () => res.destroy());
    const head = stream.total === 0 ? reply.head() : "";
    const tail = mode === "unfinished" || mode === "overloaded" ? "" : reply.tail();
    stop(stream, () => res.end(head + tail));
  }

  function stop(stream: Stream, finish: () => void) {
    streams.delete(stream);
    finish();
  }

  function handle(req: IncomingMessage, res: ServerResponse, body: string) {
    const request = readRequest(req, body);
    const dialect = dialectFor(request.path);
    if (!request.json || !dialect) return fail(res, 404, { message: "no such endpoint", type: "not_found_error" });
    request.model ||= dialect.model(request);
    requests.push(request);
    if (requests.length > keepRequests) requests.shift();
    const mode = modeOf(request.model);

    if (apiKey && request.apiKey !== apiKey) return fail(res, 401, { message: `Incorrect API key: ${request.apiKey}` });
    if (mode === "unauthorized") return fail(res, 401, { message: `Incorrect API key provided: ${request.apiKey}` });
    if (mode === "unknown-model") return fail(res, 404, { message: "no such model", type: "not_found_error" });
    if (mode === "bad-request")
      return fail(res, 400, { message: "unsupported parameter", type: "invalid_request_error" });
    if (mode === "fail") return fail(res, 500, { message: "internal error", type: "api_error" });
    if (mode === "hang") return;
    if (mode === "rate-limited") {
      const error = { message: "slow down", type: "rate_limit_error", code: "rate_limit_exceeded" };
      return fail(res, 429, error, { "retry-after": String(retryAfterSeconds) });
    }
    const texts = dialect.texts?.(request) ?? [];
    if (isBeyond(texts, options.embeddingLimits))
      return fail(res, options.embeddingLimits?.refuseStatus ?? 400, {
        message: "input is too long, or not allowed",
        type: "invalid_request_error",
      });
    if (mode === "garbage")
      return void res.writeHead(200, { "content-type": "text/event-stream" }).end("data: <html>oops\n\n");

    const given = typeof options.answer === "function" ? options.answer(body) : options.answer;
    const answer = given ?? answerOf(body, tokens, from === "source" ? wordsOfSource(request.json) : FILLER);
    const isSilent = mode === "empty" || mode === "refused" || mode === "overloaded";
    const words = isSilent ? [] : answer.split(/(?<=\s)/);
    const reply = dialect.reply({
      request,
      words,
      dimensions,
      mode,
      relevance,
      inputTokens: Math.ceil(body.length / 4),
    });
    if (reply.whole !== undefined) {
      const waitMs = request.stream ? 0 : firstTokenMs + (dialect.isEmbedding ? 0 : words.length * tokenMs);
      const whole = reply.whole;
      setTimeout(() => res.writeHead(200, { "content-type": "application/json" }).end(whole), waitMs);
      return;
    }
    const few = Math.min(5, words.length);
    const partial = mode === "cut" || mode === "stalled" || mode === "unfinished";
    const total = mode === "endless" ? Number.POSITIVE_INFINITY : partial ? few : words.length;
    const stream: Stream = { res, reply, startMs: performance.now(), sent: 0, total, mode };
    streams.add(stream);
    res.on("close", () => {
      if (streams.delete(stream) && !res.writableFinished) abandoned++;
    });
    timer ??= setInterval(tick, 1);
  }

  /** `…-once` modes succeed from the second request of that model on. */
  function modeOf(model: string): FakeMode {
    const named = FAKE_MODES.find((mode) => model.endsWith(`.${mode}`));
    const mode = named ?? serverMode;
    const failures = mode === "fail-twice" ? 2 : mode.endsWith("-once") ? 1 : 0;
    if (!failures) return mode;
    const times = (timesByModel.get(model) ?? 0) + 1;
    timesByModel.set(model, times);
    if (times > failures) return "ok";
    return mode.replace(/-(once|twice)$/, "") as FakeMode;
  }

  const server = createServer((req, res) => {
    let body = "";
    req.setEncoding("utf8");
    req.on("data", (chunk: string) => {
      body += chunk;
    });
    req.on("end", () => handle(req, res, body));
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", 1024, resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    baseUrl: `${url}/v1`,
    googleBaseUrl: `${url}/v1beta`,
    requests,
    get openStreams() {
      return streams.size;
    },
    get abandoned() {
      return abandoned;
    },
    setMode(mode) {
      serverMode = mode;
      timesByModel.clear();
    },
    cut() {
      for (const stream of streams) stop(stream, () => stream.res.destroy());
    },
    async close() {
      clearInterval(timer);
      streams.clear();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function isBeyond(texts: string[], limits: FakeModelOptions["embeddingLimits"] = {}): boolean {
  const most = (limit: number | undefined) => limit ?? Number.POSITIVE_INFINITY;
  return (
    texts.length > most(limits.texts) ||
    texts.reduce((sum, text) => sum + text.length, 0) > most(limits.totalCharacters) ||
    texts.some(
      (text) => text.length > most(limits.textCharacters) || (limits.forbidden && text.includes(limits.forbidden)),
    )
  );
}

function readRequest(req: IncomingMessage, body: string): ModelRequest {
  const { authorization, "x-api-key": anthropicKey, "x-goog-api-key": googleKey } = req.headers;
  const path = (req.url ?? "/").split("?")[0] ?? "/";
  let json: ModelRequest["json"] | undefined;
  try {
    json = JSON.parse(body);
  } catch {
    json = undefined;
  }
  return {
    method: req.method ?? "",
    path,
    apiKey: String(authorization?.replace(/^Bearer /, "") ?? anthropicKey ?? googleKey ?? ""),
    model: typeof json?.model === "string" ? json.model : "",
    stream: json?.stream === true || path.endsWith(":streamGenerateContent"),
    json: json as ModelRequest["json"],
  };
}

function fail(
  res: ServerResponse,
  status: number,
  error: Record<string, unknown>,
  headers: Record<string, string> = {},
) {
  res.writeHead(status, { "content-type": "application/json", ...headers });
  res.end(JSON.stringify({ type: "error", error: { code: status, status: "ERROR", ...error } }));
}

/** Of the prompt's first source, without figures, addresses and markup, which would have to be repeated as they stand. */
function wordsOfSource({ messages }: ModelRequest["json"]): string[] {
  const prompts = Array.isArray(messages) ? messages.map(({ content }: { content?: unknown }) => content) : [];
  const [source] = parseSources(prompts.filter((content) => typeof content === "string").join("\n"));
  const words = source?.text.split(/\s+/).filter((word) => /^\p{L}{2,}[.,]?$/u.test(word)) ?? [];
  return words.length > 0 ? words : FILLER;
}

/** `count` words; cites the first source when the prompt has any. */
function answerOf(prompt: string, count: number, from: string[]): string {
  const words: string[] = [];
  for (let i = 0; i < count; i++) words.push(from[i % from.length] ?? "");
  const cites = /<source id=\\?"1\\?"/.test(prompt);
  if (cites && words.length > 1) words[words.length - 1] = "[1].";
  return words.join(" ");
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "0" },
      "first-token-ms": { type: "string", default: "50" },
      "token-ms": { type: "string", default: "5" },
      tokens: { type: "string", default: "60" },
      words: { type: "string", default: "filler" },
      dimensions: { type: "string", default: "1536" },
      mode: { type: "string", default: "ok" },
    },
  });
  const server = await startFakeModelServer({
    port: Number(values.port),
    firstTokenMs: Number(values["first-token-ms"]),
    tokenMs: Number(values["token-ms"]),
    tokens: Number(values.tokens),
    words: values.words as "filler" | "source",
    dimensions: Number(values.dimensions),
    mode: values.mode as FakeMode,
    keepRequests: 0,
  });
  process.stdout.write(`${server.url}\n`);
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void server.close().then(() => process.exit(0)));
}
