import { expect, onTestFinished, test } from "vitest";
import { startTinySite, tinyPage } from "@/lib/testing/tiny-site";
import { measureCrawl } from "./crawl";

test("the bench reads each page once, obeys robots.txt, retries what is busy and counts how each address ended", async () => {
  const site = await startTinySite({
    "/": tinyPage("Home", ["/a", "/b", "/private", "/moved", "/gone", "https://elsewhere.example/"]),
    "/a": tinyPage("A", ["/", "/a#part", "/a?utm_source=x"]),
    "/b": tinyPage("A"),
    "/moved": { status: 301, headers: { location: "/a" } },
    "/busy": ({ times }) => (times === 1 ? { status: 429, headers: { "retry-after": "0" } } : tinyPage("Busy")),
    "/robots.txt": { body: "User-agent: *\nDisallow: /private\nSitemap: /map.xml" },
    "/map.xml": { body: "" },
  });
  onTestFinished(() => site.stop());
  site.pages["/map.xml"] = { body: `<urlset><url><loc>${site.url}/busy</loc></url></urlset>` };
  const figures = await measureCrawl(site.url, { concurrency: 3 });
  expect(figures.statuses).toEqual({
    stored: 3,
    "duplicate duplicate_content": 1,
    "duplicate redirect": 1,
    "excluded robots_denied": 1,
    "failed http_404": 1,
  });
  expect(figures).toMatchObject({ pages: 3, requests: 7 });
  expect(site.requests.map((request) => request.path).sort()).toEqual([
    "/",
    "/a",
    "/b",
    "/busy",
    "/busy",
    "/gone",
    "/map.xml",
    "/moved",
    "/robots.txt",
  ]);
});

test("left to its own choice it reads the same pages, and says how many were open at once", async () => {
  const paths = Array.from({ length: 40 }, (_, i) => `/p${i}`);
  const site = await startTinySite({
    "/": tinyPage("Home", paths),
    ...Object.fromEntries(paths.map((path) => [path, tinyPage(`About ${path}`)])),
  });
  onTestFinished(() => site.stop());
  const figures = await measureCrawl(site.url, { concurrency: "auto" });
  expect(figures).toMatchObject({ pages: 41, requests: 41, statuses: { stored: 41 } });
  expect(figures.mostOpen).toBeGreaterThanOrEqual(4);
  expect(figures.mostOpen).toBeLessThanOrEqual(64);
});
