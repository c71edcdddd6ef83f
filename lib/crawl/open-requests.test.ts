import { describe, expect, test, vi } from "vitest";
import { type Leave, OpenRequests } from "./open-requests";

const HOST = "wiki.test";
const { signal } = new AbortController();

/** A host that answers `bears` requests at once in 50 ms each; more than that share what it has. Time is counted, not waited for. */
async function crawl(
  open: OpenRequests,
  { requests, bears, slower = 1 }: { requests: number; bears: number; slower?: number },
): Promise<void> {
  const underWay: Leave[] = [];
  for (let i = 0; i < requests; i++) {
    for (let at = open.stateOf(HOST); at && at.open >= at.width; at = open.stateOf(HOST))
      underWay.shift()!({ durationMs: 50 * slower * Math.max(1, at.open / bears) });
    underWay.push((await open.enter(HOST, { signal }))!);
  }
  for (const leave of underWay) leave(undefined);
}

const widthOf = (open: OpenRequests) => open.stateOf(HOST)!.width;

describe("how many requests are open at a host at once", () => {
  test("a host that goes on answering as fast is asked more and more at once, up to the most", async () => {
    const open = new OpenRequests(64);
    await crawl(open, { requests: 1_000, bears: 1_000 });
    expect(open.stateOf(HOST)).toMatchObject({ width: 64, mostOpen: 64 });
  });

  test("a host that bears twelve is asked no more than what that makes of twice its first speed", async () => {
    const open = new OpenRequests(64);
    await crawl(open, { requests: 5_000, bears: 12 });
    const { width } = open.stateOf(HOST)!;
    expect(width).toBeGreaterThanOrEqual(10);
    expect(width).toBeLessThanOrEqual(30);
  });

  test("a host that becomes slower is asked less at once, and more again when it has recovered", async () => {
    const open = new OpenRequests(64);
    await crawl(open, { requests: 500, bears: 1_000 });
    await crawl(open, { requests: 500, bears: 5 });
    const narrowed = widthOf(open);
    expect(narrowed).toBeLessThan(16);
    await crawl(open, { requests: 2_000, bears: 1_000 });
    expect(widthOf(open)).toBe(64);
  });

  test("a host that has become slower for good is measured by how it is now", async () => {
    const open = new OpenRequests(64);
    await crawl(open, { requests: 500, bears: 1_000 });
    await crawl(open, { requests: 3_000, bears: 1_000, slower: 4 });
    expect(widthOf(open)).toBe(64);
  });

  test("a host that cannot keep up is asked half as much at once, and only once for what was under way", async () => {
    const open = new OpenRequests(64);
    await crawl(open, { requests: 1_000, bears: 1_000 });
    const leaves = await Promise.all(Array.from({ length: 64 }, () => open.enter(HOST, { signal })));
    for (const leave of leaves) leave!("strained");
    expect(widthOf(open), "the other 63 were sent before it was narrowed").toBe(32);
    const later = await open.enter(HOST, { signal });
    later!("strained");
    expect(widthOf(open)).toBe(16);
  });

  test("it is never fewer than one", async () => {
    const open = new OpenRequests(64);
    for (let i = 0; i < 10; i++) (await open.enter(HOST, { signal }))!("strained");
    expect(widthOf(open)).toBe(1);
    expect(await open.enter(HOST, { signal })).not.toBeNull();
  });

  test("few requests, however quick, are no reason to ask for more at once", async () => {
    const open = new OpenRequests(64);
    for (let i = 0; i < 200; i++) (await open.enter(HOST, { signal }))!({ durationMs: 5 });
    expect(open.stateOf(HOST)).toMatchObject({ width: 4, mostOpen: 1 });
  });

  test("what one host bears says nothing of another", async () => {
    const open = new OpenRequests(64);
    (await open.enter("slow.test", { signal }))!("strained");
    await open.enter(HOST, { signal });
    expect(open.stateOf("slow.test")!.width).toBe(2);
    expect(widthOf(open)).toBe(4);
    expect(open.stateOf("unknown.test")).toBeNull();
  });
});

describe("leave to ask", () => {
  const full = async (): Promise<{ open: OpenRequests; leaves: (Leave | null)[] }> => {
    const open = new OpenRequests(2);
    return { open, leaves: [await open.enter(HOST, { signal }), await open.enter(HOST, { signal })] };
  };

  test("is given in the order in which it was asked for, and once for each that comes back", async () => {
    const { open, leaves } = await full();
    const order: string[] = [];
    const first = open.enter(HOST, { signal }).then(() => order.push("first"));
    const second = open.enter(HOST, { signal }).then(() => order.push("second"));
    leaves[0]!({ durationMs: 5 });
    leaves[0]!({ durationMs: 5 });
    await first;
    expect(order).toEqual(["first"]);
    expect(open.stateOf(HOST)!.open).toBe(2);
    leaves[1]!(undefined);
    await second;
    expect(order).toEqual(["first", "second"]);
  });

  test("does not come when patience ends or the asker is stopped, and then nobody waits in that place", async () => {
    vi.useFakeTimers();
    try {
      const { open, leaves } = await full();
      const impatient = open.enter(HOST, { signal, patienceMs: 3_000 });
      const stopping = new AbortController();
      const stopped = open.enter(HOST, { signal: stopping.signal });
      await vi.advanceTimersByTimeAsync(3_000);
      expect(await impatient).toBeNull();
      stopping.abort(new Error("the worker stops"));
      await expect(stopped).rejects.toThrow("the worker stops");
      leaves[0]!(undefined);
      expect(open.stateOf(HOST)!.open).toBe(1);
      await expect(open.enter(HOST, { signal: stopping.signal })).rejects.toThrow("the worker stops");
    } finally {
      vi.useRealTimers();
    }
  });
});
