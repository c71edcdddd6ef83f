import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AppError } from "@/lib/core/errors";
import { type FakeModelServer, startFakeModelServer } from "@/lib/testing/fake-model-server";
import type { Catalog } from "./catalog";
import { requestOf } from "./completions";
import { createGateway } from "./gateway";
import type { CallRecord, ChatEvent, ChatInput, GatewayEnv, Limits } from "./types";

let server: FakeModelServer;
let records: CallRecord[] = [];
beforeAll(async () => {
  server = await startFakeModelServer({
    firstTokenMs: 5,
    tokenMs: 1,
    tokens: 30,
    dimensions: 1536,
    retryAfterSeconds: 0,
  });
});
afterAll(() => server.close());
beforeEach(() => {
  records = [];
  server.requests.length = 0;
  server.setMode("ok");
});

const limits = { firstTokenMs: 20_000, idleMs: 10_000, totalMs: 60_000, backoffMs: 1 };
const gateway = (env: GatewayEnv, more: Partial<Limits> = {}) =>
  createGateway({ env, onCall: (record) => void records.push(record), limits: { ...limits, ...more } });
const meta = { tenantId: "t1", agentId: "a1", messageId: "m1", step: "answer" as const };
const input: ChatInput = {
  messages: [{ role: "system", content: "Answer from the sources." }],
  sources: [{ number: 1, title: "Returns", url: "https://shop.test/returns", text: "You have 30 days." }],
  question: "How long do I have?",
  maxOutputTokens: 300,
  meta,
};

const providers = (model = "") =>
  ({
    openai: { OPENAI_API_KEY: "sk-secret", OPENAI_BASE_URL: server.baseUrl, CHAT_MODEL: `openai/gpt-6-luna${model}` },
    compatible: { OPENAI_COMPATIBLE_BASE_URL: server.baseUrl, CHAT_MODEL: `compatible/llama${model}` },
    anthropic: {
      ANTHROPIC_API_KEY: "sk-secret",
      ANTHROPIC_BASE_URL: server.baseUrl,
      CHAT_MODEL: `anthropic/claude-haiku-5-5${model}`,
    },
    google: {
      GOOGLE_GENERATIVE_AI_API_KEY: "sk-secret",
      GOOGLE_BASE_URL: server.googleBaseUrl,
      CHAT_MODEL: `google/gemini-3.5-flash-lite${model}`,
    },
  }) satisfies Record<string, GatewayEnv>;
const NAMES = ["openai", "compatible", "anthropic", "google"] as const;

async function read(stream: AsyncIterable<ChatEvent>, onFirstText = () => {}) {
  let text = "";
  let pieces = 0;
  let finish: Extract<ChatEvent, { type: "finish" }> | undefined;
  let error: unknown;
  try {
    for await (const event of stream) {
      if (event.type === "finish") finish = event;
      else {
        text += event.text;
        if (pieces++ === 0) onFirstText();
      }
    }
  } catch (thrown) {
    error = thrown;
  }
  return { text, pieces, finish, error: error as AppError | undefined };
}

