import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import type { Queues } from "@/lib/queue";
import { addTestSource, crawlSource, endOfRun, pagesOf } from "@/lib/testing/crawl-runs";
import { type CrawlWorker, startCrawlWorker } from "@/lib/testing/crawl-worker";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { redisBinary, startRedis } from "@/lib/testing/redis";
import { startTinySite, type TinySite, tinyPage } from "@/lib/testing/tiny-site";
import { until } from "@/lib/testing/until";
import { startWorkerProcess } from "@/lib/testing/worker-process";
import { cancelRun } from "./control-run";
import { crawlPageJob, embedPageJob, startRun, sweepJob } from "./index";

let db: TestDatabase;
let site: TinySite;
let worker: CrawlWorker | undefined;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  site = await startTinySite();
});
afterEach(async () => {
  await worker?.close();
  worker = undefined;
  await site.stop();
});

const begin = async () => {
  worker = await startCrawlWorker(db.url, { env: { CRAWL_ALLOW_HOSTS: site.host } });
  return worker;
};

/** A home page that links to many, each of which links to its neighbours. */
function manyPages(count: number): void {
  const paths = Array.from({ length: count }, (_, i) => `/p${i}`);
  site.pages["/"] = tinyPage("Home", paths);
  for (const [i, path] of paths.entries())
    site.pages[path] = tinyPage(`Page ${i}`, ["/", paths[(i + 1) % count]!, paths[(i + 7) % count]!]);
}

test("two worker processes ask one host no faster than its robots.txt wants, robots.txt and sitemap included", async () => {
  const pauseMs = 300;
  manyPages(9);
  site.pages["/robots.txt"] = { body: `User-agent: *\nCrawl-delay: ${pauseMs / 1_000}` };
  const source = await addTestSource(db, `${site.url}/`);
  const own = await createTestDatabase();
  onTestFinished(() => own.drop());
  const here = await addTestSource(own, source.url);
  // Each turn as the database gave it, so that the pauses do not depend on how busy this machine is.
  await own.owner.query(`
    create table private.turns_given (at timestamptz not null);
    create function private.note_turn() returns trigger language plpgsql security definer set search_path = '' as $$
      begin insert into private.turns_given values (new.last_at); return null; end $$;
    create trigger note_turn after update on private.hosts for each row
      when (new.last_at is distinct from old.last_at) execute function private.note_turn();`);
  const processes = [1, 2].map(() =>
    startWorkerProcess(own.url, { CRAWL_ALLOW_HOSTS: site.host, SWEEP_IDLE_MS: "30000" }),
  );
  onTestFinished(async () => {
    for (const { child } of processes) child.kill("SIGTERM");
    for (const { ended } of processes) expect(await ended).toEqual({ code: 0, signal: null });
  });
  await Promise.all(processes.map((process) => process.ready));
  const starter = await startCrawlWorker(own.url, { idle: true });
  onTestFinished(() => starter.close());
  expect(await crawlSource(own, starter.deps, here)).toMatchObject({ status: "completed", published: 10 });

  for (const { log } of processes) expect(log.some((entry) => entry.event === "crawl.page_stored")).toBe(true);
  expect(site.requests.map((request) => request.path).sort()).toEqual(
    [...Object.keys(site.pages), "/sitemap.xml", "/sitemap.xml.gz", "/sitemap_index.xml", "/wp-sitemap.xml"].sort(),
  );
  // The first turn is that of robots.txt, which is what says how long to pause.
  const { rows: turns } = await own.owner.query(
    "select at - lag(at) over (order by at) >= $1::interval as spaced from private.turns_given order by at",
    [`${pauseMs} milliseconds`],
  );
  expect(turns.map((turn) => turn.spaced)).toEqual([null, ...Array(site.requests.length - 1).fill(true)]);
});

const inQueue = async (queues: Queues): Promise<number> => {
  const counts = [crawlPageJob, embedPageJob].map(({ name }) =>
    queues.queue(name).getJobCountByTypes("waiting", "prioritized", "active", "delayed"),
  );
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
};

test("a large site has no more than 50 pages in the queue at once", async () => {
  manyPages(180);
  const { deps, platform } = await begin();
  const { queues } = await platform.queues();
  const source = await addTestSource(db, `${site.url}/`);
  const { runId } = await startRun(deps, source);
  let most = 0;
  await until("the end of the run", async () => {
    most = Math.max(most, await inQueue(queues));
    return (await db.owner.query("select status = 'completed' as done from crawl_runs where id = $1", [runId])).rows[0]
      .done;
  });
  expect(await endOfRun(db, runId)).toMatchObject({ status: "completed", found: 181, published: 181 });
  expect(most).toBeGreaterThan(20);
  // Beside the 50, jobs of pages that are done but have not said so to the queue yet.
  expect(most).toBeLessThanOrEqual(50 + 2 * (crawlPageJob.concurrency + embedPageJob.concurrency));
});

