/**
 * What goes wrong. Chosen for the whole server (`mode`, `setMode`) or for one request by ending the model's name with it,
 * for example `gpt-fake.rate-limited`.
 */
export const FAKE_MODES = [
  "ok",
  "rate-limited", // 429 with retry-after
  "rate-limited-once",
  "fail", // 500
  "fail-once",
  "fail-twice",
  "overloaded", // an error event inside a stream that began with 200
  "unauthorized",
  "unknown-model",
  "bad-request",
  "garbage", // 200, but not what the protocol says
  "garbage-once",
  "cut", // the connection dies in the middle of the answer
  "cut-early", // the connection dies before the first byte
  "unfinished", // the answer ends cleanly, but without a finish
  "stalled", // some tokens, then silence on an open connection
  "hang", // never answers
  "endless", // never stops, whatever max_tokens says
  "empty",
  "slow", // ten times the configured delays
  "no-usage",
  "refused", // stopped by the provider's content filter
  "short-vectors", // embeddings of different lengths
  "missing-vectors",
  "nan-vectors",
] as const;
export type FakeMode = (typeof FAKE_MODES)[number];

/** One recorded request; `json` is its parsed body. */
export type ModelRequest = {
  method: string;
  path: string;
  apiKey: string;
  model: string;
  stream: boolean;
  json: Record<string, unknown>;
};

/** Either a whole body, or the pieces of a stream: head with the first token, one piece per token, tail. */
export type FakeReply = {
  contentType: string;
  whole?: string;
  head(): string;
  token(index: number): string;
  tail(): string;
};

type ReplyInput = {
  request: ModelRequest;
  words: string[];
  dimensions: number;
  mode: FakeMode;
  relevance: (query: string, document: string) => number;
  inputTokens: number;
};

type Dialect = {
  isEmbedding?: boolean;
  /** The texts to embed. */
  texts?(request: ModelRequest): string[];
  model(request: ModelRequest): string;
  reply(input: ReplyInput): FakeReply;
};

/** The protocol spoken at a path, or undefined when none is. */
export function dialectFor(path: string): Dialect | undefined {
  if (path.endsWith("/chat/completions")) return chatCompletions;
  if (path.endsWith("/responses")) return responses;
  if (path.endsWith("/embeddings")) return embeddings;
  if (path.endsWith("/rerank")) return ranking;
  if (path.endsWith("/messages")) return anthropicMessages;
  if (/:(stream)?[gG]enerateContent$/.test(path)) return googleGenerate;
  if (/:(e|batchE)mbedContents?$/.test(path)) return googleEmbed;
  return undefined;
}

const json = (value: unknown) => JSON.stringify(value);
const sse = (value: unknown) => `data: ${json(value)}\n\n`;
const event = (type: string, value: object) => `event: ${type}\n${sse({ type, ...value })}`;
const whole = (value: unknown): FakeReply => ({
  contentType: "application/json",
  whole: json(value),
  head: () => "",
  token: () => "",
  tail: () => "",
});
const stream = (pieces: Pick<FakeReply, "head" | "token" | "tail">): FakeReply => ({
  contentType: "text/event-stream",
  ...pieces,
});
const named = (request: ModelRequest) => request.model;

const chatCompletions: Dialect = {
  model: named,
  reply({ request, words, mode, inputTokens }) {
    const base = { id: "chatcmpl-fake", created: 1, model: request.model };
    const usage = {
      prompt_tokens: inputTokens,
      completion_tokens: words.length,
      total_tokens: inputTokens + words.length,
    };
    const finish = mode === "refused" ? "content_filter" : "stop";
    if (!request.stream) {
      const choice = { index: 0, message: { role: "assistant", content: words.join("") }, finish_reason: finish };
      return whole({
        ...base,
        object: "chat.completion",
        choices: [choice],
        ...(mode === "no-usage" ? {} : { usage }),
      });
    }
    const chunk = (delta: object, reason: string | null = null, more: object = {}) =>
      sse({ ...base, object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason: reason }], ...more });
    const wantsUsage = (request.json.stream_options as { include_usage?: boolean } | undefined)?.include_usage;
    return stream({
      head: () =>
        mode === "overloaded"
          ? sse({ error: { message: "overloaded", type: "overloaded_error", code: 503 } })
          : chunk({ role: "assistant", content: "" }),
      token: (i) => chunk({ content: words[i % words.length] }),
      tail: () =>
        chunk({}, finish) +
        (wantsUsage && mode !== "no-usage"
          ? sse({ ...base, object: "chat.completion.chunk", choices: [], usage })
          : "") +
        "data: [DONE]\n\n",
    });
  },
};

const responses: Dialect = {
  model: named,
  reply({ request, words, inputTokens }) {
    const usage = {
      input_tokens: inputTokens,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: words.length,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: inputTokens + words.length,
    };
    const message = {
      id: "msg_fake",
      type: "message",
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text: words.join(""), annotations: [] }],
    };
    const response = { id: "resp_fake", object: "response", created_at: 1, model: request.model, status: "completed" };
    if (!request.stream) return whole({ ...response, output: [message], usage });
    return stream({
      head: () =>
        event("response.created", { response: { ...response, status: "in_progress", output: [] } }) +
        event("response.output_item.added", {
          output_index: 0,
          item: { ...message, status: "in_progress", content: [] },
        }),
      token: (i) =>
        event("response.output_text.delta", {
          item_id: "msg_fake",
          output_index: 0,
          content_index: 0,
          delta: words[i % words.length],
        }),
      tail: () =>
        event("response.output_item.done", { output_index: 0, item: message }) +
        event("response.completed", { response: { ...response, output: [message], usage } }),
    });
  },
};

