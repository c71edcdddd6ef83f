import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { addTestSource, crawlSource, endOfRun, knowledgeOf, pagesOf } from "@/lib/testing/crawl-runs";
import { type CrawlWorker, startCrawlWorker } from "@/lib/testing/crawl-worker";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { startTinySite, type TinySite, tinyPage } from "@/lib/testing/tiny-site";
import { type CrawlDeps, embedPage, startRun, sweepCrawls } from "./index";

let db: TestDatabase;
let site: TinySite;
let worker: CrawlWorker;
/** Texts that were given to the embedding model. */
let embedded: string[];

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  site = await startTinySite();
  embedded = [];
  worker = await startCrawlWorker(db.url, { sweep: true, env: { CRAWL_ALLOW_HOSTS: site.host } });
  counting(worker.deps);
});
afterEach(async () => {
  await worker.close();
  await site.stop();
});

function counting(deps: CrawlDeps): void {
  const { embed } = deps.gateway;
  deps.gateway = {
    ...deps.gateway,
    embed: (input) => {
      embedded.push(...input.texts);
      return embed(input);
    },
  };
}

const statuses = async (source: Awaited<ReturnType<typeof addTestSource>>) =>
  Object.fromEntries(
    [...(await pagesOf(db, source)).values()].map((page) => [
      page.path,
      page.reason_code ? `${page.status} ${page.reason_code}` : page.status,
    ]),
  );

