import { afterAll, beforeAll, expect, test } from "vitest";
import { loadPages } from "@/lib/testing/sample-site/content";
import {
  demoQuestions,
  edgeCaseOf,
  edgeCases,
  indexablePages,
  linkedOnlyPages,
  plannerPages,
  questions,
  sitemapOnlyPages,
} from "@/lib/testing/sample-site/manifest";
import { plainText } from "@/lib/testing/sample-site/markdown";
import { type SampleSite, startSampleSite } from "@/lib/testing/sample-site/server";
import { sitemapPaths, type WalkedPage, walk } from "@/lib/testing/sample-site/walk";

const indexable = new Set(indexablePages);
let site: SampleSite;
/** Pages found by links from the start page. */
let linked: Map<string, WalkedPage>;
/** These and the pages of the sitemap. */
let all: Map<string, WalkedPage>;
let inSitemap: string[];

/** The text between <main> tags, decoded with the charset of the page. */
async function mainText(path: string): Promise<string> {
  const charset = loadPages().get(path)?.charset ?? "utf-8";
  const bytes = await (await fetch(site.url + path)).arrayBuffer();
  const html = new TextDecoder(charset).decode(bytes);
  return plainText(/<main[^>]*>([\s\S]*)<\/main>/.exec(html)?.[1] ?? "");
}

beforeAll(async () => {
  site = await startSampleSite();
  // The pages that fail once have failed after this.
  for (const path of Object.keys(edgeCases)) if (edgeCases[path]?.outcome === "stored") await fetch(site.url + path);
  inSitemap = await sitemapPaths(`${site.url}/sitemap.xml`);
  linked = await walk(site.url, ["/"], (path) => indexable.has(path));
  all = await walk(site.url, ["/", ...inSitemap], (path) => indexable.has(path));
});

afterAll(() => site.stop());

test("every internal link leads to a page or to a known edge case", () => {
  for (const [path, page] of all) {
    expect(page.status, path).toBe(200);
    for (const link of page.links)
      expect(indexable.has(link) || edgeCaseOf(link) !== undefined, `${path} → ${link}`).toBe(true);
  }
});

test("every edge case is linked from some page or is part of one that is", () => {
  const links = new Set([...all.values()].flatMap((page) => page.links));
  const external = new Set(["https://status.sprigwell.example/", "/account/gardens", ...plannerPages.slice(1)]);
  for (const key of Object.keys(edgeCases)) {
    if (external.has(key)) continue;
    const found = key.endsWith("*") ? [...links].some((link) => link.startsWith(key.slice(0, -1))) : links.has(key);
    // Not every product is recommended below another one.
    expect(found || key.includes("?ref=recommended"), key).toBe(true);
  }
});

test("every indexable page is reached by links or stands in the sitemap", () => {
  for (const path of indexablePages) expect(linked.has(path) || inSitemap.includes(path), path).toBe(true);
  for (const path of sitemapOnlyPages) {
    expect(linked.has(path), `${path} is linked`).toBe(false);
    expect(inSitemap).toContain(path);
  }
  for (const path of linkedOnlyPages) {
    expect(linked.has(path), `${path} is not linked`).toBe(true);
    expect(inSitemap).not.toContain(path);
  }
  expect(sitemapOnlyPages.length).toBeGreaterThanOrEqual(3);
  expect(linkedOnlyPages.length).toBeGreaterThanOrEqual(2);
});

test("the sitemap holds nothing but indexable pages", () => {
  for (const path of inSitemap) expect(indexable.has(path), path).toBe(true);
  expect(new Set(inSitemap).size).toBe(inSitemap.length);
});

test("no edge case other than a failing, slow or odd page is indexable", () => {
  for (const [path, edge] of Object.entries(edgeCases))
    expect(indexable.has(path), path).toBe(edge.outcome === "stored");
});

test("every fact of a question stands in the text of its page", async () => {
  for (const { question, expectedPath, expectedFacts } of questions) {
    if (expectedPath === null) {
      expect(expectedFacts, question).toEqual([]);
      continue;
    }
    expect(indexable.has(expectedPath), question).toBe(true);
    expect(expectedFacts.length, question).toBeGreaterThan(0);
    const text = await mainText(expectedPath);
    for (const fact of expectedFacts) expect(text.includes(fact), `${question} ${expectedPath}: ${fact}`).toBe(true);
  }
});

test("there are forty answerable questions, six unanswerable ones and three for the demo", () => {
  expect(questions.filter((entry) => entry.expectedPath !== null).length).toBeGreaterThanOrEqual(40);
  expect(questions.filter((entry) => entry.expectedPath === null)).toHaveLength(6);
  expect(demoQuestions).toHaveLength(3);
  expect(new Set(questions.map((entry) => entry.question)).size).toBe(questions.length);
});
