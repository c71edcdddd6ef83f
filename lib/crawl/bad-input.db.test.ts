import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import { addTestSource, crawlSource, endOfRun, pagesOf, type TestSource } from "@/lib/testing/crawl-runs";
import { type CrawlWorker, startCrawlWorker } from "@/lib/testing/crawl-worker";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { startFakeModelServer } from "@/lib/testing/fake-model-server";
import { signUp } from "@/lib/testing/stack";
import { startTinySite, type TinySite, tinyPage } from "@/lib/testing/tiny-site";
import {
  addWebsite,
  beginRun,
  crawlPage,
  crawlPageJob,
  embedPageJob,
  forgetHostRules,
  startCrawlJob,
  startRun,
} from "./index";

let db: TestDatabase;
let site: TinySite;
let worker: CrawlWorker;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  site = await startTinySite();
  worker = await startCrawlWorker(db.url, { env: { CRAWL_ALLOW_HOSTS: `${site.host},127.0.0.1:9` } });
});
afterEach(async () => {
  await worker.close();
  await site.stop();
});

/** Crawls, expects that nothing is left half-done, and returns what its member reads. */
async function outcome(source: TestSource): Promise<{ code: string | null; message: string | null }> {
  const run = await crawlSource(db, worker.deps, source);
  expect(run.published + run.unchanged + run.failed + run.excluded).toBe(run.found);
  const one = async (sql: string) => (await db.owner.query(sql, [source.sourceId])).rows[0];
  expect(
    await one(
      "select count(*)::int as n from pages where source_id = $1 and status in ('queued', 'fetching', 'embedding')",
    ),
  ).toEqual({ n: 0 });
  expect(
    await one(
      "select count(*)::int as n from page_versions v join pages p on p.id = v.page_id where p.source_id = $1 and v.status = 'draft'",
    ),
  ).toEqual({ n: 0 });
  expect(await one("select status, error_code, error_message from sources where id = $1")).toEqual({
    status: run.status === "failed" ? "failed" : "ready",
    error_code: run.error_code,
    error_message: run.error_message,
  });
  const { queues } = await worker.platform.queues();
  for (const job of [startCrawlJob, crawlPageJob, embedPageJob])
    expect(await queues.queue(job.name).getJobCountByTypes("waiting", "delayed", "failed"), job.name).toBe(0);
  return { code: run.error_code, message: run.error_message };
}

/** Lets time pass for what is known of robots.txt. */
async function pass(interval: string): Promise<void> {
  await db.owner.query("update private.robots set fetched_at = fetched_at - $1::interval", [interval]);
  forgetHostRules();
}

