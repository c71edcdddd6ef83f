import { spawn } from "node:child_process";
import { once } from "node:events";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogle } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import type { LanguageModelV4 } from "@ai-sdk/provider";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { renderSources } from "@/lib/llm/sources";
import { type FakeModelServer, startFakeModelServer } from "./fake-model-server";

let server: FakeModelServer;
beforeAll(async () => {
  server = await startFakeModelServer({ firstTokenMs: 1, tokenMs: 0, answer: "Within 45 days [1].", apiKey: "right" });
});
afterAll(() => server.close());

const models = (apiKey: string): [string, LanguageModelV4][] => [
  ["chat completions", createOpenAI({ baseURL: server.baseUrl, apiKey }).chat("m")],
  ["responses", createOpenAI({ baseURL: server.baseUrl, apiKey }).responses("m")],
  ["messages", createAnthropic({ baseURL: server.baseUrl, apiKey })("m")],
  ["generateContent", createGoogle({ baseURL: server.googleBaseUrl, apiKey })("m")],
];
const prompt = [{ role: "user" as const, content: [{ type: "text" as const, text: "How long?" }] }];

test("every protocol is understood by the SDK of its provider, streamed and whole", async () => {
  for (const [name, model] of models("right")) {
    const { stream } = await model.doStream({ prompt });
    let text = "";
    let finish = "";
    for await (const part of stream) {
      if (part.type === "text-delta") text += part.delta;
      if (part.type === "finish") finish = part.finishReason.unified;
    }
    expect([name, text, finish]).toEqual([name, "Within 45 days [1].", "stop"]);
    const { content } = await model.doGenerate({ prompt });
    expect([name, content]).toMatchObject([name, [{ type: "text", text: "Within 45 days [1]." }]]);
  }
  expect(server.requests).toHaveLength(8);
  expect(server.requests.at(-1)).toMatchObject({ model: "m", stream: false, apiKey: "right" });
});

test("a wrong key gets 401", async () => {
  for (const [, model] of models("wrong")) {
    await expect(model.doGenerate({ prompt })).rejects.toMatchObject({ statusCode: 401 });
  }
});

test("an unknown path gets 404", async () => {
  const response = await fetch(`${server.url}/v1/models`, { method: "POST", body: "{}" });
  expect(response.status).toBe(404);
});

test("as a process of its own it prints its address and ends on a signal", async () => {
  const child = spawn(process.execPath, [
    "--import",
    "tsx",
    "lib/testing/fake-model-server.ts",
    "--tokens",
    "3",
    "--token-ms",
    "0",
  ]);
  const [line] = await once(child.stdout, "data");
  const response = await fetch(`${String(line).trim()}/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: "m", messages: [] }),
  });
  expect(await response.json()).toMatchObject({ choices: [{ message: { content: "The short answer" } }] });
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
});

test("with the words of a source it says what the first one says, without figures and markup, and cites it", async () => {
  const own = await startFakeModelServer({ tokens: 6, tokenMs: 0, firstTokenMs: 0, words: "source" });
  onTestFinished(() => own.close());
  const sources = renderSources([
    { number: 1, title: "Returns", url: "", text: "You have **30** days to [send](/x) it back, free." },
    { number: 2, title: "Other", url: "", text: "Something else entirely." },
  ]);
  const response = await fetch(`${own.baseUrl}/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: "m", messages: [{ role: "user", content: sources }] }),
  });
  expect(await response.json()).toMatchObject({ choices: [{ message: { content: "You have days to it [1]." } }] });
});
