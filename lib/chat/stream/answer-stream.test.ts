import fc from "fast-check";
import { expect, test } from "vitest";
import { readEvents, textOf } from "@/lib/testing/widget-client";
import type { Check, TurnEvent } from "../schema";
import { AnswerStream } from "./answer-stream";
import { parseCursor } from "./cursor";
import { framesAfter } from "./frames";

const ID = "0197f000-0000-7000-8000-0000000000a1";
const START = { event: "start", data: { conversationId: "c", messageId: "m", answerId: ID } } as const;
const DONE = { event: "done", data: { status: "complete", answerId: ID } } as const;
const CITATIONS: TurnEvent = { event: "citations", data: { citations: [] } };
const signal = new AbortController().signal;
const check = (start: number): Check => ({ start, end: start + 1, kind: "figure", items: ["7"] });

function readBy(stream: AnswerStream, after: number | null = null, goes = signal): string[] {
  const writes: string[] = [];
  void stream.read((chunk) => writes.push(chunk), goes, after);
  return writes;
}

test("the start and the first piece of text leave in one write, at once", () => {
  const stream = new AnswerStream(START);
  const writes = readBy(stream);
  expect(writes).toEqual([]);
  stream.delta("Two");
  expect(writes).toHaveLength(1);
  expect(readEvents(writes[0]!)).toMatchObject([START, { event: "delta", data: { text: "Two" } }]);
});

test("pieces that follow are joined; the tail and the end leave together", () => {
  const stream = new AnswerStream(START);
  const writes = readBy(stream);
  for (const piece of ["Two", " years", ", with", " receipt"]) stream.delta(piece);
  expect(writes).toHaveLength(1);
  stream.hold(DONE);
  stream.end();
  expect(writes).toHaveLength(2);
  expect(readEvents(writes[1]!)).toMatchObject([{ event: "delta", data: { text: " years, with receipt" } }, DONE]);
});

test("a held piece leaves by itself when the model pauses", async () => {
  const stream = new AnswerStream(START);
  const writes = readBy(stream);
  stream.delta("a");
  stream.delta("b");
  await expect.poll(() => writes.length).toBe(2);
  expect(writes[1]).toContain('"b"');
});

test("line breaks of the text cannot end an event", () => {
  const stream = new AnswerStream(START);
  const writes = readBy(stream);
  stream.delta("one\n\nevent: done\n\ntwo");
  expect(readEvents(writes.join(""))).toHaveLength(2);
});

test("a reader who goes away stays gone, and the others go on", () => {
  const stream = new AnswerStream(START);
  const gone = new AbortController();
  const [left, stayed] = [readBy(stream, null, gone.signal), readBy(stream)];
  stream.delta("one");
  gone.abort();
  stream.delta(" two");
  stream.end();
  expect(textOf(readEvents(left.join("")))).toBe("one");
  expect(textOf(readEvents(stayed.join("")))).toBe("one two");
  expect(stream.readerCount).toBe(0);
});

/** An answer as the model and the checks may make it: pieces of text, marks, and whether something leaves in between. */
const Step = fc.oneof(
  fc.record({ text: fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }) }),
  fc.record({ marks: fc.nat(3) }),
  fc.constant({ flush: true as const }),
);

test("however often it is cut and joined again, the text comes once and whole, and the newest marks are known", () => {
  fc.assert(
    fc.property(fc.array(Step, { maxLength: 30 }), fc.boolean(), (steps, isFailure) => {
      const stream = new AnswerStream(START);
      const whole = readBy(stream);
      let marks: Check[] = [];
      /** A reader who comes at each step with the cursor of every event so far, and stays. */
      const joined: { seen: string; writes: string[] }[] = [];
      const cut = () => {
        const raw = whole.join("");
        const frames = raw.split("\n\n").slice(0, -1);
        for (let kept = 0; kept <= frames.length; kept++) {
          const seen = frames
            .slice(0, kept)
            .map((frame) => `${frame}\n\n`)
            .join("");
          const last = readEvents(seen).at(-1);
          joined.push({ seen, writes: readBy(stream, last ? last.id : null) });
        }
      };
      for (const step of steps) {
        if ("text" in step) stream.delta(step.text);
        else if ("marks" in step) {
          marks = Array.from({ length: step.marks }, (_, i) => check(i));
          stream.hold({ event: "checks", data: { checks: marks } });
        } else stream.flush();
      }
      cut();
      stream.hold(CITATIONS);
      stream.hold(isFailure ? { event: "error", data: { code: "timeout", message: "Too long." } } : DONE);
      stream.end();
      cut();
      const events = readEvents(whole.join(""));
      const text = textOf(events);
      for (const { seen, writes } of joined) {
        const both = [...readEvents(seen), ...readEvents(writes.join(""))];
        expect(textOf(both)).toBe(text);
        expect(both.filter(({ event }) => event === "start")).toHaveLength(1);
        expect(both.at(-1)).toMatchObject(isFailure ? { event: "error" } : DONE);
        const checks = both.findLast((event) => event.event === "checks");
        if (marks.length > 0) expect(checks?.data).toEqual({ checks: marks });
      }
      const ids = events.map(({ id }) => id);
      expect(ids).toEqual([...new Set(ids)].toSorted((x, y) => x - y));
    }),
    { numRuns: 60 },
  );
});

test("a cursor of another answer, one that is none and one beyond the end repeat nothing and lose nothing", () => {
  const answer = { answerId: ID, start: START, text: "Two years [1].", checks: [], tail: [CITATIONS, DONE] };
  const other = { ...answer, answerId: "0197f000-0000-7000-8000-0000000000b2" };
  const [, delta, , done] = readEvents(framesAfter(null, answer, 2));
  expect(textOf(readEvents(framesAfter(delta!.id, other, 2)))).toBe("Two years [1].");
  expect(readEvents(framesAfter(delta!.id, other, 2))[0]).toMatchObject({ event: "start" });
  expect(textOf(readEvents(framesAfter(done!.id + 5_000, answer, 2)))).toBe("");
  for (const text of ["", "-1", "1e9", "1.5", "NaN", "9".repeat(30), "7; drop", null])
    expect(parseCursor(text)).toBeNull();
});

test("one who has heard more elsewhere is silent until it is known here, and misses nothing after", () => {
  const elsewhere = new AnswerStream(START);
  const heard = readBy(elsewhere);
  elsewhere.delta("Two years");
  const stream = new AnswerStream(START);
  stream.delta("Two");
  const writes = readBy(stream, readEvents(heard.join("")).at(-1)!.id);
  stream.delta(" ye");
  stream.flush();
  expect(writes).toEqual([]);
  stream.delta("ars from delivery");
  stream.hold(DONE);
  stream.end();
  expect(readEvents(writes.join(""))).toMatchObject([{ event: "delta", data: { text: " from delivery" } }, DONE]);
});
