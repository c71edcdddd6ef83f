import { expect, test } from "vitest";
import { EventWriter } from "./event-writer";

const START = { event: "start", data: { conversationId: "c", messageId: "m", answerId: "a" } } as const;
const DONE = { event: "done", data: { status: "complete", answerId: "a" } } as const;

test("the start and the first piece of text leave in one write, at once", () => {
  const writes: string[] = [];
  const writer = new EventWriter((chunk) => writes.push(chunk));
  writer.hold(START);
  expect(writes).toEqual([]);
  writer.delta("Two");
  expect(writes).toHaveLength(1);
  expect(writes[0]).toMatch(/^event: start\n.*\n\nevent: delta\ndata: \{"text":"Two"\}\n\n$/s);
});

test("pieces that follow are joined; the tail and the end leave together", () => {
  const writes: string[] = [];
  const writer = new EventWriter((chunk) => writes.push(chunk));
  writer.hold(START);
  for (const piece of ["Two", " years", ", with", " receipt"]) writer.delta(piece);
  expect(writes).toHaveLength(1);
  writer.hold(DONE);
  writer.flush();
  expect(writes).toHaveLength(2);
  expect(writes[1]).toBe(
    'event: delta\ndata: {"text":" years, with receipt"}\n\nevent: done\ndata: {"status":"complete","answerId":"a"}\n\n',
  );
});

test("a held piece leaves by itself when the model pauses", async () => {
  const writes: string[] = [];
  const writer = new EventWriter((chunk) => writes.push(chunk));
  writer.delta("a");
  writer.delta("b");
  await expect.poll(() => writes.length).toBe(2);
  expect(writes[1]).toContain('"b"');
});

test("line breaks of the text cannot end an event", () => {
  const writes: string[] = [];
  new EventWriter((chunk) => writes.push(chunk)).delta("one\n\nevent: done\n\ntwo");
  expect(writes[0]!.split("\n\n")).toHaveLength(2);
});
