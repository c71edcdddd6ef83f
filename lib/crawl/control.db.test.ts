import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { newId } from "@/lib/core/ids";
import { addTestSource, crawlSource, endOfRun, pagesOf } from "@/lib/testing/crawl-runs";
import { type CrawlWorker, startCrawlWorker } from "@/lib/testing/crawl-worker";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { startTinySite, type TinySite, tinyPage } from "@/lib/testing/tiny-site";
import { until } from "@/lib/testing/until";
import { cancelRun, holdRun, releaseRun } from "./control-run";
import { forgetHostRules, startRun, sweepCrawls } from "./index";
import { retry } from "./retry-pages";

let db: TestDatabase;
let site: TinySite;
let worker: CrawlWorker;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  forgetHostRules();
  site = await startTinySite();
  worker = await startCrawlWorker(db.url, { env: { CRAWL_ALLOW_HOSTS: site.host } });
});
afterEach(async () => {
  await worker.close();
  await site.stop();
});

function manyPages(count: number): void {
  const paths = Array.from({ length: count }, (_, i) => `/p${i}`);
  site.pages["/"] = tinyPage("Home", paths);
  for (const [i, path] of paths.entries()) site.pages[path] = tinyPage(`Page ${i}`, ["/"]);
}
const runRow = async (id: string) => (await db.owner.query("select * from crawl_runs where id = $1", [id])).rows[0];
const enough = (runId: string, n: number) =>
  until(`${n} pages published`, async () => (await runRow(runId)).published >= n);
const isFetching = async (runId: string): Promise<boolean> =>
  (await db.owner.query("select from pages where run_id = $1 and status = 'fetching'", [runId])).rowCount! > 0;

describe("a paused crawl", () => {
  test("fetches nothing, and goes on where it was", async () => {
    manyPages(120);
    const goOn = site.holdAfter(30);
    const source = await addTestSource(db, `${site.url}/`);
    const { runId } = await startRun(worker.deps, source);
    const ref = { tenantId: source.tenantId, runId };
    await enough(runId, 10);
    expect(await holdRun(worker.deps, ref)).toBe(true);
    expect(await holdRun(worker.deps, ref)).toBe(false);
    goOn();
    await until("nothing under way", async () => !(await isFetching(runId)));
    const [before, { found }] = [site.requests.length, await runRow(runId)];
    await sweepCrawls(worker.deps, { idleMs: 0 });
    await sleep(500);
    expect(site.requests.length).toBe(before);
    expect(before).toBeLessThan(120);
    expect(await runRow(runId)).toMatchObject({ status: "paused", found });
    await expect(startRun(worker.deps, source)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(/paused. Resume it, or stop it/),
    });
    expect(await releaseRun(worker.deps, ref)).toBe(true);
    expect(await releaseRun(worker.deps, ref)).toBe(false);
    expect(await endOfRun(db, runId)).toMatchObject({ status: "completed", found: 121, published: 121 });
    const paths = site.requests.map((request) => request.path);
    expect(paths.length, "no page is fetched twice").toBe(new Set(paths).size);
  });

  test("that had not begun begins when it is resumed", async () => {
    manyPages(3);
    const { queues } = await worker.platform.queues();
    await queues.queue("crawl-start").pause();
    const source = await addTestSource(db, `${site.url}/`);
    const { runId } = await startRun(worker.deps, source);
    const ref = { tenantId: source.tenantId, runId };
    await holdRun(worker.deps, ref);
    await queues.queue("crawl-start").resume();
    await sleep(400);
    expect(site.requests).toEqual([]);
    await releaseRun(worker.deps, ref);
    expect(await endOfRun(db, runId)).toMatchObject({ status: "completed", published: 4 });
  });

  test("can be stopped, and is of no concern to another tenant", async () => {
    manyPages(80);
    const goOn = site.holdAfter(20);
    const source = await addTestSource(db, `${site.url}/`);
    const { runId } = await startRun(worker.deps, source);
    await enough(runId, 5);
    const stranger = { tenantId: newId(), runId };
    expect(await holdRun(worker.deps, stranger)).toBe(false);
    expect(await holdRun(worker.deps, { tenantId: source.tenantId, runId })).toBe(true);
    expect(await releaseRun(worker.deps, stranger)).toBe(false);
    expect(await cancelRun(worker.deps, stranger)).toBe(false);
    expect(await cancelRun(worker.deps, { tenantId: source.tenantId, runId })).toBe(true);
    goOn();
    const run = await endOfRun(db, runId);
    expect(run.published + run.excluded + run.failed).toBe(run.found);
  });
});