describe.each(NAMES)("%s", (name) => {
  test("streams an answer piece by piece and reports the provider's usage", async () => {
    const { model, stream } = gateway(providers()[name]).chat(input);
    const { text, pieces, finish, error } = await read(stream);
    expect(error).toBeUndefined();
    expect(model.provider).toBe(name);
    expect(text.split(" ")).toHaveLength(30);
    expect(text).toMatch(/\[1\]\.$/);
    expect(pieces).toBeGreaterThan(1);
    expect(finish).toMatchObject({ finishReason: "stop", usage: { outputTokens: 30, estimated: false } });
    expect(server.requests).toHaveLength(1);
    expect(JSON.stringify(server.requests[0]?.json)).toContain('<source id=\\"1\\"');
  });

  test("meters the call once, with cost and times", async () => {
    const { finish } = await read(gateway(providers()[name]).chat(input).stream);
    expect(records).toHaveLength(1);
    const [record] = records;
    expect(record).toMatchObject({
      ...meta,
      provider: name,
      outcome: "ok",
      attempts: 1,
      estimated: false,
      outputTokens: 30,
    });
    expect(record?.inputTokens).toBeGreaterThan(20);
    expect(Number.isInteger(record?.costMicroUsd)).toBe(true);
    expect(record?.costMicroUsd).toBe(finish?.costMicroUsd);
    if (name !== "compatible") expect(record?.costMicroUsd).toBeGreaterThan(0);
    expect(record?.firstTokenMs).toBeLessThanOrEqual(record?.latencyMs ?? 0);
    expect(record).not.toHaveProperty("errorCode");
  });

  test("a refused key names the variable, never the key, and is not tried again", async () => {
    const { error } = await read(gateway(providers(".unauthorized")[name]).chat(input).stream);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: "model_misconfigured", message: expect.stringMatching(/_API_KEY/) });
    const said = `${error?.message} ${error?.stack} ${error?.cause} ${(error?.cause as Error | undefined)?.stack}`;
    expect(said).not.toContain("sk-secret");
    expect(server.requests).toHaveLength(1);
    expect(records).toMatchObject([
      { outcome: "error", errorCode: "model_misconfigured", inputTokens: 0, costMicroUsd: 0 },
    ]);
  });

  test("an unknown model names the variable to change", async () => {
    const { error } = await read(gateway(providers(".unknown-model")[name]).chat(input).stream);
    expect(error).toMatchObject({ code: "model_misconfigured", message: expect.stringContaining("CHAT_MODEL") });
  });

  test("a failure before the first text is tried again, and only the answer is seen", async () => {
    const { text, error } = await read(gateway(providers(".fail-twice")[name]).chat(input).stream);
    expect(error).toBeUndefined();
    expect(text).toMatch(/\[1\]\.$/);
    expect(server.requests).toHaveLength(3);
    expect(records).toMatchObject([{ outcome: "ok", attempts: 3 }]);
  });

  test("after three failures it gives up", async () => {
    const { error } = await read(gateway(providers(".fail")[name]).chat(input).stream);
    expect(error).toMatchObject({ code: "upstream_failed" });
    expect(server.requests).toHaveLength(3);
    expect(records).toMatchObject([{ outcome: "error", errorCode: "upstream_failed", attempts: 3, costMicroUsd: 0 }]);
  });

  test("an overload reported inside the stream is tried again, then told", async () => {
    const { error } = await read(gateway(providers(".overloaded")[name]).chat(input).stream);
    expect(["upstream_busy", "upstream_failed"]).toContain(error?.code);
    expect(server.requests).toHaveLength(3);
  });

  test("an answer that is cut off ends in an error, is not repeated, and is charged as far as it came", async () => {
    const { stream } = gateway(providers(".stalled")[name]).chat(input);
    const { text, error } = await read(stream, () => server.cut());
    expect(text).not.toBe("");
    expect(error).toMatchObject({ code: "upstream_failed" });
    expect(server.requests).toHaveLength(1);
    expect(records).toMatchObject([{ outcome: "error", estimated: true }]);
    expect(records[0]?.outputTokens).toBeGreaterThan(0);
  });

  test("an answer that ends without a finish is not passed off as complete", async () => {
    const { error, finish } = await read(gateway(providers(".unfinished")[name]).chat(input).stream);
    expect(finish).toBeUndefined();
    expect(error).toMatchObject({ code: "upstream_failed" });
  });

  test("garbage is an error, after three attempts", async () => {
    const { error, text } = await read(gateway(providers(".garbage")[name]).chat(input).stream);
    expect(text).toBe("");
    expect(error).toMatchObject({ code: "upstream_failed" });
    expect(server.requests).toHaveLength(3);
  });

  test("an empty answer is an error, after three attempts", async () => {
    const { error } = await read(gateway(providers(".empty")[name]).chat(input).stream);
    expect(error).toMatchObject({ code: "upstream_failed", message: expect.stringContaining("empty") });
    expect(records).toMatchObject([{ outcome: "error", attempts: 3 }]);
  });

  test("silence in the middle of an answer ends it, and the connection is let go", async () => {
    const { text, error } = await read(gateway(providers(".stalled")[name], { idleMs: 150 }).chat(input).stream);
    expect(text).not.toBe("");
    expect(error).toMatchObject({ code: "timeout" });
    expect(records).toMatchObject([{ outcome: "timeout", estimated: true }]);
    await expect.poll(() => server.openStreams).toBe(0);
  });

  test("a server that never answers is given up at the limit", async () => {
    const { error } = await read(gateway(providers(".hang")[name], { firstTokenMs: 100 }).chat(input).stream);
    expect(error).toMatchObject({ code: "timeout" });
    expect(records).toMatchObject([{ outcome: "timeout", firstTokenMs: null, attempts: 1 }]);
  });

  test("an answer without end is cut at its budget", async () => {
    const short = { ...input, maxOutputTokens: 20 };
    const { text, finish, error } = await read(gateway(providers(".endless")[name]).chat(short).stream);
    expect(error).toBeUndefined();
    expect(finish).toMatchObject({ finishReason: "length", usage: { estimated: true } });
    expect(text.length).toBeLessThan(600);
    expect(records).toMatchObject([{ outcome: "ok" }]);
    await expect.poll(() => server.openStreams).toBe(0);
  });

  test("the visitor's abort stops the provider's stream and is recorded once", async () => {
    const controller = new AbortController();
    const { stream } = gateway(providers(".endless")[name]).chat({ ...input, signal: controller.signal });
    let text = "";
    const reading = (async () => {
      for await (const event of stream) {
        if (event.type === "text") text += event.text;
        if (text.length > 40) controller.abort();
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: "aborted" });
    expect(records).toMatchObject([{ outcome: "aborted", errorCode: "aborted", estimated: true }]);
    await expect.poll(() => server.openStreams).toBe(0);
  });

  test("leaving the loop stops the provider's stream and is recorded once", async () => {
    for await (const event of gateway(providers(".endless")[name]).chat(input).stream) if (event.type === "text") break;
    expect(records).toMatchObject([{ outcome: "aborted" }]);
    await expect.poll(() => server.openStreams).toBe(0);
  });
});