describe("a crawl that comes again", () => {
  test("embeds of a changed page only the passages that changed", async () => {
    const section = (n: number, text: string) =>
      `<h2>Part ${n}</h2><p>${`${text} in part ${n}, with some words to make it long enough. `.repeat(20)}</p>`;
    const page = (second: string) => ({
      body: `<!doctype html><title>Guide</title><main><h1>Guide</h1>${section(1, "How to begin")}${section(2, second)}${section(3, "How to end")}</main>`,
    });
    site.pages["/"] = page("How to go on");
    const source = await addTestSource(db, `${site.url}/`);
    await crawlSource(db, worker.deps, source);
    const before = (await knowledgeOf(db, source)).length;
    expect(embedded.length).toBe(before);
    expect(before).toBeGreaterThanOrEqual(3);
    embedded = [];
    site.pages["/"] = page("How to change your mind");
    expect(await crawlSource(db, worker.deps, source)).toMatchObject({
      status: "completed",
      published: 1,
      unchanged: 0,
    });
    expect(embedded.length).toBeGreaterThan(0);
    expect(embedded.every((text) => text.includes("change your mind"))).toBe(true);
    expect((await knowledgeOf(db, source)).every((line) => line.endsWith("true"))).toBe(true);
  });

  test("embeds a page once, however often it is nudged while that is under way", async () => {
    site.pages["/"] = tinyPage("Home");
    const source = await addTestSource(db, `${site.url}/`);
    const { embed } = worker.deps.gateway;
    const [begun, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const embedSlowly: typeof embed = async (input) => {
      begun.resolve();
      await held.promise;
      return embed(input);
    };
    worker.deps.gateway = { ...worker.deps.gateway, embed: embedSlowly };
    const { runId } = await startRun(worker.deps, source);
    await begun.promise;
    // A slow machine's sweep may have come between the page's storing and its embedding.
    const { nudges } = (await pagesOf(db, source)).get("/")!;
    const { rows } = await db.owner.query("select id from page_versions where run_id = $1", [runId]);
    const ref = { tenantId: source.tenantId, versionId: rows[0].id };
    await db.owner.query("update pages set updated_at = now() - interval '1 hour' where run_id = $1", [runId]);
    await sweepCrawls(worker.deps, { idleMs: 0 });
    expect((await pagesOf(db, source)).get("/")).toMatchObject({ status: "embedding", nudges });
    expect(await embedPage(worker.deps, ref, new AbortController().signal), "another worker waits").toMatchObject({
      runAgainInMs: expect.any(Number),
    });
    held.resolve();
    expect(await endOfRun(db, runId)).toMatchObject({ status: "completed", published: 1 });
    expect(await embedPage(worker.deps, ref, new AbortController().signal), "nothing is left to do").toBeUndefined();
    expect(embedded).toHaveLength((await knowledgeOf(db, source)).length);
  });

  test("lets pages go that nothing leads to any more, or that are not there any more", async () => {
    site.pages = {
      "/": tinyPage("Home", ["/kept", "/unlinked", "/removed"]),
      "/kept": tinyPage("Kept"),
      "/unlinked": tinyPage("Unlinked"),
      "/removed": tinyPage("Removed"),
    };
    const source = await addTestSource(db, `${site.url}/`);
    await crawlSource(db, worker.deps, source);
    site.pages["/"] = tinyPage("Home", ["/kept", "/removed"]);
    delete site.pages["/removed"];
    const run = await crawlSource(db, worker.deps, source);
    expect(run).toMatchObject({ status: "completed", found: 3, failed: 1 });
    expect(await statuses(source)).toEqual({
      "/": "published",
      "/kept": "published",
      "/unlinked": "gone gone",
      "/removed": "failed http_404",
    });
    expect(new Set((await knowledgeOf(db, source)).map((line) => line.split(" ")[0]))).toEqual(new Set(["/", "/kept"]));
  });

  test.each([503, 404])(
    "visits the pages of a sitemap that answers %i by themselves if that may pass",
    async (status) => {
      site.pages = {
        "/": tinyPage("Home"),
        "/sitemap.xml": { body: `<urlset><url><loc>${site.url}/named</loc></url></urlset>` },
        "/named": tinyPage("Named"),
      };
      const source = await addTestSource(db, `${site.url}/`);
      expect(await crawlSource(db, worker.deps, source)).toMatchObject({ published: 2 });
      site.pages["/sitemap.xml"] = { status };
      const isKept = status === 503;
      expect(await crawlSource(db, worker.deps, source)).toMatchObject({
        status: "completed",
        unchanged: isKept ? 2 : 1,
      });
      expect(await statuses(source)).toEqual({ "/": "published", "/named": isKept ? "published" : "gone gone" });
    },
  );

  test("keeps what lies behind a page that fails this time", async () => {
    site.pages = {
      "/": tinyPage("Home", ["/hub"]),
      "/hub": tinyPage("Hub", ["/behind"]),
      "/behind": tinyPage("Behind"),
    };
    const source = await addTestSource(db, `${site.url}/`);
    await crawlSource(db, worker.deps, source);
    const before = await knowledgeOf(db, source);
    site.pages["/hub"] = { status: 403 };
    expect(await crawlSource(db, worker.deps, source)).toMatchObject({
      status: "completed",
      found: 3,
      unchanged: 2,
      failed: 1,
    });
    expect(await statuses(source)).toEqual({ "/": "published", "/hub": "failed http_403", "/behind": "published" });
    expect(await knowledgeOf(db, source)).toEqual(before);
  });

  test("keeps everything when the site is down", async () => {
    site.pages = { "/": tinyPage("Home", ["/a"]), "/a": tinyPage("A") };
    const source = await addTestSource(db, `${site.url}/`);
    await crawlSource(db, worker.deps, source);
    const before = await knowledgeOf(db, source);
    site.pages["/"] = { status: 403 };
    site.pages["/a"] = { status: 403 };
    expect(await crawlSource(db, worker.deps, source)).toMatchObject({ status: "failed", error_code: "http_403" });
    expect(await knowledgeOf(db, source)).toEqual(before);
  });

  test("reads every page anew when what makes the passages has changed, although the site says 304", async () => {
    site.pages = { "/": tinyPage("Home", ["/a"]), "/a": tinyPage("A") };
    const source = await addTestSource(db, `${site.url}/`);
    await crawlSource(db, worker.deps, source);
    await db.owner.query("update page_versions set reader = 'older'");
    embedded = [];
    site.requests.length = 0;
    expect(await crawlSource(db, worker.deps, source)).toMatchObject({
      status: "completed",
      published: 2,
      unchanged: 0,
    });
    // The site only says that nothing changed; the pages are read anew from what was kept of them.
    expect(site.requests.filter(({ conditional }) => conditional)).toHaveLength(2);
    expect(embedded, "the same text needs no new vector").toEqual([]);
  });

  describe("after its source takes in more", () => {
    const widen = (sourceId: string, change: string) =>
      db.owner.query(`update sources set ${change} where id = $1`, [sourceId]);
    const asked = () => site.requests.map(({ path, conditional }) => `${path}${conditional ? " 304" : ""}`).sort();

    test.each([
      { what: "other include patterns", narrow: "include_patterns = '{/a}'", wide: "include_patterns = '{/a,/b}'" },
      { what: "no include patterns", narrow: "include_patterns = '{/a}'", wide: "include_patterns = '{}'" },
      { what: "fewer exclude patterns", narrow: "exclude_patterns = '{/b,/x}'", wide: "exclude_patterns = '{/x}'" },
      { what: "more depth", narrow: "max_depth = 1", wide: "max_depth = 2" },
      { what: "a higher page limit", narrow: "max_pages = 2", wide: "max_pages = 3" },
    ])(
      "finds behind unchanged pages what $what let in, asks the site for nothing twice, and then rests",
      async ({ narrow, wide }) => {
        site.pages = { "/": tinyPage("Home", ["/a"]), "/a": tinyPage("A", ["/b"]), "/b": tinyPage("B") };
        const source = await addTestSource(db, `${site.url}/`);
        await widen(source.sourceId, narrow);
        await crawlSource(db, worker.deps, source);
        expect(await statuses(source)).toEqual({ "/": "published", "/a": "published" });
        await widen(source.sourceId, wide);
        embedded = [];
        site.requests.length = 0;
        expect(await crawlSource(db, worker.deps, source)).toMatchObject({ status: "completed", found: 3 });
        expect(await statuses(source)).toEqual({ "/": "published", "/a": "published", "/b": "published" });
        expect(asked().filter((line) => !/robots|sitemap/.test(line))).toEqual(["/ 304", "/a 304", "/b"]);
        expect(embedded.every((text) => text.includes("about B"))).toBe(true);
        expect(await crawlSource(db, worker.deps, source)).toMatchObject({ unchanged: 3, published: 0 });
      },
    );

    test("leaves alone the pages of other sources and tenants, and those of a source that takes in less", async () => {
      site.pages = { "/": tinyPage("Home", ["/a"]), "/a": tinyPage("A") };
      const [source, other] = [await addTestSource(db, `${site.url}/`), await addTestSource(db, `${site.url}/`)];
      const sibling = await addTestSource(db, `${site.url}/a`, { owner: source });
      for (const each of [source, other, sibling]) await crawlSource(db, worker.deps, each);
      await widen(source.sourceId, "exclude_patterns = '{/b}', max_depth = 3, include_patterns = '{/a}'");
      expect(await crawlSource(db, worker.deps, source)).toMatchObject({ unchanged: 2, published: 0 });
      await widen(source.sourceId, "exclude_patterns = '{}'");
      for (const each of [other, sibling])
        expect(await crawlSource(db, worker.deps, each)).toMatchObject({ published: 0 });
      expect(await crawlSource(db, worker.deps, source)).toMatchObject({ unchanged: 0, published: 2 });
    });
  });

  test("keeps to the model of the agent's index when the environment names another by now", async () => {
    site.pages = { "/": tinyPage("Home") };
    const source = await addTestSource(db, `${site.url}/`);
    await crawlSource(db, worker.deps, source);
    worker.deps.gateway = {
      ...worker.deps.gateway,
      embeddingModel: { ...worker.deps.gateway.embeddingModel, id: "another" },
    };
    site.pages["/"] = tinyPage("Home, with another text");
    expect(await crawlSource(db, worker.deps, source)).toMatchObject({ published: 1 });
    const { rows } = await db.owner.query(
      "select model, state, dimensions from embedding_indexes where agent_id = $1",
      [source.agentId],
    );
    expect(rows).toEqual([{ model: "local/hash-384", state: "live", dimensions: 384 }]);
  });

  test("leaves the choice between two pages with the same text as it was", async () => {
    site.pages = { "/": tinyPage("Home", ["/b", "/a"]), "/a": tinyPage("Twin"), "/b": tinyPage("Twin") };
    const source = await addTestSource(db, `${site.url}/`);
    expect(await crawlSource(db, worker.deps, source)).toMatchObject({ published: 2, excluded: 1 });
    const before = await statuses(source);
    for (let i = 0; i < 2; i++) {
      expect(await crawlSource(db, worker.deps, source)).toMatchObject({ published: 0, unchanged: 2, excluded: 1 });
      expect(await statuses(source)).toEqual(before);
    }
  });

  test("brings the twin back when the page that stood for it is gone", async () => {
    site.pages = { "/": tinyPage("Home", ["/a", "/b"]), "/a": tinyPage("Twin"), "/b": tinyPage("Twin") };
    const source = await addTestSource(db, `${site.url}/`);
    await crawlSource(db, worker.deps, source);
    const main = Object.entries(await statuses(source)).find(
      ([path, status]) => path !== "/" && status === "published",
    )![0];
    const twin = main === "/a" ? "/b" : "/a";
    site.pages["/"] = tinyPage("Home", [twin]);
    const run = await crawlSource(db, worker.deps, source);
    expect(run).toMatchObject({ status: "completed", found: 2, published: 1, unchanged: 1, excluded: 0 });
    expect(await statuses(source)).toEqual({ "/": "published", [twin]: "published", [main]: "gone gone" });
  });
});

describe("a page that names another as its main address", () => {
  test("is read for itself when that address leads back to it, or does not exist", async () => {
    const canonical = (path: string) => `<link rel="canonical" href="${site.url}${path}">`;
    site.pages = {
      "/": tinyPage("Home", ["/back", "/lost", "/copy"]),
      "/back": tinyPage("Back", [], canonical("/back/")),
      "/back/": { status: 301, headers: { location: "/back" } },
      "/lost": tinyPage("Lost", [], canonical("/nowhere")),
      "/copy": tinyPage("Copy", [], canonical("/main")),
      "/main": tinyPage("Main", [], canonical("/main")),
    };
    const source = await addTestSource(db, `${site.url}/`);
    const run = await crawlSource(db, worker.deps, source);
    expect(await statuses(source)).toEqual({
      "/": "published",
      "/back": "published",
      "/back/": "duplicate redirect",
      "/lost": "published",
      "/nowhere": "failed http_404",
      "/copy": "duplicate canonical",
      "/main": "published",
    });
    expect(run).toMatchObject({ status: "completed", found: 7, published: 4, failed: 1, excluded: 2 });
  });
});
