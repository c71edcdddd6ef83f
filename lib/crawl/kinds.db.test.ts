import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { addTestSource, crawlSource, pagesOf, type TestSource } from "@/lib/testing/crawl-runs";
import { type CrawlWorker, startCrawlWorker } from "@/lib/testing/crawl-worker";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { startTinySite, type TinySite, tinyPage } from "@/lib/testing/tiny-site";
import { forgetHostRules } from "./index";

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
  worker = await startCrawlWorker(db.url, { sweep: true, env: { CRAWL_ALLOW_HOSTS: site.host } });
});
afterEach(async () => {
  await worker.close();
  await site.stop();
});

const statuses = async (source: TestSource) =>
  Object.fromEntries(
    [...(await pagesOf(db, source)).values()].map((page) => [
      page.path,
      page.reason_code ? `${page.status} ${page.reason_code}` : page.status,
    ]),
  );
const sitemap = (...entries: [path: string, lastmod?: string][]) => ({
  headers: { "content-type": "application/xml" },
  body: `<urlset>${entries
    .map(
      ([path, lastmod]) => `<url><loc>${site.url}${path}</loc>${lastmod ? `<lastmod>${lastmod}</lastmod>` : ""}</url>`,
    )
    .join("")}</urlset>`,
});
const asked = () => site.requests.map((request) => request.path);

describe("a sitemap as a source", () => {
  test("is read for the pages that it names, and for no others", async () => {
    site.pages = {
      "/pages.xml": sitemap(["/a"], ["/b"], ["/moved"], ["/left"], ["/hours.txt"]),
      "/": tinyPage("Home", ["/a"]),
      "/a": tinyPage("A", ["/unnamed"]),
      "/b": tinyPage("B"),
      "/unnamed": tinyPage("Unnamed"),
      "/moved": { status: 301, headers: { location: "/target" } },
      "/target": tinyPage("Target"),
      "/left": { body: '<!doctype html><title>Moved</title><meta http-equiv="refresh" content="0; url=/new">' },
      "/new": tinyPage("New"),
      "/hours.txt": {
        headers: { "content-type": "text/plain" },
        body: "Open from nine to five on all days but Sunday.",
      },
    };
    const source = await addTestSource(db, `${site.url}/pages.xml`, { kind: "sitemap" });
    expect(await crawlSource(db, worker.deps, source)).toMatchObject({ status: "completed", published: 5 });
    expect(await statuses(source)).toEqual({
      "/a": "published",
      "/b": "published",
      "/moved": "duplicate redirect",
      "/target": "published",
      "/left": "duplicate redirect",
      "/new": "published",
      "/hours.txt": "published",
    });
  });

  test.each<[string, TinySite["pages"], RegExp]>([
    ["is missing", {}, /could not be read \(HTTP 404\)/],
    ["is a web page", { "/pages.xml": tinyPage("Home") }, /is no sitemap/],
    ["is damaged gzip", { "/pages.xml": { body: Buffer.from([0x1f, 0x8b, 1, 2, 3]) } }, /damaged/],
    [
      "names only other sites",
      { "/pages.xml": { body: "<urlset><url><loc>https://else.test/</loc></url></urlset>" } },
      /No page that this source covers/,
    ],
  ])("that %s fails with that reason", async (_, pages, words) => {
    site.pages = pages;
    const source = await addTestSource(db, `${site.url}/pages.xml`, { kind: "sitemap" });
    const run = await crawlSource(db, worker.deps, source);
    expect(run).toMatchObject({ status: "failed", error_code: "sitemap_unreadable" });
    expect(run.error_message).toMatch(words);
  });

  test("that is gzipped, named by an index and found in a well-known place is read too", async () => {
    const { gzipSync } = await import("node:zlib");
    site.pages = {
      "/": tinyPage("Home"),
      "/sitemap_index.xml": { body: `<sitemapindex><sitemap><loc>${site.url}/s.xml.gz</loc></sitemap></sitemapindex>` },
      "/s.xml.gz": { body: gzipSync(sitemap(["/deep"]).body) },
      "/deep": tinyPage("Deep"),
    };
    const source = await addTestSource(db, `${site.url}/`);
    await crawlSource(db, worker.deps, source);
    expect(await statuses(source)).toEqual({ "/": "published", "/deep": "published" });
  });
});

describe("single addresses as a source", () => {
  test("are read, on several sites, and lead nowhere", async () => {
    const other = await startTinySite({ "/x": tinyPage("X") });
    site.pages = { "/a": tinyPage("A", ["/b"]), "/b": tinyPage("B"), "/gone": { status: 410 } };
    worker.deps.config.allowHosts.push(other.host);
    const urls = [`${site.url}/a`, `${site.url}/gone`, `${other.url}/x`];
    const source = await addTestSource(db, "", { kind: "urls", urls });
    expect(await crawlSource(db, worker.deps, source)).toMatchObject({
      status: "completed",
      found: 3,
      published: 2,
      failed: 1,
    });
    expect(await statuses(source)).toEqual({ "/a": "published", "/gone": "failed http_410", "/x": "published" });
    expect(
      [...asked(), ...other.requests.map((request) => request.path)].some((path) => path.includes("sitemap")),
    ).toBe(false);
    await other.stop();
  });

  test("are each bound by their own site's robots.txt", async () => {
    site.pages = {
      "/robots.txt": { body: "User-agent: *\nDisallow: /secret" },
      "/a": tinyPage("A"),
      "/secret": tinyPage("S"),
    };
    const source = await addTestSource(db, "", { kind: "urls", urls: [`${site.url}/a`, `${site.url}/secret`] });
    await crawlSource(db, worker.deps, source);
    expect(await statuses(source)).toEqual({ "/a": "published", "/secret": "excluded robots_denied" });
    expect(asked()).not.toContain("/secret");
  });
});

describe("the dates of a sitemap", () => {
  test("spare the request for pages that were read after their last change", async () => {
    site.pages = {
      "/sitemap.xml": sitemap(["/old", "2020-01-01"], ["/new", "2020-01-01"], ["/undated"]),
      "/": tinyPage("Home", ["/old", "/new"]),
      "/old": tinyPage("Old", ["/behind"]),
      "/new": tinyPage("New"),
      "/undated": tinyPage("Undated"),
      "/behind": tinyPage("Behind"),
    };
    const source = await addTestSource(db, `${site.url}/`);
    expect(await crawlSource(db, worker.deps, source)).toMatchObject({ published: 5 });
    site.requests.length = 0;
    site.pages["/new"] = tinyPage("New and changed");
    site.pages["/sitemap.xml"] = sitemap(["/old", "2020-01-01"], ["/new", new Date().toISOString()], ["/undated"]);
    expect(await crawlSource(db, worker.deps, source)).toMatchObject({
      status: "completed",
      found: 5,
      published: 1,
      unchanged: 4,
    });
    expect(asked().sort()).toEqual(["/", "/behind", "/new", "/sitemap.xml", "/undated"]);
    expect((await statuses(source))["/behind"]).toBe("published");
  });

  test("are not believed for longer than 30 days", async () => {
    site.pages = { "/sitemap.xml": sitemap(["/old", "2020-01-01"]), "/": tinyPage("Home"), "/old": tinyPage("Old") };
    const source = await addTestSource(db, `${site.url}/`);
    await crawlSource(db, worker.deps, source);
    await db.owner.query("update pages set fetched_at = fetched_at - interval '31 days' where source_id = $1", [
      source.sourceId,
    ]);
    site.requests.length = 0;
    await crawlSource(db, worker.deps, source);
    expect(asked()).toContain("/old");
  });
});
