import { expect, test } from "vitest";
import { DocumentRoom } from "./document-room";

test("holds so many documents and no more, until one leaves", () => {
  const room = new DocumentRoom(2);
  const [a, b, c] = [room.place(), room.place(), room.place()];
  expect([a.take(), b.take(), c.take()]).toEqual([true, true, false]);
  b.leave();
  expect(c.take()).toBe(true);
});

test("a place that is taken twice is one place, and is given back once", () => {
  const room = new DocumentRoom(1);
  const [a, b, c] = [room.place(), room.place(), room.place()];
  expect([a.take(), a.take()]).toEqual([true, true]);
  a.leave();
  a.leave();
  expect([b.take(), c.take()]).toEqual([true, false]);
});

test("whoever had no place gives none back", () => {
  const room = new DocumentRoom(1);
  const [a, b] = [room.place(), room.place()];
  a.take();
  b.leave();
  expect(b.take()).toBe(false);
});
