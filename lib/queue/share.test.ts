import { expect, test } from "vitest";
import { shareFairly } from "./share";
import type { JobContext } from "./worker";

const context = (signal = new AbortController().signal): JobContext => ({ signal, attempt: 1 });

/** Jobs that end when told to. */
function held(limit: number) {
  const running: string[] = [];
  const ends = new Map<string, () => void>();
  const handle = shareFairly<{ owner: string; key: string }>(
    limit,
    ({ owner }) => owner,
    async ({ key }) => {
      running.push(key);
      await new Promise<void>((resolve) => ends.set(key, resolve));
      running.splice(running.indexOf(key), 1);
      return undefined;
    },
  );
  return { running, handle, end: (key: string) => ends.get(key)!() };
}

test("an owner whose jobs hang has no more than its share; another's job is taken at once", async () => {
  const { running, handle, end } = held(2);
  const jobs = ["a1", "a2", "a3"].map((key) => handle({ owner: "a", key }, context()));
  const other = handle({ owner: "b", key: "b1" }, context());
  expect(running).toEqual(["a1", "a2", "b1"]);
  expect(await jobs[2], "goes back into the queue").toEqual({ runAgainInMs: expect.any(Number) });
  for (const key of ["a1", "a2", "b1"]) end(key);
  expect(await Promise.all([jobs[0], jobs[1], other])).toEqual([undefined, undefined, undefined]);
});

test("a job that waits takes the place of the next that ends, and nobody comes in between", async () => {
  const { running, handle, end } = held(1);
  const jobs = ["a1", "a2"].map((key) => handle({ owner: "a", key }, context()));
  end("a1");
  await jobs[0];
  const third = handle({ owner: "a", key: "a3" }, context());
  await Promise.resolve();
  expect(running).toEqual(["a2"]);
  end("a2");
  await jobs[1];
  await expect.poll(() => running).toEqual(["a3"]);
  end("a3");
  expect(await third).toBeUndefined();
});

test("a job that fails gives its place back, and one that is stopped while it waits goes back", async () => {
  const handle = shareFairly<string>(
    1,
    () => "a",
    async (payload) => {
      if (payload === "wrong") throw new Error("broken");
      return new Promise((resolve) => setTimeout(resolve, 50, undefined));
    },
  );
  await expect(handle("wrong", context())).rejects.toThrow("broken");
  const stop = new AbortController();
  const [first, second] = [handle("right", context()), handle("right", context(stop.signal))];
  stop.abort();
  expect(await second).toEqual({ runAgainInMs: expect.any(Number) });
  expect(await first).toBeUndefined();
});