test("a busy provider is reported with the wait it asked for", async () => {
  const busy = await startFakeModelServer({ retryAfterSeconds: 17 });
  const env = { OPENAI_API_KEY: "k", OPENAI_BASE_URL: busy.baseUrl, CHAT_MODEL: "openai/gpt-6-luna.rate-limited" };
  const { error } = await read(gateway(env).chat(input).stream);
  expect(error).toMatchObject({ code: "upstream_busy", retryAfterMs: 17_000 });
  expect(busy.requests).toHaveLength(1);
  await busy.close();
});

test("a short wait that the provider asks for is waited for", async () => {
  const { error } = await read(gateway(providers(".rate-limited-once").openai).chat(input).stream);
  expect(error).toBeUndefined();
  expect(records).toMatchObject([{ outcome: "ok", attempts: 2 }]);
});

test.each(["openai", "google", "compatible"] as const)(
  "%s: usage that is not reported is estimated and marked",
  async (name) => {
    const { finish } = await read(gateway(providers(".no-usage")[name]).chat(input).stream);
    expect(finish?.usage.estimated).toBe(true);
    expect(records[0]).toMatchObject({ outcome: "ok", estimated: true });
    expect(records[0]?.inputTokens).toBeGreaterThan(10);
    expect(records[0]?.outputTokens).toBeGreaterThan(10);
  },
);

test("an answer that the provider refuses to give ends as filtered, without text", async () => {
  const { finish, text, error } = await read(gateway(providers(".refused").openai).chat(input).stream);
  expect(error).toBeUndefined();
  expect(text).toBe("");
  expect(finish).toMatchObject({ finishReason: "filtered" });
});

test("an unreachable server is an upstream failure that names the address's variable", async () => {
  const env = { OPENAI_BASE_URL: "http://127.0.0.1:9", CHAT_MODEL: "openai/gpt-6-luna" };
  const { error } = await read(gateway(env).chat(input).stream);
  expect(error).toMatchObject({ code: "upstream_failed", message: expect.stringContaining("OPENAI_BASE_URL") });
  expect(records).toMatchObject([{ outcome: "error", attempts: 3 }]);
});

test("an abort before the start sends nothing", async () => {
  const signal = AbortSignal.abort();
  const { error } = await read(gateway(providers().openai).chat({ ...input, signal }).stream);
  expect(error).toMatchObject({ code: "aborted" });
  expect(server.requests).toHaveLength(0);
  expect(records).toMatchObject([{ outcome: "aborted", attempts: 0, costMicroUsd: 0 }]);
});

test("a reader that stops reading without leaving is ended by the total limit", async () => {
  const { stream } = gateway(providers(".endless").openai, { totalMs: 3_000 }).chat(input);
  const iterator = stream[Symbol.asyncIterator]();
  await iterator.next();
  await expect.poll(() => records).toMatchObject([{ outcome: "timeout" }]);
  await expect.poll(() => server.openStreams).toBe(0);
  await expect(iterator.next()).rejects.toMatchObject({ code: "timeout" });
});

test("a slow reader is no silent provider", async () => {
  const { stream } = gateway(providers().openai, { idleMs: 2_000 }).chat(input);
  let pieces = 0;
  for await (const event of stream)
    if (event.type === "text" && pieces++ < 2) await new Promise((r) => setTimeout(r, 2_100));
  expect(records).toMatchObject([{ outcome: "ok" }]);
});

