import { expect, test } from "vitest";
import { loadPages } from "@/lib/testing/sample-site/content";
import { illustrationNames } from "@/lib/testing/sample-site/illustrations/index";
import { plainText, renderMarkdown } from "@/lib/testing/sample-site/markdown";

const pages = [...loadPages().values()];
const LISTINGS = new Set(["home", "products", "helphub", "posts"]);
const words = (markdown: string): number => plainText(renderMarkdown(markdown).body.value).split(" ").length;

test("there are at least seventy-five written pages beside the listings", () => {
  expect(pages.filter((page) => !LISTINGS.has(page.kind)).length).toBeGreaterThanOrEqual(75);
});

test("every page has 150 to 900 words, and the legal page more than 8,000", () => {
  for (const page of pages) {
    if (LISTINGS.has(page.kind)) continue;
    const count = words(page.body);
    if (page.kind === "legal") expect(count, page.path).toBeGreaterThan(8_000);
    else expect(count, page.path).toBeGreaterThanOrEqual(150);
    if (page.kind !== "legal") expect(count, page.path).toBeLessThanOrEqual(900);
  }
});

test("no paragraph stands on two pages", () => {
  const seen = new Map<string, string>();
  for (const page of pages) {
    for (const paragraph of page.body.split(/\n{2,}/).filter((text) => text.length > 80)) {
      expect(seen.get(paragraph), `${page.path}: ${paragraph.slice(0, 60)}`).toBeUndefined();
      seen.set(paragraph, page.path);
    }
  }
});

test("related pages, recommendations, translations and pictures exist", () => {
  const paths = new Set(pages.map((page) => page.path));
  for (const page of pages) {
    for (const target of [...page.related, ...page.recommend])
      expect(paths.has(target), `${page.path} → ${target}`).toBe(true);
    if (page.data.image) expect(illustrationNames, page.path).toContain(page.data.image);
    if (page.alternate) {
      const other = pages.find((candidate) => candidate.path === page.alternate?.path);
      expect(other?.alternate, page.path).toEqual({ lang: page.lang, path: page.path });
    }
  }
  expect(pages.filter((page) => page.lang === "de" && page.alternate)).toHaveLength(3);
});

test("titles and descriptions are unique", () => {
  const english = pages.filter((page) => page.lang === "en");
  expect(new Set(english.map((page) => page.title)).size).toBe(english.length);
  expect(new Set(english.map((page) => page.description)).size).toBe(english.length);
});
