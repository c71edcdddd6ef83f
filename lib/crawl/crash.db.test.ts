import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { addTestSource, crawlSource, endOfRun, knowledgeOf, letLeasesEnd, pagesOf } from "@/lib/testing/crawl-runs";
import { parseHere, startCrawlWorker } from "@/lib/testing/crawl-worker";
import { createTestDatabase } from "@/lib/testing/database";
import { pdfLines, pdfOf } from "@/lib/testing/pdf-files";
import { startTinySite, type TinySite, tinyPage } from "@/lib/testing/tiny-site";
import { startWorkerProcess } from "@/lib/testing/worker-process";
import { startRun } from "./index";

/** One of them a PDF. */
const PAGES = 8;
let site: TinySite;
let expected: string[];

beforeAll(async () => {
  const links = Array.from({ length: PAGES - 2 }, (_, i) => `/page-${i}`);
  site = await startTinySite({ "/": tinyPage("Home", ["/terms.pdf", ...links]) });
  for (const [i, path] of links.entries())
    site.pages[path] = tinyPage(`Page ${i}`, ["/", links[(i + 1) % links.length]!]);
  site.pages["/terms.pdf"] = {
    headers: { "content-type": "application/pdf" },
    body: pdfOf([pdfLines(["Returns within 30 days."]), pdfLines(["Frames are guaranteed for ten years."])]),
  };
  site.pages["/sitemap.xml"] = {
    body: `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>${site.url}/page-3</loc></url></urlset>`,
  };
  const db = await createTestDatabase();
  const worker = await startCrawlWorker(db.url, { env: { CRAWL_ALLOW_HOSTS: site.host }, parse: parseHere });
  const source = await addTestSource(db, `${site.url}/`);
  expect(await crawlSource(db, worker.deps, source)).toMatchObject({ status: "completed", published: PAGES });
  expected = await knowledgeOf(db, source);
  await worker.close();
  await db.drop();
});
afterAll(() => site.stop());

const STEPS = ["begin", "fetch", "extract", "chunk", "store", "enqueue", "embed", "publish"];
const STEPS_OF_DOCUMENTS = ["hand-over", "download", "parse"];

test.for([...STEPS, ...STEPS_OF_DOCUMENTS])(
  "a worker killed after the step “%s” loses nothing and doubles nothing",
  async (step) => {
    const db = await createTestDatabase();
    onTestFinished(() => db.drop());
    const source = await addTestSource(db, `${site.url}/`);
    const env = { CRAWL_ALLOW_HOSTS: site.host };
    const doomed = startWorkerProcess(db.url, { ...env, CRASH_AT: step });
    onTestFinished(() => void doomed.child.kill("SIGKILL"));

    const starter = await startCrawlWorker(db.url, { env, idle: true });
    const { runId } = await startRun(starter.deps, source);
    await starter.close();
    expect(await doomed.ended).toEqual({ code: null, signal: "SIGKILL" });
    expect((await db.owner.query("select status from crawl_runs where id = $1", [runId])).rows[0].status).not.toBe(
      "completed",
    );

    await letLeasesEnd(db);
    const rescuer = await startCrawlWorker(db.url, { env, sweep: true, parse: parseHere });
    onTestFinished(() => rescuer.close());
    const run = await endOfRun(db, runId);
    expect(run).toMatchObject({
      status: "completed",
      found: PAGES,
      published: PAGES,
      unchanged: 0,
      failed: 0,
      excluded: 0,
    });
    expect(await knowledgeOf(db, source)).toEqual(expected);
    expect([...(await pagesOf(db, source)).values()].map((page) => page.status)).toEqual(
      Array(PAGES).fill("published"),
    );
    const { rows } = await db.owner.query("select count(*)::int as versions from page_versions");
    expect(rows).toEqual([{ versions: PAGES }]);
    expect((await db.owner.query("select 1 from private.fetched_documents")).rows).toEqual([]);
  },
);