test("nothing is sent, and nothing recorded, before the stream is read", async () => {
  gateway(providers().openai).chat(input);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(server.requests).toHaveLength(0);
  expect(records).toEqual([]);
});

test("a record that cannot be written does not cost the answer", async () => {
  const broken = createGateway({
    env: providers().openai,
    onCall: () => Promise.reject(new Error("database is down")),
    limits,
  });
  const { error, finish } = await read(broken.chat(input).stream);
  expect(error).toBeUndefined();
  expect(finish?.finishReason).toBe("stop");
});

test("thinking is turned off for models that would do it before quoting", async () => {
  await read(gateway(providers().openai).chat({ ...input, temperature: 0.2 }).stream);
  expect(server.requests[0]?.json).toMatchObject({
    reasoning_effort: "none",
    temperature: 0.2,
    max_completion_tokens: 300,
  });
});

test("a base URL without a path gets the provider's usual one", async () => {
  const env = { OPENAI_COMPATIBLE_BASE_URL: server.url, CHAT_MODEL: "compatible/llama" };
  await read(gateway(env).chat(input).stream);
  expect(server.requests[0]?.path).toBe("/v1/chat/completions");
});

test("a fetch of the caller's own is used for every request", async () => {
  const seen: string[] = [];
  const own = createGateway({
    env: providers().openai,
    onCall: () => {},
    fetch: (url, init) => {
      seen.push(String(url));
      return fetch(url, init);
    },
  });
  expect((await read(own.chat(input).stream)).error).toBeUndefined();
  expect(seen).toEqual([`${server.baseUrl}/chat/completions`]);
});

test("a call costs what its model cost when it began, and asks for no more than the model can say", async () => {
  const priced = (outputPrice: number): Catalog => {
    const entry = { provider: "openai", model: "gpt-6-luna", contextTokens: 1_000, maxOutputTokens: 64 } as const;
    return { chat: [{ ...entry, inputPrice: 0, cachedInputPrice: 0, outputPrice }], embedding: [], rerank: [] };
  };
  let catalog = priced(1_000_000);
  const changing = createGateway({
    env: providers().openai,
    onCall: (record) => void records.push(record),
    catalog: () => catalog,
  });
  const { finish } = await read(changing.chat(input).stream, () => {
    catalog = priced(9_000_000);
  });
  expect(finish?.costMicroUsd).toBe(finish?.usage.outputTokens);
  const again = await read(changing.chat(input).stream);
  expect(again.finish?.costMicroUsd).toBe(9 * again.finish!.usage.outputTokens);
  expect(JSON.stringify(server.requests.at(-1)!.json)).toMatch(/"max_(completion_)?tokens":64\b/);
});

test("OpenAI is asked as its adapter would ask: each model by the names of its own parameters", async () => {
  const askedOf = async (model: string) => {
    const env = { OPENAI_API_KEY: "sk-secret", OPENAI_BASE_URL: server.baseUrl };
    const { stream } = gateway(env).chat({ ...input, model: `openai/${model}`, temperature: 0.3 });
    for await (const _ of stream);
    return server.requests.at(-1)!;
  };
  const thinking = await askedOf("gpt-5-mini");
  expect(thinking.json).toMatchObject({
    model: "gpt-5-mini",
    max_completion_tokens: 300,
    reasoning_effort: "minimal",
    stream: true,
    stream_options: { include_usage: true },
  });
  expect(thinking.json).not.toHaveProperty("max_tokens");
  expect(thinking.json).not.toHaveProperty("temperature");
  expect((thinking.json as { messages: { role: string }[] }).messages[0]!.role).toBe("developer");
  const plain = await askedOf("gpt-4o-mini");
  expect(plain.json).toMatchObject({ model: "gpt-4o-mini", max_tokens: 300, temperature: 0.3 });
  expect(plain.json).not.toHaveProperty("reasoning_effort");
  expect((plain.json as { messages: { role: string }[] }).messages[0]!.role).toBe("system");
});

test("what OpenAI's adapter itself refuses to ask is an error with no request and no cost", async () => {
  server.requests.length = 0;
  const failing = requestOf(
    {
      doStream: () => {
        throw new TypeError("no such option");
      },
    },
    { prompt: [] },
  );
  await expect(failing).rejects.toThrow("no such option");
  await expect(requestOf({ doStream: async () => ({ stream: new ReadableStream() }) }, { prompt: [] })).rejects.toThrow(
    "asked nothing",
  );
  expect(server.requests).toEqual([]);
});
