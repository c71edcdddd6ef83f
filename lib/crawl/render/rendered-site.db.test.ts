import { existsSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { addTestSource, crawlSource, knowledgeOf, pagesOf } from "@/lib/testing/crawl-runs";
import { type CrawlWorker, startCrawlWorker } from "@/lib/testing/crawl-worker";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { startTinySite, type TinySite, tinyPage } from "@/lib/testing/tiny-site";
import { forgetHostRules } from "../index";

const WORDS = "Every parcel leaves our house within two working days and can be sent back within thirty.";
const shell = (script: string, head = ""): { body: string } => ({
  body: `<!doctype html><html lang="en"><head><title>App</title>${head}</head><body><div id="root"></div><script>${script}</script></body></html>`,
});
const shows = (about: string, links: string[] = []): string =>
  `document.getElementById("root").innerHTML = ${JSON.stringify(
    `<main><h1>${about}</h1><p>This page is about ${about}. ${WORDS}</p>${links.map((link) => `<a href="${link}">${link}</a>`).join(" ")}</main>`,
  )};`;

describe.skipIf(!existsSync(process.env.CHROMIUM_PATH ?? "/usr/bin/chromium"))(
  "pages that need JavaScript",
  { timeout: 180_000 },
  () => {
    let db: TestDatabase;
    let site: TinySite;
    let worker: CrawlWorker;

    beforeEach(async () => {
      forgetHostRules();
      db = await createTestDatabase();
      site = await startTinySite();
      worker = await startCrawlWorker(db.url, { env: { CRAWL_ALLOW_HOSTS: site.host, RENDER_TIMEOUT_MS: "20000" } });
    });
    afterEach(async () => {
      await worker?.close();
      await site?.stop();
      await db?.drop();
    });
    const outcomes = async (source: Awaited<ReturnType<typeof addTestSource>>) =>
      Object.fromEntries(
        [...(await pagesOf(db, source))].map(([path, { status, reason_code, rendered }]) => [
          path,
          [status, reason_code, rendered].filter((value) => value !== null).join(" "),
        ]),
      );

    test("are read as a browser shows them, and the links their scripts made are followed; static pages start no browser", async () => {
      site.pages["/robots.txt"] = { body: "User-agent: *\nDisallow: /forbidden" };
      site.pages["/"] = tinyPage("plain things", ["/static"]);
      site.pages["/static"] = tinyPage("other plain things");
      const source = await addTestSource(db, `${site.url}/`);
      await crawlSource(db, worker.deps, source);
      expect(worker.deps.renderer.browsers).toBe(0);

      site.pages["/static"] = shell(shows("made things", ["/hidden", "/forbidden"]));
      site.pages["/hidden"] = tinyPage("hidden things");
      await crawlSource(db, worker.deps, source);
      expect(await outcomes(source)).toEqual({
        "/": "published false",
        "/static": "published true",
        "/hidden": "published false",
        "/forbidden": "excluded robots_denied false",
      });
      expect(worker.deps.renderer.browsers).toBe(1);
    });

    test("are read anew on each crawl, because their document does not say when what they show has changed", async () => {
      site.pages["/"] = shell(
        `fetch("/text").then((r) => r.text()).then((text) => { document.getElementById("root").innerHTML = text; })`,
      );
      site.pages["/text"] = { body: `<h1>First</h1><p>The first text. ${WORDS}</p>` };
      const source = await addTestSource(db, `${site.url}/`);
      await crawlSource(db, worker.deps, source);
      const first = await knowledgeOf(db, source);
      expect(await crawlSource(db, worker.deps, source)).toMatchObject({ status: "completed", unchanged: 1 });
      expect(await knowledgeOf(db, source)).toEqual(first);
      site.pages["/text"] = { body: `<h1>Second</h1><p>The second text, which differs. ${WORDS}</p>` };
      expect(await crawlSource(db, worker.deps, source)).toMatchObject({ status: "completed", published: 1 });
      expect(await knowledgeOf(db, source)).not.toEqual(first);
      expect(site.requests.filter(({ conditional }) => conditional)).toEqual([]);
    });

    test("end with what became of them, each in words, and the rest goes on", async () => {
      const moves = (to: string) => shell(`location.replace("${to}")`);
      const pages: TinySite["pages"] = {
        "/": tinyPage("the start", [
          "/moved",
          "/away",
          "/private",
          "/routed",
          "/blank",
          "/noindex",
          "/canonical",
          "/good",
        ]),
        "/moved": moves("/good"),
        "/away": moves("https://elsewhere.example/"),
        "/private": moves("http://169.254.169.254/latest/"),
        "/routed": shell(`history.replaceState(null, "", "/good");${shows("a page on its way")}`),
        "/blank": shell("document.title = 'nothing'"),
        "/noindex": shell(
          `document.head.insertAdjacentHTML("beforeend", "<meta name=robots content=noindex>");${shows("secrets")}`,
        ),
        // The same main address in the shell of every page means nothing.
        "/canonical": shell(shows("a page of its own"), '<link rel="canonical" href="/good">'),
        "/good": shell(shows("good things")),
      };
      Object.assign(site.pages, pages);
      const source = await addTestSource(db, `${site.url}/`);
      expect(await crawlSource(db, worker.deps, source)).toMatchObject({ status: "completed" });
      expect(await outcomes(source)).toEqual({
        "/": "published false",
        "/moved": "duplicate redirect false",
        "/away": "excluded redirect_offsite false",
        "/private": "excluded redirect_offsite false",
        "/routed": "duplicate redirect false",
        "/blank": "excluded no_text false",
        "/noindex": "excluded noindex false",
        "/canonical": "published true",
        "/good": "published true",
      });
    });

    test("that never come to an end are tried once more, and said to", async () => {
      // However little time a page has: this one would not end in any.
      await worker.close();
      worker = await startCrawlWorker(db.url, { env: { CRAWL_ALLOW_HOSTS: site.host, RENDER_TIMEOUT_MS: "1000" } });
      site.pages["/"] = tinyPage("the start", ["/loop"]);
      site.pages["/loop"] = shell("for (;;);");
      const source = await addTestSource(db, `${site.url}/`);
      expect(await crawlSource(db, worker.deps, source)).toMatchObject({ status: "completed", failed: 1 });
      expect((await pagesOf(db, source)).get("/loop")).toMatchObject({
        status: "failed",
        reason_code: "render_timeout",
        attempts: 2,
        reason: expect.stringContaining("did not come to an end in time"),
      });
    });
  },
);

test("without a browser they are left out, with what to install", async () => {
  forgetHostRules();
  const db = await createTestDatabase();
  const site = await startTinySite({ "/": tinyPage("the start", ["/app"]), "/app": shell(shows("made things")) });
  const worker = await startCrawlWorker(db.url, {
    env: { CRAWL_ALLOW_HOSTS: site.host, CHROMIUM_PATH: "/nowhere/chromium" },
  });
  try {
    const source = await addTestSource(db, `${site.url}/`);
    await crawlSource(db, worker.deps, source);
    expect((await pagesOf(db, source)).get("/app")).toMatchObject({
      status: "excluded",
      reason_code: "needs_javascript",
      reason: expect.stringContaining("CHROMIUM_PATH"),
    });
  } finally {
    await worker.close();
    await site.stop();
    await db.drop();
  }
});