const anthropicMessages: Dialect = {
  model: named,
  reply({ request, words, mode, inputTokens }) {
    const base = { id: "msg_fake", type: "message", role: "assistant", model: request.model };
    const stop_reason = mode === "refused" ? "refusal" : "end_turn";
    const usage = { input_tokens: inputTokens, output_tokens: words.length };
    if (!request.stream) {
      return whole({
        ...base,
        content: [{ type: "text", text: words.join("") }],
        stop_reason,
        stop_sequence: null,
        usage,
      });
    }
    const start = {
      ...base,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { ...usage, output_tokens: 0 },
    };
    return stream({
      head: () =>
        mode === "overloaded"
          ? event("error", { error: { type: "overloaded_error", message: "Overloaded" } })
          : event("message_start", { message: start }) +
            event("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
      token: (i) =>
        event("content_block_delta", { index: 0, delta: { type: "text_delta", text: words[i % words.length] } }),
      tail: () =>
        event("content_block_stop", { index: 0 }) +
        event("message_delta", {
          delta: { stop_reason, stop_sequence: null },
          usage: { output_tokens: words.length },
        }) +
        event("message_stop", {}),
    });
  },
};

const modelInPath = (request: ModelRequest) => /models\/(.+):\w+$/.exec(request.path)?.[1] ?? "";

const googleGenerate: Dialect = {
  model: modelInPath,
  reply({ request, words, mode, inputTokens }) {
    const usageMetadata =
      mode === "no-usage"
        ? undefined
        : {
            promptTokenCount: inputTokens,
            candidatesTokenCount: words.length,
            totalTokenCount: inputTokens + words.length,
          };
    const part = (text: string) => ({ content: { role: "model", parts: [{ text }] }, index: 0 });
    const finishReason = mode === "refused" ? "SAFETY" : "STOP";
    if (!request.stream) {
      return whole({
        candidates: [{ ...part(words.join("")), finishReason }],
        usageMetadata,
        modelVersion: request.model,
      });
    }
    return stream({
      head: () =>
        mode === "overloaded" ? sse({ error: { code: 503, message: "overloaded", status: "UNAVAILABLE" } }) : "",
      token: (i) => sse({ candidates: [part(words[i % words.length] ?? "")], modelVersion: request.model }),
      tail: () => sse({ candidates: [{ ...part(""), finishReason }], usageMetadata, modelVersion: request.model }),
    });
  },
};

const embeddings: Dialect = {
  isEmbedding: true,
  texts: (request) => ([] as unknown[]).concat(request.json.input ?? []).map(String),
  model: named,
  reply({ request, dimensions, mode, inputTokens }) {
    const input = ([] as unknown[]).concat(request.json.input ?? []).map(String);
    const length = Number(request.json.dimensions ?? dimensions);
    const data = vectorsFor(input, length, mode).map((embedding, index) => ({ object: "embedding", index, embedding }));
    const usage = mode === "no-usage" ? {} : { usage: { prompt_tokens: inputTokens, total_tokens: inputTokens } };
    return whole({ object: "list", model: request.model, data, ...usage });
  },
};

/** The share of a query's words that a document has. */
export function sharedWords(query: string, document: string): number {
  const wordsOf = (text: string) => new Set(text.toLowerCase().match(/\p{L}+/gu));
  const asked = wordsOf(query);
  const said = wordsOf(document);
  return [...asked].filter((word) => said.has(word)).length / Math.max(1, asked.size);
}

const ranking: Dialect = {
  isEmbedding: true,
  model: named,
  reply({ request, mode, relevance }) {
    const results = ([] as unknown[])
      .concat(request.json.documents ?? [])
      .map((document, index) => ({ index, relevance_score: relevance(String(request.json.query), String(document)) }));
    results.sort((x, y) => y.relevance_score - x.relevance_score);
    return whole({ results: mode === "empty" ? [] : mode === "missing-vectors" ? results.slice(0, 1) : results });
  },
};

const googleEmbed: Dialect = {
  isEmbedding: true,
  model: modelInPath,
  reply({ request, dimensions, mode }) {
    type Content = { content?: { parts?: { text?: string }[] }; outputDimensionality?: number };
    const isBatch = request.path.endsWith(":batchEmbedContents");
    const items = (isBatch ? request.json.requests : [request.json]) as Content[];
    const length = items[0]?.outputDimensionality ?? dimensions;
    const vectors = vectorsFor(
      items.map((item) => item.content?.parts?.[0]?.text ?? ""),
      length,
      mode,
    );
    if (!isBatch) return whole({ embedding: { values: vectors[0] } });
    return whole({ embeddings: vectors.map((values) => ({ values })) });
  },
};

/** Deterministic unit vectors, so that the same text always lands on the same point. */
function vectorsFor(texts: string[], length: number, mode: FakeMode): (number | null)[][] {
  const vectors: (number | null)[][] = texts.map((text) => {
    let seed = 2166136261;
    for (let i = 0; i < text.length; i++) seed = Math.imul(seed ^ text.charCodeAt(i), 16777619);
    const values = Array.from({ length }, () => {
      seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
      return seed / 2 ** 31;
    });
    const norm = Math.hypot(...values) || 1;
    return values.map((value) => Math.round((value / norm) * 1e6) / 1e6);
  });
  if (mode === "missing-vectors") return vectors.slice(1);
  if (mode === "short-vectors") return vectors.map((vector, i) => (i === 0 ? vector.slice(1) : vector));
  if (mode === "nan-vectors") return vectors.map((vector) => [null, ...vector.slice(1)]);
  return vectors;
}
