import fc from "fast-check";
import { expect, test } from "vitest";
import { EventMerger } from "./merge-events";

const chat = (content: string, id = "c1") =>
  `data: ${JSON.stringify({ id, choices: [{ index: 0, delta: { content }, finish_reason: null }] })}\n\n`;
const anthropic = (text: string) =>
  `event: content_block_delta\ndata: ${JSON.stringify({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } })}\n\n`;

/** All text of a stream, and how many events carried it. */
function read(stream: string) {
  const events = stream.split("\n\n").filter(Boolean);
  const texts = events.flatMap((event) => {
    const data = JSON.parse(event.replace(/^event: .*\n/, "").slice("data: ".length));
    return data.choices?.[0].delta.content ?? data.delta?.text ?? [];
  });
  return { text: texts.join(""), events: events.length };
}

test("pieces that differ in their text alone become one", () => {
  for (const piece of [chat, (text: string) => anthropic(text)]) {
    const merged = new EventMerger().push(['Two "years"', "\n", "ä\\", "🙂"].map((text) => piece(text)).join(""));
    expect(read(merged)).toEqual({ text: 'Two "years"\nä\\🙂', events: 1 });
  }
});

test("whatever the texts and wherever the stream is cut, the text stays the same", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" }), { minLength: 1 }), fc.array(fc.nat(40)), (texts, cuts) => {
      const stream = texts.map((text) => chat(text)).join("");
      const merger = new EventMerger();
      let out = "";
      let at = 0;
      for (const length of cuts) {
        out += merger.push(stream.slice(at, at + length));
        at += length;
      }
      out += merger.push(stream.slice(at)) + merger.end();
      expect(read(out).text).toBe(texts.join(""));
    }),
  );
});

test("events of other answers, other kinds and the end pass as they are, in order", () => {
  const stream = `${chat("a")}${chat("b", "c2")}: keep-alive\n\ndata: {"usage":{"total":3}}\n\ndata: [DONE]\n\n`;
  expect(new EventMerger().push(stream)).toBe(stream);
});

test("thoughts and tool arguments are not texts", () => {
  const stream = ["reasoning_content", "arguments", "partial_json"]
    .flatMap((name) => [1, 2].map((n) => `data: {"${name}":"${n}"}\n\n`))
    .join("");
  expect(new EventMerger().push(stream)).toBe(stream);
});

test("a beginning waits for its end, and comes out when the stream ends without it", () => {
  const merger = new EventMerger();
  const [first, second] = [chat("a"), chat("b")];
  expect(merger.push(first + second.slice(0, 9))).toBe(first);
  expect(merger.push(second.slice(9, 20))).toBe("");
  expect(merger.end()).toBe(second.slice(0, 20));
});

test("lines that end with a carriage return, and events without end, are passed on", () => {
  const crlf = chat("a").replaceAll("\n", "\r\n");
  expect(new EventMerger().push(crlf)).toBe(crlf);
  const long = `data: ${"x".repeat(70_000)}`;
  expect(new EventMerger().push(long)).toBe(long);
});
