import { afterEach, describe, expect, test } from "vitest";
import { findChromium, type RunningBrowser } from "./browser";
import { BrowserPool, type PoolOptions } from "./pool";
import { memoryOfTree } from "./process-memory";

const executablePath = findChromium(process.env.CHROMIUM_PATH);

describe.skipIf(!executablePath)("the pool of browsers", () => {
  let pool: BrowserPool;
  const open = (options: Partial<PoolOptions> = {}) => {
    pool = new BrowserPool({ executablePath: executablePath!, size: 1, ...options });
  };
  const never = new AbortController().signal;
  const versionOf = async ({ browser }: RunningBrowser) => browser.version();
  afterEach(() => pool?.close());

  test("starts nothing before the first page, keeps the browser for the next ones, and ends it when there are none", async () => {
    open({ idleMs: 2_000 });
    expect(pool.running).toBe(0);
    const first = await pool.use("a", never, async (running) => running);
    expect(pool.running).toBe(1);
    expect(await pool.use("a", never, async (running) => running)).toBe(first);
    await expect.poll(() => pool.running).toBe(0);
    expect(await pool.use("a", never, versionOf)).toMatch(/^\d+\./);
  });

  test("replaces a browser after its number of pages, and one that died", async () => {
    open({ pagesABrowser: 2 });
    const seen: (RunningBrowser | undefined)[] = [];
    for (let i = 0; i < 3; i++) seen.push(await pool.use("a", never, async (running) => running));
    expect(seen[1]).toBe(seen[0]);
    expect(seen[2]).not.toBe(seen[0]);
    expect(seen[0]!.browser.isConnected()).toBe(false);
    seen[2]!.kill();
    await expect.poll(() => pool.running).toBe(0);
    expect(await pool.use("a", never, versionOf)).toMatch(/^\d+\./);
  });

  test("gives a free place to the tenant whose last page is longest ago, not to the longest line", async () => {
    open();
    const order: string[] = [];
    const visit = (tenant: string) => pool.use(tenant, never, async () => void order.push(tenant));
    let release = () => {};
    const held = pool.use("a", never, () => new Promise<void>((resolve) => (release = resolve)));
    await expect.poll(() => pool.running).toBe(1);
    const rest = ["a", "a", "a", "b", "b", "c"].map(visit);
    release();
    await Promise.all([held, ...rest]);
    expect(order).toEqual(["b", "c", "a", "b", "a", "a"]);
  });

  test("has no more pages at once than places; who waits too long is told, and who is stopped leaves the line", async () => {
    open({ patienceMs: 200 });
    let release = () => {};
    const held = pool.use("a", never, () => new Promise<string>((resolve) => (release = () => resolve("done"))));
    expect(await pool.use("b", never, versionOf)).toBeUndefined();
    const stop = new AbortController();
    const waiting = pool.use("b", stop.signal, versionOf);
    stop.abort(new Error("stopped"));
    await expect(waiting).rejects.toThrow("stopped");
    await expect.poll(() => pool.running).toBe(1);
    release();
    expect(await held).toBe("done");
  });

  test("leaves no process behind when it is closed", async () => {
    open();
    const running = (await pool.use("a", never, async (browser) => browser))!;
    const before = await running.memoryBytes();
    await pool.close();
    // Where the system does not tell the memory there is nothing to compare.
    if (before === null) return;
    expect(before).toBeGreaterThan(20_000_000);
    await expect.poll(() => running.memoryBytes()).toBe(0);
  });
});

test("memory is that of a process with its descendants; one that does not exist has none", async () => {
  const own = await memoryOfTree(process.pid);
  if (own !== null) {
    expect(own).toBeGreaterThan(10_000_000);
    expect(await memoryOfTree(2 ** 22 + 1)).toBe(0);
  }
});
