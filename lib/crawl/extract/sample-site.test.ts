import { afterAll, beforeAll, expect, test } from "vitest";
import { type ExtractedPage, extractPage } from "@/lib/crawl/extract";
import { indexablePages } from "@/lib/testing/sample-site/manifest";
import { type SampleSite, startSampleSite } from "@/lib/testing/sample-site/server";

let site: SampleSite;
beforeAll(async () => {
  site = await startSampleSite({});
});
afterAll(() => site.stop());

async function extract(path: string): Promise<ExtractedPage> {
  let response = await fetch(site.url + path);
  if (!response.ok) response = await fetch(site.url + path); // some pages fail the first time
  return extractPage(await response.text(), site.url + path);
}

test("no indexable page of the site brings menus, footer, newsletter or cookie banner along, and each has content", async () => {
  const chrome = /Skip to content|A few cookies, no crumbs|Letters from the growing room|© 2026 Sprigwell BV/;
  const pages = await Promise.all(indexablePages.map(async (path) => ({ path, ...(await extract(path)) })));
  const isWrong = (page: ExtractedPage) =>
    chrome.test(`${page.text}\n${page.markdown}`) || (!page.needsJavaScript && page.text.length < 100);
  expect(pages.filter(isWrong).map(({ path }) => path)).toEqual([]);
});

test("a product page keeps price, stock and specification table", async () => {
  const { kind, markdown, structured } = await extract("/products/sill");
  expect(kind).toBe("product");
  expect(markdown).toContain("€129");
  expect(markdown).toContain("| Water tank | 1.8 litres |");
  expect(structured.map(({ type }) => type)).toContain("Product");
});

test("the price list keeps its header row and every plan", async () => {
  const { markdown } = await extract("/plans");
  expect(markdown).toContain("| Seed | Grow | Harvest |");
  expect(markdown).toContain("| Price per month | free | €4.90 | €17.90 |");
});

test("a developer page keeps its code as fences", async () => {
  const { kind, markdown } = await extract("/developers/webhooks");
  expect(kind).toBe("docs");
  expect(markdown).toMatch(/^```\w+\n[\s\S]+?\n```$/m);
});

test("a journal entry is an article with a date", async () => {
  const { kind, publishedAt, title } = await extract("/journal/tower-launch");
  expect({ kind, title, day: publishedAt?.slice(0, 10) }).toEqual({
    kind: "article",
    title: "Why we built a Tower that trickles",
    day: "2026-10-05",
  });
});

test("headings of the long legal page lead to their parts", async () => {
  const { headings } = await extract("/legal/terms-and-privacy");
  expect(headings.length).toBeGreaterThan(50);
  expect(headings.filter(({ level, anchor }) => level === 2 && !anchor)).toEqual([]);
});