describe("an address that somebody typed", () => {
  const cases: [typed: string, code: string, words: RegExp][] = [
    ["not an address", "url_invalid", /Write it like https:\/\/example\.com/],
    ["javascript:alert(1)", "url_invalid", /https:\/\/ or http:\/\//],
    ["ftp://example.com/", "url_invalid", /https:\/\/ or http:\/\//],
    ["https://user:secret@example.com/", "url_invalid", /Remove the part before the @/],
    ["http://10.1.2.3/", "url_blocked", /private network.*Give a public address/],
    ["http://localhost/", "url_blocked", /private network.*Give the address that visitors use/],
    ["http://169.254.169.254/latest/meta-data", "url_blocked", /Give a public address/],
    ["https://example.com:22/", "url_blocked", /port/],
    ["https://no-such-host.example/", "host_unreachable", /Check the spelling/],
  ];

  test("is refused with words that tell what to do, and leaves no source", async () => {
    const member = await signUp();
    const { data: tenant } = await member.client.from("tenants").select("id").single();
    const { data: agent } = await member.client
      .from("agents")
      .insert({ tenant_id: tenant!.id, name: "Test" })
      .select("id")
      .single();
    const ref = { tenantId: tenant!.id, agentId: agent!.id };
    worker.deps.config.lookup = async () => {
      throw Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
    };
    for (const [url, code, words] of cases) {
      const error = await addWebsite(worker.deps, member.client, { ...ref, url }).catch((thrown: unknown) => thrown);
      expect(error, url).toBeInstanceOf(AppError);
      expect((error as AppError).code, url).toBe(code);
      expect((error as AppError).message, url).toMatch(words);
    }
    expect((await member.client.from("sources").select("id")).data).toEqual([]);
  });
});

describe("a crawl ends, with the reason and what to do, when", () => {
  test("no server answers", async () => {
    expect(await outcome(await addTestSource(db, "http://127.0.0.1:9/"))).toEqual({
      code: "host_unreachable",
      message: '"127.0.0.1" does not accept connections. Check that the site is online, then try again.',
    });
  });

  test("the address has become a private one", async () => {
    expect(await outcome(await addTestSource(db, "http://10.0.0.7/"))).toEqual({
      code: "url_blocked",
      message: '"10.0.0.7" is in a private network, which cannot be reached from here. Give a public address.',
    });
  });

  test("robots.txt forbids the start page; once it is changed, the next crawl sees that", async () => {
    site.pages = { "/robots.txt": { body: "User-agent: *\nDisallow: /" }, "/": tinyPage("Home") };
    const source = await addTestSource(db, `${site.url}/`);
    const { code, message } = await outcome(source);
    expect(code).toBe("robots_denied");
    expect(message).toMatch(/robots\.txt forbids reading .*allow "AlonChatBot" in http/);
    expect(site.requests.map((request) => request.path)).toEqual(["/robots.txt"]);
    site.pages["/robots.txt"] = { body: "User-agent: *\nDisallow: /private" };
    await pass("10 seconds");
    expect(await outcome(source)).toEqual({ code: null, message: null });
  });

  test("robots.txt answers with an error", async () => {
    site.pages = { "/robots.txt": { status: 503 }, "/": tinyPage("Home") };
    const { code, message } = await outcome(await addTestSource(db, `${site.url}/`));
    expect(code).toBe("http_503");
    expect(message).toMatch(/crawlers should keep away.*Check that .*robots\.txt/);
    expect(site.requests.some((request) => request.path === "/")).toBe(false);
  });

  test.for<[string, TinySite["pages"], string, RegExp]>([
    ["the page is empty", { "/": { body: "" } }, "no_text", /empty/],
    [
      "the page has no text",
      { "/": { body: "<!doctype html><title>Hello</title><main></main>" } },
      "no_text",
      /No text was found/,
    ],
    [
      "the page is huge",
      { "/": { body: Buffer.alloc(6 * 1024 * 1024, "<p>a lot of text</p>") } },
      "content_too_large",
      /larger than.*Link to smaller pages/,
    ],
    ["the page does not exist", {}, "http_404", /Check its address/],
    ["the page is not for us", { "/": { status: 403 } }, "http_403", /let the crawler "AlonChatBot" through/],
    [
      "the page is a broken file",
      { "/": { headers: { "content-type": "application/pdf" }, body: "%PDF-1.4" } },
      "broken",
      /damaged.*save it again/,
    ],
    [
      "the page is a picture",
      { "/": { headers: { "content-type": "image/png" }, body: "PNG" } },
      "unsupported_content",
      /cannot be read as text/,
    ],
    [
      "the page is a film behind a vague type",
      { "/": { headers: { "content-type": "application/octet-stream" }, body: Buffer.from([0, 1, 2, 3]) } },
      "unsupported_content",
      /a file/,
    ],
    [
      "the page sends on to another site",
      { "/": { status: 301, headers: { location: "https://elsewhere.example/" } } },
      "redirect_offsite",
      /Add that address as a source/,
    ],
    [
      "the page sends on in a circle",
      { "/": { status: 302, headers: { location: "/a" } }, "/a": { status: 302, headers: { location: "/" } } },
      "redirect_loop",
      /redirects in a circle.*opens in a browser/,
    ],
    [
      "the page sends on to nothing",
      { "/": { status: 302, headers: { location: "mailto:us@example.com" } } },
      "redirect_broken",
      /Check this redirect/,
    ],
    [
      "the page sends on to another site by its markup",
      { "/": { body: '<meta http-equiv="refresh" content="0; url=https://elsewhere.example/">' } },
      "redirect_offsite",
      /Add that address as a source/,
    ],
    [
      "the page sends on to one without text",
      { "/": { status: 302, headers: { location: "/en" } }, "/en": { body: "<!doctype html><title>x</title>" } },
      "no_text",
      /No text was found/,
    ],
    [
      "the site asks for an hour's pause",
      { "/": { status: 429, headers: { "retry-after": "3600" } } },
      "http_429",
      /stay away for 60 minutes\. Refresh/,
    ],
  ])("%s", async ([_, pages, expected, words]) => {
    site.pages = pages;
    const { code, message } = await outcome(await addTestSource(db, `${site.url}/`));
    expect(code).toBe(expected);
    expect(message).toMatch(words);
  });

  test("the embedding model refuses its key", async () => {
    const models = await startFakeModelServer({ mode: "unauthorized" });
    await worker.close();
    worker = await startCrawlWorker(db.url, {
      env: {
        CRAWL_ALLOW_HOSTS: site.host,
        OPENAI_BASE_URL: models.baseUrl,
        OPENAI_API_KEY: "sk-test",
        EMBEDDING_MODEL: "openai/text-embedding-3-small",
      },
    });
    site.pages = { "/": tinyPage("Home", ["/a"]), "/a": tinyPage("A") };
    const { code, message } = await outcome(await addTestSource(db, `${site.url}/`));
    await models.close();
    expect(code).toBe("model_misconfigured");
    expect(message).toMatch(/could not be embedded.*Check OPENAI_API_KEY/);
  });
});

describe("a crawl goes on all the same when", () => {
  test("a page's bytes fit no charset", async () => {
    const latin = Buffer.from(
      `<!doctype html><title>Caf\xe9</title><main><h1>Caf\xe9</h1><p>Ein kleines Caf\xe9 in K\xf6ln, t\xe4glich ge\xf6ffnet von acht bis zw\xf6lf Uhr, mit Kuchen und Tee.</p></main>`,
      "latin1",
    );
    site.pages = { "/": { headers: { "content-type": "text/html; charset=utf-8" }, body: latin } };
    const source = await addTestSource(db, `${site.url}/`);
    expect(await outcome(source)).toEqual({ code: null, message: null });
    const { rows } = await db.owner.query("select content from chunks where source_id = $1", [source.sourceId]);
    expect(rows[0].content).toContain("Ein kleines Café in Köln");
  });

  test("robots.txt sends on more often than five times, which counts as no robots.txt", async () => {
    site.pages = { "/": tinyPage("Home"), "/robots.txt": { status: 302, headers: { location: "/r1" } } };
    for (let i = 1; i < 9; i++) site.pages[`/r${i}`] = { status: 302, headers: { location: `/r${i + 1}` } };
    expect(await outcome(await addTestSource(db, `${site.url}/`))).toEqual({ code: null, message: null });
  });

  test("robots.txt or the sitemap is the site's home page", async () => {
    site.pages = { "/": tinyPage("Home"), "/robots.txt": tinyPage("Disallow: /"), "/sitemap.xml": tinyPage("Home") };
    expect(await outcome(await addTestSource(db, `${site.url}/`))).toEqual({ code: null, message: null });
  });

  test("a robots.txt that was read before answers with an error now", async () => {
    site.pages = {
      "/": tinyPage("Home", ["/private"]),
      "/robots.txt": { body: "User-agent: *\nDisallow: /private" },
      "/private": tinyPage("Private"),
    };
    const source = await addTestSource(db, `${site.url}/`);
    await outcome(source);
    site.pages["/robots.txt"] = { status: 500 };
    await pass("10 minutes");
    expect(await outcome(source)).toEqual({ code: null, message: null });
    expect(site.requests.filter((request) => request.path === "/robots.txt")).toHaveLength(2);
    expect(site.requests.some((request) => request.path === "/private")).toBe(false);
  });
});

describe("a page that ends its worker each time", () => {
  test("is given up, and the crawl goes on", async () => {
    site.pages = {
      "/": tinyPage("Home", ["/poison", "/good"]),
      "/poison": tinyPage("Poison"),
      "/good": tinyPage("Good"),
    };
    const source = await addTestSource(db, `${site.url}/`);
    await outcome(source);
    await worker.close();
    worker = await startCrawlWorker(db.url, { env: { CRAWL_ALLOW_HOSTS: site.host }, idle: true });
    const { runId } = await startRun(worker.deps, source);
    // Claimed seven times, each time by a worker that died: as the row would stand then.
    await db.owner.query(
      "update pages set run_id = $1, status = 'fetching', attempts = 7, lease_token = gen_random_uuid(), lease_until = now() - interval '1 second' where source_id = $2 and url like '%/poison'",
      [runId, source.sourceId],
    );
    await db.owner.query("update crawl_runs set found = found + 1 where id = $1", [runId]);
    await worker.close();
    worker = await startCrawlWorker(db.url, { env: { CRAWL_ALLOW_HOSTS: site.host }, sweep: true });
    expect(await endOfRun(db, runId)).toMatchObject({ status: "completed", found: 3, unchanged: 2, failed: 1 });
    expect((await pagesOf(db, source)).get("/poison")).toMatchObject({
      status: "failed",
      reason_code: "processing_failed",
    });
  });
});

describe("another tenant's run", () => {
  test("is not touched by a job that names it with one's own tenant", async () => {
    site.pages = { "/": tinyPage("Home") };
    const [a, b] = [await addTestSource(db, `${site.url}/`), await addTestSource(db, `${site.url}/`)];
    // Nothing works on the queue yet, so that the run stays as it is.
    await worker.close();
    const idle = await startCrawlWorker(db.url, { env: { CRAWL_ALLOW_HOSTS: site.host } });
    const { queues } = await idle.platform.queues();
    await queues.queue(startCrawlJob.name).pause();
    const { runId } = await startRun(idle.deps, b);
    const [page] = [...(await pagesOf(db, b)).values()];
    const signal = new AbortController().signal;
    await beginRun(idle.deps, { tenantId: a.tenantId, runId }, signal);
    await crawlPage(idle.deps, { tenantId: a.tenantId, runId, pageId: page!.id }, signal);
    expect((await db.owner.query("select status from crawl_runs where id = $1", [runId])).rows).toEqual([
      { status: "queued" },
    ]);
    expect([...(await pagesOf(db, b)).values()][0]).toMatchObject({ status: "queued", attempts: 0 });
    expect([...(await pagesOf(db, a)).values()]).toEqual([]);
    expect(site.requests).toEqual([]);
    await expect(startRun(idle.deps, { tenantId: a.tenantId, sourceId: b.sourceId })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(startRun(idle.deps, { tenantId: a.tenantId, sourceId: newId() })).rejects.toMatchObject({
      code: "not_found",
    });
    await queues.queue(startCrawlJob.name).resume();
    expect(await endOfRun(db, runId)).toMatchObject({ status: "completed", published: 1 });
    worker = idle;
  });
});