test("a crawl that is stopped in the middle keeps what it has and leaves nothing under way", async () => {
  const { deps } = await begin();
  for (let round = 0; round < 3; round++) {
    manyPages(120);
    const goOn = site.holdAfter(30);
    const source = await addTestSource(db, `${site.url}/`);
    const { runId } = await startRun(deps, source);
    await until(
      "some pages published",
      async () =>
        (await db.owner.query("select published > 8 as enough from crawl_runs where id = $1", [runId])).rows[0].enough,
    );
    expect(await cancelRun(deps, { tenantId: source.tenantId, runId })).toBe(true);
    goOn();
    const run = await endOfRun(db, runId);
    expect(run.status).toBe("cancelled");
    expect(run.published + run.excluded + run.failed).toBe(run.found);
    await sleep(300);
    const pages = [...(await pagesOf(db, source)).values()];
    const published = pages.filter((page) => page.status === "published");
    expect(pages.filter((page) => ["queued", "fetching", "embedding"].includes(page.status))).toEqual([]);
    expect(published.length).toBe(run.published);
    expect((await endOfRun(db, runId)).published, "nothing is published after the stop").toBe(run.published);
    expect(
      (
        await db.owner.query(
          "select count(*)::int as n from page_versions v join pages p on p.id = v.page_id where p.source_id = $1 and v.status = 'draft'",
          [source.sourceId],
        )
      ).rows,
    ).toEqual([{ n: 0 }]);
    // And the next crawl starts as if nothing had been.
    if (round === 2) expect(await crawlSource(db, deps, source)).toMatchObject({ status: "completed", found: 121 });
  }
});

test("a source deleted in the middle of its crawl takes everything with it", async () => {
  manyPages(120);
  const goOn = site.holdAfter(30);
  const { deps, platform } = await begin();
  const source = await addTestSource(db, `${site.url}/`);
  const { runId } = await startRun(deps, source);
  await until(
    "some pages published",
    async () =>
      (await db.owner.query("select published > 8 as enough from crawl_runs where id = $1", [runId])).rows[0].enough,
  );
  // Who deletes and who stores may wait for each other; Postgres ends one of them, and that one tries again.
  await until("the source deleted", () =>
    db.owner.query("delete from sources where id = $1", [source.sourceId]).then(
      () => true,
      (error: { code?: string }) => {
        expect(error.code).toBe("40P01");
        return false;
      },
    ),
  );
  goOn();
  const { queues } = await platform.queues();
  await until("nothing under way", async () => (await inQueue(queues)) === 0);
  await db.service.query("select service.sweep_lexicons()");
  for (const table of ["sources", "crawl_runs", "pages", "page_versions", "chunks", "lex_terms"]) {
    const { rows } = await db.owner.query(`select count(*)::int as n from ${table} where tenant_id = $1`, [
      source.tenantId,
    ]);
    expect(rows, table).toEqual([{ n: 0 }]);
  }
  const { rows } = await db.owner.query("select chunk_count, total_length from lex_agents where tenant_id = $1", [
    source.tenantId,
  ]);
  expect(rows.every((row) => row.chunk_count === 0 && Math.abs(row.total_length) < 1e-6)).toBe(true);
});

test.skipIf(!redisBinary())("the queue may be Redis, and may lose all it knows in the middle", async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  manyPages(60);
  const env = { CRAWL_ALLOW_HOSTS: site.host, QUEUE_URL: redis.url };
  worker = await startCrawlWorker(db.url, { env, sweep: true });
  const source = await addTestSource(db, `${site.url}/`);
  expect(await crawlSource(db, worker.deps, source)).toMatchObject({ status: "completed", published: 61 });

  for (const path of Object.keys(site.pages))
    site.pages[path] = tinyPage(`New ${path}`, path === "/" ? Object.keys(site.pages) : []);
  const { runId } = await startRun(worker.deps, source);
  await until(
    "some pages fetched",
    async () =>
      (await db.owner.query("select fetched > 8 as enough from crawl_runs where id = $1", [runId])).rows[0].enough,
  );
  await redis.restartEmpty();
  // Each worker process asks for the schedule of the sweep again every minute.
  const { queues } = await worker.platform.queues();
  await queues.schedule(sweepJob, {}, 500);
  await db.owner.query(
    "update pages set lease_until = now() - interval '1 second' where run_id = $1 and status = 'fetching'",
    [runId],
  );
  expect(await endOfRun(db, runId)).toMatchObject({ status: "completed", found: 61, published: 61 });
});
