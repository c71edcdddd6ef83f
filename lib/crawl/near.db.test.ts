import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { addTestSource, crawlSource, pagesOf } from "@/lib/testing/crawl-runs";
import { type CrawlWorker, startCrawlWorker } from "@/lib/testing/crawl-worker";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { startTinySite, type TinySite, tinyPage } from "@/lib/testing/tiny-site";

let db: TestDatabase;
let site: TinySite;
let worker: CrawlWorker;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  site = await startTinySite();
  worker = await startCrawlWorker(db.url, { env: { CRAWL_ALLOW_HOSTS: site.host } });
});
afterEach(async () => {
  await worker.close();
  await site.stop();
});

const TERMS = Array.from(
  { length: 30 },
  (_, i) =>
    `<p>Rule ${"abcdefghij"[i % 10]}${"klmnopq"[i % 7]}: parcels of kind ${"uvwxyz"[i % 6]} leave the house when clerk ${"rstlm"[i % 5]} has seen them, and come back if nobody wants them.</p>`,
).join("");
const article = (title: string, text: string, links: string[] = []) => ({
  body: `<!doctype html><html lang="en"><title>${title}</title><main><h1>${title}</h1><p>${text}</p>${TERMS}</main><nav>${links.map((link) => `<a href="${link}">${link}</a>`).join("")}</nav></html>`,
});

test("a page that says almost the same as another is left out, and names that one; products that share a template stay", async () => {
  site.pages = {
    "/": tinyPage("Home", ["/rules", "/rules/print", "/red", "/blue", "/dear"]),
    "/rules": article("Rules", "This copy of the rules was made for everybody who orders from us."),
    "/rules/print": article("Rules", "This copy of the rules was printed for everybody who orders from us."),
    "/red": article("Chair", "The red chair costs 99 euros, article RD-100."),
    "/blue": article("Chair", "The blue chair costs 99 euros, article BL-200."),
    "/dear": article("Chair", "The red chair costs 199 euros, article RD-101."),
  };
  const source = await addTestSource(db, `${site.url}/`);
  expect(await crawlSource(db, worker.deps, source)).toMatchObject({ status: "completed", published: 5, excluded: 1 });
  const pages = await pagesOf(db, source);
  for (const path of ["/red", "/blue", "/dear"]) expect(pages.get(path)!.status, path).toBe("published");
  const rules = ["/rules", "/rules/print"].map((path) => pages.get(path)!);
  const [main, copy] = rules[0]!.status === "published" ? rules : rules.toReversed();
  expect(main!.status).toBe("published");
  expect(copy).toMatchObject({
    status: "duplicate",
    reason_code: "near_duplicate",
    reason: `Almost the same text as ${main!.url}`,
  });

  // The main page goes: the copy is read for itself.
  site.pages[main!.path] = { status: 404 };
  expect(await crawlSource(db, worker.deps, source)).toMatchObject({ status: "completed", published: 1, failed: 1 });
  expect((await pagesOf(db, source)).get(copy!.path)!.status).toBe("published");
});

test("pages of another tenant and of another source are never the main page", async () => {
  site.pages = { "/": article("Rules", "This copy of the rules was made for everybody who orders from us.") };
  const one = await addTestSource(db, `${site.url}/`);
  await crawlSource(db, worker.deps, one);
  site.pages["/"] = article("Rules", "This copy of the rules was printed for everybody who orders from us.");
  for (const source of [
    await addTestSource(db, `${site.url}/`),
    await addTestSource(db, `${site.url}/?x=1`, { owner: one }),
  ])
    expect(await crawlSource(db, worker.deps, source)).toMatchObject({ status: expect.any(String), excluded: 0 });
});

test("translations that only hreflang names are found", async () => {
  site.pages = {
    "/": tinyPage(
      "Home",
      [],
      `<link rel="alternate" hreflang="de" href="/de"><link rel="alternate" hreflang="fr" href="/fr">`,
    ),
    "/de": tinyPage("Zuhause"),
    "/fr": tinyPage("Maison"),
  };
  const source = await addTestSource(db, `${site.url}/`);
  expect(await crawlSource(db, worker.deps, source)).toMatchObject({ published: 3 });
});

test("neither rel=nofollow nor a robots directive is followed, and noindex is not kept", async () => {
  site.pages = {
    "/": tinyPage("Home", ["/meta", "/header", "/hidden"], `<a rel="nofollow" href="/sponsored">x</a>`),
    "/meta": tinyPage("Meta", ["/behind-meta"], `<meta name="robots" content="nofollow">`),
    "/header": { ...tinyPage("Header", ["/behind-header"]), headers: { "x-robots-tag": "nofollow" } },
    "/hidden": tinyPage("Hidden", ["/behind-hidden"], `<meta name="robots" content="noindex">`),
    "/behind-hidden": tinyPage("Behind hidden"),
    "/behind-meta": tinyPage("Behind meta"),
    "/behind-header": tinyPage("Behind header"),
    "/sponsored": tinyPage("Sponsored"),
  };
  const source = await addTestSource(db, `${site.url}/`);
  await crawlSource(db, worker.deps, source);
  const pages = [...(await pagesOf(db, source)).values()].map((page) => `${page.path} ${page.status}`);
  expect(pages).toEqual([
    "/ published",
    "/behind-hidden published",
    "/header published",
    "/hidden excluded",
    "/meta published",
  ]);
});

test("traps end: sessions, calendars and endless paths make no more pages", async () => {
  site.pages = {
    "/": tinyPage("Home", [
      "/a?sid=0123456789abcdef0123",
      "/a?utm_source=x&gclid=y",
      "/calendar/2199/01",
      "/x/y/x/y/x/y",
      "/deep/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17",
    ]),
    "/a": tinyPage("A"),
  };
  const source = await addTestSource(db, `${site.url}/`);
  expect(await crawlSource(db, worker.deps, source)).toMatchObject({ found: 2, published: 2 });
});
