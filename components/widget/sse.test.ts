import fc from "fast-check";
import { expect, test } from "vitest";
import { sseReader } from "./sse";

function read(...pieces: string[]): string[][] {
  const events: string[][] = [];
  const feed = sseReader((name, data) => events.push([name, data]));
  pieces.forEach(feed);
  return events;
}

test("an event has a name and data", () => {
  expect(read('event: delta\ndata: {"text":"a"}\n\n')).toEqual([["delta", '{"text":"a"}']]);
});

test("an unnamed event is a message, and a name does not carry over", () => {
  expect(read("event: a\ndata: 1\n\ndata: 2\n\n")).toEqual([
    ["a", "1"],
    ["message", "2"],
  ]);
});

test("several data lines are joined with LF; only one leading space goes", () => {
  expect(read("data:  a\ndata:b\ndata\n\n")).toEqual([["message", " a\nb\n"]]);
});

test("comments, unknown fields and events without data are passed over", () => {
  expect(read(": ping\n\nid: 3\nretry: 10\nevent: x\n\ndata: a:b\n\n")).toEqual([["message", "a:b"]]);
});

test("an event without its closing blank line is not reported", () => {
  expect(read("data: a\n\ndata: b\n")).toEqual([["message", "a"]]);
});

test("wherever the stream is cut and whichever line ends it uses, the events are the same", () => {
  const source = ": hi\nevent: delta\ndata: a \u{1F600}\ndata: b\n\nevent: done\ndata: {}\n\n:";
  const expected = read(source);
  expect(expected).toHaveLength(2);
  fc.assert(
    fc.property(fc.constantFrom("\n", "\r\n", "\r"), fc.array(fc.nat(90), { maxLength: 30 }), (end, cuts) => {
      const text = source.replaceAll("\n", end);
      const places = [0, ...cuts.sort((a, b) => a - b), text.length];
      expect(read(...places.slice(1).map((to, i) => text.slice(places[i], to)))).toEqual(expected);
    }),
  );
  for (const end of ["\n", "\r\n", "\r"]) expect(read(...source.replaceAll("\n", end))).toEqual(expected);
});