describe("a retry", () => {
  test("of all failed pages reads those, and removes nothing", async () => {
    site.pages = {
      "/": tinyPage("Home", ["/a", "/b", "/c"]),
      "/a": tinyPage("A"),
      "/b": { status: 403 },
      "/c": { status: 403 },
    };
    const source = await addTestSource(db, `${site.url}/`);
    await crawlSource(db, worker.deps, source);
    site.requests.length = 0;
    site.pages["/b"] = tinyPage("B", ["/found", "/a"]);
    site.pages["/found"] = tinyPage("Found");
    const { pages, runId } = await retry(worker.deps, source);
    expect(pages).toBe(2);
    expect(await endOfRun(db, runId!)).toMatchObject({ status: "completed", found: 3, published: 2, failed: 1 });
    const status = new Map([...(await pagesOf(db, source))].map(([path, page]) => [path, page.status]));
    expect(Object.fromEntries(status)).toEqual({
      "/": "published",
      "/a": "published",
      "/b": "published",
      "/c": "failed",
      "/found": "published",
    });
    expect(
      site.requests
        .map((request) => request.path)
        .filter((path) => path !== "/robots.txt")
        .sort(),
    ).toEqual(["/b", "/c", "/found"]);
  });

  test("of one page leaves the others as they are, and one that fails again leaves the source ready", async () => {
    site.pages = { "/": tinyPage("Home", ["/b", "/c"]), "/b": { status: 403 }, "/c": { status: 403 } };
    const source = await addTestSource(db, `${site.url}/`);
    await crawlSource(db, worker.deps, source);
    const page = (await pagesOf(db, source)).get("/b")!;
    site.requests.length = 0;
    const { pages, runId } = await retry(worker.deps, { ...source, pageIds: [page.id] });
    expect(pages).toBe(1);
    expect(await endOfRun(db, runId!)).toMatchObject({ status: "failed", error_code: "http_403" });
    expect(site.requests.map((request) => request.path)).not.toContain("/c");
    const { rows } = await db.owner.query("select status from sources where id = $1", [source.sourceId]);
    expect(rows).toEqual([{ status: "ready" }]);
  });

  test("finds nothing of another tenant, and nothing where nothing failed", async () => {
    site.pages = { "/": tinyPage("Home", ["/b"]), "/b": { status: 403 } };
    const [source, stranger] = [await addTestSource(db, `${site.url}/`), await addTestSource(db, `${site.url}/`)];
    await crawlSource(db, worker.deps, source);
    const page = (await pagesOf(db, source)).get("/b")!;
    await expect(retry(worker.deps, { tenantId: stranger.tenantId, sourceId: source.sourceId })).rejects.toMatchObject({
      code: "not_found",
    });
    expect(await retry(worker.deps, { ...stranger, pageIds: [page.id] })).toEqual({ pages: 0, runId: null });
    expect((await pagesOf(db, source)).get("/b")).toMatchObject({ status: "failed" });
  });
});

describe("starts of crawls", () => {
  test("are limited to 10 in 15 minutes a tenant, unless that is switched off", async () => {
    site.pages["/"] = tinyPage("Home");
    const source = await addTestSource(db, `${site.url}/`);
    const start = async (limitStarts: boolean) => {
      const config = { ...worker.deps.config, limitStarts };
      const { runId } = await startRun({ ...worker.deps, config }, source, { limited: true });
      await cancelRun(worker.deps, { tenantId: source.tenantId, runId });
    };
    for (let i = 0; i < 10; i++) await start(true);
    await expect(start(true)).rejects.toMatchObject({
      code: "rate_limited",
      message: expect.stringMatching(/10 crawls within 15 minutes. Try again in (a minute|2 minutes)/),
    });
    await start(false);
    const other = await addTestSource(db, `${site.url}/`);
    expect((await startRun(worker.deps, other, { limited: true })).created).toBe(true);
  });
});

