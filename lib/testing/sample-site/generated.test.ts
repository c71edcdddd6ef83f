import { afterAll, beforeAll, expect, test } from "vitest";
import { startGeneratedSite } from "@/lib/testing/sample-site/generated";
import { plainText } from "@/lib/testing/sample-site/markdown";
import type { SampleSite } from "@/lib/testing/sample-site/server";
import { sitemapPaths, type WalkedPage, walk } from "@/lib/testing/sample-site/walk";

const PAGES = 120;
let site: SampleSite;
let pages: Map<string, WalkedPage>;

beforeAll(async () => {
  site = await startGeneratedSite({ pages: PAGES });
  pages = await walk(site.url, ["/"], (path) => !path.startsWith("/assets/"));
});
afterAll(() => site.stop());

test("all pages are reached by links, and no link is broken", () => {
  expect(pages.size).toBe(PAGES);
  for (const [path, page] of pages) expect(page.status, path).toBe(200);
});

test("the sitemap names every page", async () => {
  expect((await sitemapPaths(`${site.url}/sitemap.xml`)).sort()).toEqual([...pages.keys()].sort());
});

test("pages have 8 to 25 kB of HTML, and no two the same text", () => {
  const texts = new Set<string>();
  for (const [path, page] of pages) {
    expect(page.html.length, path).toBeGreaterThan(8_000);
    expect(page.html.length, path).toBeLessThan(25_000);
    texts.add(plainText(/<main[^>]*>([\s\S]*)<\/main>/.exec(page.html)?.[1] ?? ""));
  }
  expect(texts.size).toBe(PAGES);
});

test("pages that robots.txt forbids are linked to when asked for", async () => {
  const closed = await startGeneratedSite({ pages: 20, blocked: 5 });
  const found = await walk(closed.url, ["/"], (path) => !path.startsWith("/assets/"));
  expect([...found.keys()].filter((path) => path.startsWith("/private/")).sort()).toEqual(
    [0, 1, 2, 3, 4].map((i) => `/private/${i}`),
  );
  expect(await (await fetch(`${closed.url}/robots.txt`)).text()).toContain("Disallow: /private/");
  expect((await sitemapPaths(`${closed.url}/sitemap.xml`)).filter((path) => path.startsWith("/private/"))).toEqual([]);
  await closed.stop();
});

test("the same seed gives the same bytes, another seed does not", async () => {
  const again = await startGeneratedSite({ pages: PAGES });
  const other = await startGeneratedSite({ pages: PAGES, seed: 7 });
  const body = async (from: SampleSite): Promise<string> =>
    (await (await fetch(`${from.url}/`)).text()).replaceAll(from.url, "");
  const first = pages.get("/")?.html.replaceAll(site.url, "");
  expect(await body(again)).toBe(first);
  expect(await body(other)).not.toBe(first);
  await Promise.all([again.stop(), other.stop()]);
});
