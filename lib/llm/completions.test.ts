import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { CompletionsReader } from "./completions";

const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const delta = (content: unknown, more = {}) => event({ choices: [{ delta: { content }, ...more }] });
const ANSWER = [
  event({ choices: [{ delta: { role: "assistant", content: "" } }] }),
  delta("Zwei Jahre für "),
  delta("Ärzte 🩺"),
  delta("."),
  event({ choices: [{ delta: {}, finish_reason: "stop" }] }),
  event({
    choices: [],
    usage: { prompt_tokens: 12, completion_tokens: 3, prompt_tokens_details: { cached_tokens: 5 } },
  }),
  "data: [DONE]\n\n",
].join("");

async function read(pieces: (string | Buffer)[]) {
  const body = new PassThrough();
  const reader = new CompletionsReader(body);
  for (const piece of pieces) body.write(piece);
  body.end();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done || !value) return { text };
    if (value.type === "error") return { text, error: value.error };
    if (value.type === "text-delta") text += value.delta;
    if (value.type === "finish") {
      expect(await reader.read()).toEqual({ done: true });
      return { text, finish: value };
    }
  }
}

test("a stream cut anywhere, between the bytes of a character too, is read the same", async () => {
  const bytes = Buffer.from(ANSWER);
  const whole = await read([bytes]);
  expect(whole.text).toBe("Zwei Jahre für Ärzte 🩺.");
  expect(whole.finish).toMatchObject({
    finishReason: { unified: "stop" },
    usage: { inputTokens: { total: 12, cacheRead: 5 }, outputTokens: { total: 3 } },
  });
  for (let cut = 1; cut < bytes.length; cut += 3)
    expect(await read([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(whole);
  expect(await read(Array.from(bytes, (byte) => Buffer.from([byte])))).toEqual(whole);
});

test("line ends of Windows, comments, other fields, and a last event without its blank line are all right", async () => {
  const odd = `: keep-alive\r\n\r\nevent: message\r\nid: 7\r\n${ANSWER.replaceAll("\n", "\r\n")}`.replace(
    /\r\n\r\n$/,
    "",
  );
  for (let cut = 1; cut < odd.length; cut += 7)
    expect((await read([odd.slice(0, cut), odd.slice(cut)])).text).toBe("Zwei Jahre für Ärzte 🩺.");
});

test("what never ends an event is not read on, and what was said before is kept", async () => {
  const body = new PassThrough();
  const reader = new CompletionsReader(body);
  let sentBytes = 0;
  const sendOn = () => {
    while (!body.destroyed && body.write("x".repeat(50_000))) sentBytes += 50_000;
  };
  body.on("drain", sendOn);
  body.write(delta("Two years"));
  expect(await reader.read()).toMatchObject({ value: { delta: "Two years" } });
  sendOn();
  expect(await reader.read()).toMatchObject({ value: { type: "error", error: { name: "AI_JSONParseError" } } });
  expect(body.destroyed).toBe(true);
  expect(sentBytes).toBeLessThan(5_000_000);
});

test("content in parts and refusals are text; a refusal ends as filtered", async () => {
  const parts = delta([{ type: "text", text: "a" }, { type: "image_url" }, null, { type: "text", text: "b" }]);
  expect((await read([parts])).text).toBe("ab");
  const refused = event({ choices: [{ delta: { refusal: "No." }, finish_reason: "stop" }] });
  expect(await read([refused])).toMatchObject({ text: "No.", finish: { finishReason: { unified: "content-filter" } } });
});

test("what is no event of the protocol is left out or an error, never text", async () => {
  for (const odd of [null, 7, [], {}, { choices: null }, { choices: [null] }, { choices: [{ delta: null }] }])
    expect(await read([event(odd)])).toEqual({ text: "" });
  expect(await read([delta("Two"), "data: <html>oops\n\n", delta(" years")])).toMatchObject({
    text: "Two",
    error: { name: "AI_JSONParseError" },
  });
});

test("an error inside the stream comes after the text before it", async () => {
  const error = { type: "overloaded_error", message: "busy" };
  expect(await read([delta("Two"), event({ error })])).toEqual({ text: "Two", error });
});

test("a connection that breaks is an error, not an end", async () => {
  const body = new PassThrough();
  const reader = new CompletionsReader(body);
  body.write(delta("Two"));
  expect(await reader.read()).toMatchObject({ value: { type: "text-delta", delta: "Two" } });
  body.destroy();
  expect(await reader.read()).toMatchObject({ done: false, value: { type: "error" } });
});

test("the first piece comes at once, later ones joined", async () => {
  const body = new PassThrough();
  const reader = new CompletionsReader(body);
  body.write(delta("Two"));
  expect(await reader.read()).toMatchObject({ value: { delta: "Two" } });
  for (const piece of [" years", " from", " delivery"]) body.write(delta(piece));
  expect(await reader.read()).toMatchObject({ value: { delta: " years from delivery" } });
});

test("a reader that stops reading stops the stream, and it goes on when read again", async () => {
  const body = new PassThrough();
  const reader = new CompletionsReader(body);
  for (let i = 0; i < 10; i++) body.write(delta("x".repeat(20_000)));
  await expect.poll(() => body.isPaused()).toBe(true);
  body.end();
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done || !value) break;
    if (value.type === "text-delta") length += value.delta.length;
  }
  expect(length).toBe(200_000);
});
