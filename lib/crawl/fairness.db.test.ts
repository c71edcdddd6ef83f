import { expect, onTestFinished, test } from "vitest";
import { addTestSource, endOfRun, type TestSource } from "@/lib/testing/crawl-runs";
import { startCrawlWorker } from "@/lib/testing/crawl-worker";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { redisBinary, startRedis } from "@/lib/testing/redis";
import { startTinySite, type TinySite, tinyPage } from "@/lib/testing/tiny-site";
import { until } from "@/lib/testing/until";
import { startWorkerProcess } from "@/lib/testing/worker-process";
import { startRun } from "./index";

/** Sections of a site, each of a start page that links to all others of it. */
async function startSections(count: number, pagesEach: number): Promise<TinySite> {
  const site = await startTinySite();
  onTestFinished(() => site.stop());
  for (let section = 0; section < count; section++) {
    const paths = Array.from({ length: pagesEach - 1 }, (_, i) => `/s${section}/p${i}`);
    site.pages[`/s${section}/`] = tinyPage(`Section ${section}`, paths);
    for (const path of paths) site.pages[path] = () => tinyPage(`The page ${path}`);
  }
  return site;
}

/** All sections as sources of one tenant. */
async function addSections(db: TestDatabase, site: TinySite, count: number, pagesEach: number): Promise<TestSource[]> {
  const first = await addTestSource(db, `${site.url}/s0/`, { maxPages: pagesEach });
  const more = Array.from({ length: count - 1 }, (_, i) =>
    addTestSource(db, `${site.url}/s${i + 1}/`, { maxPages: pagesEach, owner: first }),
  );
  return [first, ...(await Promise.all(more))];
}

const number = async ({ owner }: TestDatabase, sql: string, values: unknown[]): Promise<number> =>
  (await owner.query<{ count: number }>(sql, values)).rows[0]!.count;

test.for(["postgres", "redis"] as const)(
  "the first page of a tenant is read and published before the backlog of 10,000 pages of another, on %s",
  async (backend, { skip }) => {
    skip(backend === "redis" && !redisBinary(), "there is no redis-server on this machine");
    const [sections, pagesEach] = [20, 500];
    const db = await createTestDatabase();
    onTestFinished(() => db.drop());
    const redis = backend === "redis" ? await startRedis() : undefined;
    onTestFinished(() => redis?.stop());
    const large = await startSections(sections, pagesEach);
    const small = await startSections(1, 3);
    const env = { CRAWL_ALLOW_HOSTS: `${large.host},${small.host}`, ...(redis ? { QUEUE_URL: redis.url } : {}) };
    const worker = startWorkerProcess(db.url, { ...env, WORKER_CONCURRENCY: "5", SWEEP_IDLE_MS: "30000" });
    onTestFinished(() => void worker.child.kill("SIGKILL"));
    const starter = await startCrawlWorker(db.url, { env, idle: true });
    onTestFinished(() => starter.close());

    const backlog = await addSections(db, large, sections, pagesEach);
    for (const source of backlog) await startRun(starter.deps, source);
    const { tenantId } = backlog[0]!;
    const found = "select coalesce(sum(found), 0)::int as count from crawl_runs where tenant_id = $1";
    await until("all pages found", async () => (await number(db, found, [tenantId])) === sections * pagesEach);
    const out =
      "select count(*)::int from pages where tenant_id = $1 and enqueued_at is not null and status in ('queued', 'fetching', 'embedding')";
    expect(await number(db, out, [tenantId])).toBeGreaterThan(500);
    expect(await number(db, out, [tenantId])).toBeLessThanOrEqual(1_000);

    const other = await addTestSource(db, `${small.url}/s0/`);
    const readBefore = large.requests.length;
    const { runId } = await startRun(starter.deps, other);
    await until("the small site is asked", () => small.requests.some(({ path }) => path === "/s0/"));
    expect(large.requests.length - readBefore, "pages read between").toBeLessThan(100);

    const firstPublished =
      "select count(*)::int from pages where tenant_id = $1 and status = 'published' and chunk_count > 0";
    await until("its first page is published", async () => (await number(db, firstPublished, [other.tenantId])) > 0);
    const between = `select count(*)::int from pages p, crawl_runs r, pages mine where p.tenant_id = $1 and p.status = 'published'
      and r.id = $2 and mine.run_id = r.id and mine.depth = 0 and p.updated_at between r.created_at and mine.updated_at`;
    expect(await number(db, between, [tenantId, runId]), "pages published between").toBeLessThan(100);
    expect(await endOfRun(db, runId)).toMatchObject({ status: "completed", published: 3 });
  },
);

test("a tenant has no more pages in the queue than it may; the rest waits as rows, further crawls wait in a state of their own, and all is read in the end", async () => {
  const [sections, pagesEach, limit] = [4, 40, 30];
  const db = await createTestDatabase();
  onTestFinished(() => db.drop());
  const site = await startSections(sections, pagesEach);
  const worker = await startCrawlWorker(db.url, {
    env: { CRAWL_ALLOW_HOSTS: site.host, MAX_QUEUE_SIZE: String(limit) },
  });
  onTestFinished(() => worker.close());
  const sources = await addSections(db, site, sections, pagesEach);
  const runs: string[] = [];
  let most = 0;
  let waited = false;
  const look = async () => {
    const { rows } = await db.owner.query<{ out: number; waiting: number; left: number }>(
      `select (select count(*)::int from pages p join crawl_runs r on r.id = p.run_id and r.status = 'running'
          where p.enqueued_at is not null and p.status in ('queued', 'fetching', 'embedding')) as out,
        count(*) filter (where status = 'queued' and waiting)::int as waiting,
        count(*) filter (where status in ('queued', 'running'))::int as left from crawl_runs`,
    );
    most = Math.max(most, rows[0]!.out);
    waited ||= rows[0]!.waiting > 0;
    return rows[0]!;
  };
  runs.push((await startRun(worker.deps, sources[0]!)).runId);
  await until("as many pages out as may be", async () => (await look()).out === limit);
  for (const source of sources.slice(1)) runs.push((await startRun(worker.deps, source)).runId);
  await until("nothing left", async () => (await look()).left === 0);
  for (const runId of runs)
    expect(await endOfRun(db, runId)).toMatchObject({ status: "completed", published: pagesEach, waiting: false });
  expect(waited).toBe(true);
  // Each run keeps one page out, so that none is forgotten.
  expect(most).toBeLessThan(limit + sections);
});
