import fc from "fast-check";
import { expect, test } from "vitest";
import { RateLimit } from "./rate-limit";

const MINUTE_MS = 60_000;

test("a minute's worth may be done at once, and then as much as comes back", () => {
  const limit = new RateLimit(60);
  for (let n = 0; n < 60; n++) expect(limit.take("a", 5_000)).toBe(0);
  expect(limit.take("a", 5_000)).toBe(1_000);
  expect(limit.take("a", 5_400)).toBe(600);
  expect(limit.take("a", 6_000)).toBe(0);
  expect(limit.take("a", 6_000)).toBe(1_000);
});

test("a fraction of a millisecond in the clock's reading decides nothing", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e8, noNaN: true }), fc.integer({ min: 1, max: 400 }), (now, perMinute) => {
      const limit = new RateLimit(perMinute);
      for (let n = 0; n < perMinute; n++) expect(limit.take("a", now)).toBe(0);
      expect(limit.take("a", now)).toBeGreaterThan(0);
    }),
  );
});

test("who is refused loses nothing by asking again, and one key's use is not another's", () => {
  const limit = new RateLimit(1);
  expect(limit.take("a", 0)).toBe(0);
  for (let n = 0; n < 100; n++) expect(limit.take("a", 10_000)).toBe(50_000);
  expect(limit.take("b", 10_000)).toBe(0);
  expect(limit.take("a", MINUTE_MS)).toBe(0);
});

test("however it is asked, never more than two minutes' worth pass in a minute, and one who keeps to the rate is never refused", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.array(fc.integer({ min: 0, max: 5_000 })), (perMinute, pauses) => {
      const limit = new RateLimit(perMinute);
      const steady = new RateLimit(perMinute);
      let now = 0;
      const passed: number[] = [];
      for (const [index, pauseMs] of pauses.entries()) {
        now += pauseMs;
        if (limit.take("a", now) === 0) passed.push(now);
        expect(steady.take("b", Math.ceil((index * MINUTE_MS) / perMinute))).toBe(0);
      }
      for (const from of passed)
        expect(passed.filter((at) => at >= from && at < from + MINUTE_MS).length).toBeLessThanOrEqual(2 * perMinute);
    }),
  );
});

test("a flood of keys is forgotten from its oldest on, and what is full again at once", () => {
  const limit = new RateLimit(1, 3);
  for (const key of ["a", "b", "c", "d"]) expect(limit.take(key, 0)).toBe(0);
  for (const key of ["b", "c", "d"]) expect(limit.take(key, 1)).toBeGreaterThan(0);
  expect(limit.take("a", 1)).toBe(0);
  expect(limit["fullAt"].size).toBe(3);
  expect(limit.take("e", 2 * MINUTE_MS)).toBe(0);
  expect([...limit["fullAt"].keys()]).toEqual(["e"]);
});
