import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readiness } from "./readiness";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("all who ask share one look, which is kept for a second", async () => {
  const look = vi.fn(async () => {});
  const ready = readiness({ database: look });
  const answers = await Promise.all(Array.from({ length: 1_000 }, () => ready()));
  expect(new Set(answers.map(({ database }) => database))).toEqual(new Set([true]));
  vi.advanceTimersByTime(999);
  await ready();
  expect(look).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  await ready();
  expect(look).toHaveBeenCalledTimes(2);
});

test("each part is told by itself: what fails, at once or later, takes no other with it", async () => {
  const ready = readiness({
    database: async () => {},
    queue: () => Promise.reject(new Error("away")),
    auth: () => {
      throw new Error("no address");
    },
  });
  expect(await ready()).toEqual({ database: true, queue: false, auth: false });
});

test("a part that is silent is given three seconds, and nobody looks a second time meanwhile", async () => {
  const look = vi.fn(() => new Promise(() => {}));
  const ready = readiness({ queue: look });
  const first = ready();
  await vi.advanceTimersByTimeAsync(2_999);
  const second = ready();
  await vi.advanceTimersByTimeAsync(1);
  expect(await Promise.all([first, second])).toEqual([{ queue: false }, { queue: false }]);
  expect(look).toHaveBeenCalledTimes(1);
});

test("what works again is found with the next look", async () => {
  let isAway = true;
  const ready = readiness({ queue: async () => isAway && Promise.reject(new Error("away")) });
  expect(await ready()).toEqual({ queue: false });
  isAway = false;
  vi.advanceTimersByTime(1_000);
  expect(await ready()).toEqual({ queue: true });
});
