import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  addTestSource,
  crawlSource,
  knowledgeOf,
  type PageRow,
  pagesOf,
  type RunRow,
  type TestSource,
} from "@/lib/testing/crawl-runs";
import { type CrawlWorker, parseHere, startCrawlWorker } from "@/lib/testing/crawl-worker";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { edgeCaseOf, edgeCases, indexablePages, plannerPages } from "@/lib/testing/sample-site/manifest";
import { type SampleSite, startSampleSite } from "@/lib/testing/sample-site/server";
import { parseRobots } from "./robots";

const PUBLISHED = { status: "published", code: null };
/** What the manifest calls an outcome, in statuses and reason codes of pages. `null`: no page of its own, another spelling of one. */
const EXPECTED: Record<string, { status: string; code: string | null } | null> = {
  robots: { status: "excluded", code: "robots_denied" },
  noindex: { status: "excluded", code: "noindex" },
  canonical: { status: "duplicate", code: "canonical" },
  trailing_slash: { status: "duplicate", code: "canonical" },
  moved: { status: "duplicate", code: "redirect" },
  redirect_chain: { status: "duplicate", code: "redirect" },
  redirect_loop: { status: "duplicate", code: "redirect" },
  redirect_to_blocked: { status: "duplicate", code: "redirect" },
  not_found: { status: "failed", code: "http_404" },
  gone: { status: "failed", code: "http_410" },
  server_error_once: { status: "published", code: null },
  rate_limited_once: { status: "published", code: null },
  slow: { status: "published", code: null },
  encoding: { status: "published", code: null },
  broken_html: { status: "published", code: null },
  no_content: { status: "published", code: null },
  empty: { status: "excluded", code: "no_text" },
};

/** Nine pages are rendered, one at a time, on a machine that may be busy. */
const CRAWL_LIMIT_MS = 120_000;

let db: TestDatabase;
let site: SampleSite;
let worker: CrawlWorker;
let source: TestSource;
let run: RunRow;
let pages: Map<string, PageRow>;

beforeAll(async () => {
  db = await createTestDatabase();
  site = await startSampleSite();
  worker = await startCrawlWorker(db.url, {
    env: { CRAWL_ALLOW_HOSTS: new URL(site.url).host, RENDER_TIMEOUT_MS: "20000" },
    parse: parseHere,
  });
  source = await addTestSource(db, `${site.url}/`);
  run = await crawlSource(db, worker.deps, source, CRAWL_LIMIT_MS);
  pages = await pagesOf(db, source);
}, CRAWL_LIMIT_MS);
afterAll(async () => {
  await worker?.close();
  await site?.stop();
  await db?.drop();
});

describe("the sample site", () => {
  test("is published: every page that may be", () => {
    const published = [...pages.values()].filter((page) => page.status === "published").map((page) => page.path);
    const wanted = [...indexablePages, ...plannerPages];
    const surplus = published.filter((path) => !wanted.includes(path) && !isAllowedSurplus(path));
    expect({ missing: wanted.filter((path) => !published.includes(path)), surplus }).toEqual({
      missing: [],
      surplus: [],
    });
    expect(run).toMatchObject({ status: "completed", error_code: null });
  });

  test("ends each edge case as expected", () => {
    const got: Record<string, unknown> = {};
    const wanted: Record<string, unknown> = {};
    for (const [path, edge] of Object.entries(edgeCases)) {
      const expected = edge.outcome === "document" ? PUBLISHED : EXPECTED[edge.reason];
      if (!expected || path.includes("*")) continue;
      const page = pages.get(path);
      wanted[path] = { ...expected };
      got[path] = page ? { status: page.status, code: page.reason_code } : "not found";
    }
    expect(got).toEqual(wanted);
  });

  test("is rendered where it must be, and nowhere else; what rendering needs is asked for once", () => {
    const rendered = [...pages.values()].filter((page) => page.rendered).map((page) => page.path);
    expect(rendered).toEqual(plannerPages);
    expect(pages.get("/garden-planner/plants/chives")).toMatchObject({ title: "Chives" });
    for (const path of ["/assets/planner.js", "/garden-planner/data/plants.json"]) expect(site.hits.get(path)).toBe(1);
    for (const path of ["/assets/site.css", "/assets/inter.woff2"]) expect(site.hits.has(path)).toBe(false);
  });

  test("counts add up", () => {
    expect(run.found).toBe(pages.size);
    expect(run.published + run.unchanged + run.failed + run.excluded).toBe(run.found);
    expect(run.fetched).toBe(run.found);
  });

  test("gets one request for its robots.txt, and none for what that forbids", async () => {
    expect(site.hits.get("/robots.txt")).toBe(1);
    const robots = parseRobots(await (await fetch(`${site.url}/robots.txt`)).text());
    const forbidden = [...site.hits.keys()].filter(
      (path) => !robots.allowed(site.url + path, worker.deps.config.userAgent),
    );
    expect(forbidden).toEqual([]);
  });

  test("gets no request twice but for what answered 429 or 500", () => {
    const twice = [...site.hits].filter(([path, hits]) => hits > 1 && path !== "/robots.txt").map(([path]) => path);
    const retried = Object.entries(edgeCases).filter(([, edge]) => edge.reason.endsWith("_once"));
    expect(twice.sort()).toEqual(retried.map(([path]) => path).sort());
  });

  test("is not asked for what is only linked with nofollow, nor for addresses with campaign parameters", () => {
    const asked = [...site.hits.keys()].filter(
      (path) => edgeCaseOf(path)?.reason === "nofollow" || path.includes("utm_"),
    );
    expect(asked).toEqual([]);
  });
});

describe("a second crawl", () => {
  test(
    "asks conditionally, changes nothing, and loses nothing of what only unchanged pages link to",
    async () => {
      const before = await knowledgeOf(db, source);
      site.hits.clear();
      const again = await crawlSource(db, worker.deps, source, CRAWL_LIMIT_MS);
      expect(again).toMatchObject({ status: "completed", published: 0, chunks: 0, found: run.found });
      expect(again.unchanged).toBe(run.published);
      expect(again.unchanged + again.failed + again.excluded).toBe(again.found);
      expect(await knowledgeOf(db, source)).toEqual(before);
      // Those whose date in the sitemap is older than the first crawl are not even asked for.
      const { rows } = await db.owner.query(
        `select p.http_status, count(*)::int as n from pages p join crawl_runs r on r.id = p.run_id
         where p.source_id = $1 and p.status = 'published' and p.fetched_at >= r.started_at group by 1 order by 1`,
        [source.sourceId],
      );
      const asked = Object.fromEntries(rows.map((row) => [row.http_status, row.n]));
      expect(asked[304]).toBeGreaterThan(0);
      expect(asked[200] ?? 0).toBeLessThanOrEqual(plannerPages.length);
      expect(asked[304] + (asked[200] ?? 0)).toBeLessThan(run.published);
    },
    CRAWL_LIMIT_MS,
  );
});

const isAllowedSurplus = (path: string): boolean => {
  const edge = edgeCaseOf(path);
  return ["stored_or_excluded", "bounded", "stored", "document"].includes(edge?.outcome ?? "");
};