describe("a crawl's time limit", () => {
  test("ends it, keeps what it has and says so", async () => {
    manyPages(60);
    const goOn = site.holdAfter(20);
    const source = await addTestSource(db, `${site.url}/`);
    const { runId } = await startRun(worker.deps, source);
    await enough(runId, 5);
    await db.owner.query("update crawl_runs set deadline_at = now() - interval '1 second' where id = $1", [runId]);
    await sweepCrawls(worker.deps);
    goOn();
    const run = await endOfRun(db, runId);
    expect(run).toMatchObject({ status: "cancelled", error_code: "time_limit" });
    expect(run.error_message).toMatch(/ended after 1440 minutes.*raise the limit/);
    expect(run.published).toBeGreaterThanOrEqual(5);
    expect(run.published + run.failed + run.excluded).toBe(run.found);
  });
});

describe("a schedule", () => {
  const due = (sourceId: string) =>
    db.owner.query("update sources set next_run_at = now() - interval '1 minute' where id = $1", [sourceId]);
  const nextRun = async (sourceId: string) =>
    (await db.owner.query("select next_run_at - now() as wait, next_run_at from sources where id = $1", [sourceId]))
      .rows[0];
  const runsOf = async (sourceId: string) =>
    (await db.owner.query("select id from crawl_runs where source_id = $1", [sourceId])).rows.length;

  test("starts what is due once, however many sweep at the same time, and sets the next time", async () => {
    site.pages["/"] = tinyPage("Home");
    const source = await addTestSource(db, `${site.url}/`);
    await db.owner.query("update sources set refresh_schedule = 'weekly' where id = $1", [source.sourceId]);
    expect((await nextRun(source.sourceId)).wait.days).toBe(6);
    await sweepCrawls(worker.deps);
    expect(await runsOf(source.sourceId), "not due yet").toBe(0);
    await due(source.sourceId);
    await Promise.all(Array.from({ length: 4 }, () => sweepCrawls(worker.deps)));
    expect(await runsOf(source.sourceId)).toBe(1);
    expect((await nextRun(source.sourceId)).wait.days).toBe(6);
    const { rows } = await db.owner.query("select id from crawl_runs where source_id = $1", [source.sourceId]);
    expect(await endOfRun(db, rows[0].id)).toMatchObject({ status: "completed", published: 1 });
  });

  test("starts a refresh although the job of it was lost", async () => {
    site.pages["/"] = tinyPage("Home");
    const source = await addTestSource(db, `${site.url}/`);
    await db.owner.query("update sources set refresh_schedule = 'daily' where id = $1", [source.sourceId]);
    await due(source.sourceId);
    // As if the process had died between the row and the queue.
    await db.service.query("select service.start_due_runs()");
    await db.owner.query("update crawl_runs set updated_at = now() - interval '10 minutes' where source_id = $1", [
      source.sourceId,
    ]);
    await sweepCrawls(worker.deps);
    const { rows } = await db.owner.query("select id from crawl_runs where source_id = $1", [source.sourceId]);
    expect(await endOfRun(db, rows[0].id)).toMatchObject({ status: "completed" });
  });

  test("waits while a crawl is paused, and ends when it is switched off", async () => {
    manyPages(80);
    const source = await addTestSource(db, `${site.url}/`);
    await db.owner.query("update sources set refresh_schedule = 'daily' where id = $1", [source.sourceId]);
    const { runId } = await startRun(worker.deps, source);
    await holdRun(worker.deps, { tenantId: source.tenantId, runId });
    await due(source.sourceId);
    await sweepCrawls(worker.deps);
    expect(await runsOf(source.sourceId)).toBe(1);
    await cancelRun(worker.deps, { tenantId: source.tenantId, runId });
    await db.owner.query("update sources set refresh_schedule = 'off' where id = $1", [source.sourceId]);
    expect((await nextRun(source.sourceId)).next_run_at).toBeNull();
    await sweepCrawls(worker.deps);
    expect(await runsOf(source.sourceId)).toBe(1);
  });
});
