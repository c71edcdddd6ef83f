import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import {
  addTestSource,
  crawlSource,
  endOfRun,
  knowledgeOf,
  letLeasesEnd,
  type TestSource,
} from "@/lib/testing/crawl-runs";
import { startCrawlWorker } from "@/lib/testing/crawl-worker";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { startOwnPostgres } from "@/lib/testing/own-postgres";
import { redisBinary, startRedis } from "@/lib/testing/redis";
import { startTinySite, type TinySite, tinyPage } from "@/lib/testing/tiny-site";
import { until } from "@/lib/testing/until";
import { startWorkerProcess, type WorkerProcess } from "@/lib/testing/worker-process";
import { startRun } from "./index";

const PAGES = 40;
let site: TinySite;
let expected: string[];
/** Called with the path of each page that is asked for. */
let onRequest: (path: string) => void = () => {};
let env: Record<string, string>;

beforeAll(async () => {
  const links = Array.from({ length: PAGES - 1 }, (_, i) => `/page-${i}`);
  site = await startTinySite();
  site.pages["/"] = tinyPage("Home", links);
  for (const [i, path] of links.entries()) {
    const page = { ...tinyPage(`Page ${i}`, ["/", links[(i + 1) % links.length]!]), delayMs: 60 };
    site.pages[path] = () => {
      onRequest(path);
      return page;
    };
  }
  env = { CRAWL_ALLOW_HOSTS: site.host };
  const db = await createTestDatabase();
  const worker = await startCrawlWorker(db.url, { env });
  const source = await addTestSource(db, `${site.url}/`);
  expect(await crawlSource(db, worker.deps, source)).toMatchObject({ status: "completed", published: PAGES });
  expected = await knowledgeOf(db, source);
  await worker.close();
  await db.drop();
});
afterAll(() => site.stop());

type Rows = Pick<TestDatabase, "url" | "owner">;

/** Starts a crawl without working on it. */
async function begin(db: Rows, more: Record<string, string> = {}): Promise<{ runId: string; source: TestSource }> {
  const starter = await startCrawlWorker(db.url, { env: { ...env, ...more }, idle: true });
  const source = await addTestSource(db, `${site.url}/`);
  const { runId } = await startRun(starter.deps, source);
  await starter.close();
  return { runId, source };
}

async function expectAllThere(db: Rows, { runId, source }: { runId: string; source: TestSource }): Promise<void> {
  expect(await endOfRun(db, runId)).toMatchObject({
    status: "completed",
    found: PAGES,
    published: PAGES,
    unchanged: 0,
    failed: 0,
    excluded: 0,
  });
  expect(await knowledgeOf(db, source)).toEqual(expected);
  const { rows } = await db.owner.query("select count(*)::int as versions from page_versions");
  expect(rows).toEqual([{ versions: PAGES }]);
}

const published = async (db: Rows, runId: string): Promise<number> =>
  (await db.owner.query<{ published: number }>("select published from crawl_runs where id = $1", [runId])).rows[0]!
    .published;

const outcomes = ({ log }: WorkerProcess): unknown[] =>
  log.flatMap((entry) => (entry.event === "crawl.page_stored" ? [entry.outcome] : []));

test.for(["blocked", "stopped"] as const)(
  "a worker that was %s for longer than its leases is refused when it wakes, and goes on working",
  async (how) => {
    const db = await createTestDatabase();
    onTestFinished(() => db.drop());
    const dir = mkdtempSync(join(tmpdir(), "alonchat-blocked-"));
    const file = join(dir, "while");
    writeFileSync(file, "");
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    const sleeper = startWorkerProcess(
      db.url,
      { ...env, BLOCKED_WHILE: file, SWEEP_EVERY_MS: "600000" },
      { preload: ["./lib/testing/block-on-signal.ts"] },
    );
    onTestFinished(() => void sleeper.child.kill("SIGKILL"));
    await sleeper.ready;
    let asleep = false;
    onRequest = (path) => {
      if (path === "/page-9") asleep = sleeper.child.kill(how === "blocked" ? "SIGUSR2" : "SIGSTOP");
    };
    const crawl = await begin(db);
    await until("a page asked for", () => asleep);
    onRequest = () => {};
    if (how === "blocked") await until("a blocked worker", () => existsSync(`${file}.blocked`));
    await sleep(300);
    const { rows: held } = await db.owner.query("select id from pages where status = 'fetching'");
    expect(held.length).toBeGreaterThan(0);

    await letLeasesEnd(db);
    const rescuer = await startCrawlWorker(db.url, { env, sweep: true });
    await expectAllThere(db, crawl);
    await rescuer.close();
    expect(outcomes(sleeper)).not.toContain("lost");

    if (how === "blocked") rmSync(file);
    else sleeper.child.kill("SIGCONT");
    await until("the late pages refused", () => outcomes(sleeper).includes("lost"));
    await expectAllThere(db, crawl);
    expect(sleeper.child.exitCode).toBeNull();

    const next = await begin(db);
    expect(await endOfRun(db, next.runId)).toMatchObject({ status: "completed", published: PAGES });
    expect(await knowledgeOf(db, next.source)).toEqual(expected);
  },
);

test.for(["restart", "kill"] as const)(
  "a worker survives the %s of the database and its queue in the middle of a crawl, and finishes it",
  async (how) => {
    const db = await startOwnPostgres();
    onTestFinished(() => db.drop());
    const worker = startWorkerProcess(db.url, env);
    onTestFinished(() => void worker.child.kill("SIGKILL"));
    await worker.ready;
    const goOn = site.holdAfter(20);
    const crawl = await begin(db);
    await until("some pages published", async () => (await published(db, crawl.runId)) >= 5);
    await db[how](1_500);
    expect(await published(db, crawl.runId), "in the middle").toBeLessThan(PAGES);
    goOn();
    await letLeasesEnd(db);
    await expectAllThere(db, crawl);
    expect(worker.child.exitCode).toBeNull();
  },
);

test.for(["restart", "kill"] as const)(
  "a worker survives the %s of Redis in the middle of a crawl, and finishes it",
  async (how, { skip }) => {
    skip(!redisBinary(), "there is no redis-server on this machine");
    const db = await createTestDatabase();
    onTestFinished(() => db.drop());
    const redis = await startRedis();
    onTestFinished(() => redis.stop());
    const queue = { QUEUE_URL: redis.url };
    const worker = startWorkerProcess(db.url, { ...env, ...queue });
    onTestFinished(() => void worker.child.kill("SIGKILL"));
    await worker.ready;
    const goOn = site.holdAfter(20);
    const crawl = await begin(db, queue);
    await until("some pages published", async () => (await published(db, crawl.runId)) >= 5);
    await redis[how](1_500);
    expect(await published(db, crawl.runId), "in the middle").toBeLessThan(PAGES);
    goOn();
    await expectAllThere(db, crawl);
    expect(worker.child.exitCode).toBeNull();
  },
);
