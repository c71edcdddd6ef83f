import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { addTestSource, crawlSource } from "@/lib/testing/crawl-runs";
import { startCrawlWorker } from "@/lib/testing/crawl-worker";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { startTinySite, tinyPage } from "@/lib/testing/tiny-site";
import { crawlPage } from "./index";
import { startRun } from "./start-run";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

async function siteAndWorker(options: { idle?: boolean } = {}) {
  const site = await startTinySite({ "/": tinyPage("Home", ["/a", "/b"]), "/a": tinyPage("A"), "/b": tinyPage("B") });
  onTestFinished(() => site.stop());
  const worker = await startCrawlWorker(db.url, { env: { CRAWL_ALLOW_HOSTS: site.host }, ...options });
  onTestFinished(() => worker.close());
  return { site, worker };
}

test("a host of the operator's that says it is busy is asked less at once, and its pages are read all the same", async () => {
  const { site, worker } = await siteAndWorker();
  site.pages["/a"] = ({ times }) => (times === 1 ? { status: 429, headers: { "retry-after": "0" } } : tinyPage("A"));
  const run = await crawlSource(db, worker.deps, await addTestSource(db, `${site.url}/`));
  expect(run).toMatchObject({ status: "completed", published: 3, failed: 0 });
  expect(worker.deps.openRequests.stateOf(site.host)).toMatchObject({ width: 2, open: 0 });
});

test("a page whose host has as much to answer as it bears waits without a place, and it is no try", async () => {
  const { site, worker } = await siteAndWorker({ idle: true });
  const source = await addTestSource(db, `${site.url}/`);
  const { runId } = await startRun(worker.deps, source);
  const { signal } = new AbortController();
  const ref = { tenantId: source.tenantId, runId, pageId: await rootOf(runId) };
  await db.owner.query("update crawl_runs set status = 'running' where id = $1", [runId]);
  const leaves = [];
  for (let i = 0; i < 4; i++) leaves.push(await worker.deps.openRequests.enter(site.host, { signal }));
  expect(await crawlPage(worker.deps, ref, signal)).toEqual({ runAgainInMs: 1_000 });
  expect(site.requests.filter(({ path }) => path === "/")).toEqual([]);
  expect(await pageRow(ref.pageId)).toMatchObject({ status: "queued", attempts: 0, lease_token: null });

  for (const leave of leaves) leave!(undefined);
  await db.owner.query("update pages set not_before = null where id = $1", [ref.pageId]);
  expect(await crawlPage(worker.deps, ref, signal)).toBeUndefined();
  expect(await pageRow(ref.pageId)).toMatchObject({ status: "embedding", attempts: 1 });
});

const rootOf = async (runId: string): Promise<string> =>
  (await db.owner.query("select id from pages where run_id = $1 and depth = 0", [runId])).rows[0].id;
const pageRow = async (id: string) =>
  (await db.owner.query("select status, attempts, lease_token from pages where id = $1", [id])).rows[0];
