import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { edgeCases, plannerPages } from "@/lib/testing/sample-site/manifest";
import { type SampleSite, startSampleSite } from "@/lib/testing/sample-site/server";
import { internalLinks } from "@/lib/testing/sample-site/walk";

let site: SampleSite;
const get = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(site.url + path, { redirect: "manual", ...init });
const canonicalOf = (html: string): string | undefined => /<link rel="canonical" href="([^"]+)">/.exec(html)?.[1];

beforeAll(async () => {
  site = await startSampleSite();
});
beforeEach(() => site.reset());
afterAll(() => site.stop());

test("robots.txt blocks areas, allows one page inside, ends a pattern with $ and slows one bot down", async () => {
  const robots = await (await get("/robots.txt")).text();
  for (const line of [
    "Disallow: /account",
    "Disallow: /internal/",
    "Allow: /internal/press-kit",
    "Disallow: /*.pdf$",
    "Crawl-delay: 10",
    `Sitemap: ${site.url}/sitemap.xml`,
  ]) {
    expect(robots).toContain(line);
  }
});

test("blocked pages answer, so that a crawler that ignores robots.txt is found out", async () => {
  for (const path of ["/account/login", "/cart", "/search?q=pump", "/internal/editorial-calendar"]) {
    const response = await get(path);
    expect(response.status, path).toBe(200);
    expect(await response.text(), path).toContain("violet wheelbarrow");
  }
});

test("duplicates answer with the content and the canonical address of their target", async () => {
  for (const [key, edge] of Object.entries(edgeCases)) {
    if (edge.outcome !== "duplicate" || !edge.target) continue;
    const response = await get(key.replace("*", "00112233aabbccdd"));
    expect(response.status, key).toBe(200);
    expect(canonicalOf(await response.text()), key).toBe(site.url + edge.target);
  }
});

test("redirects have the status and, over all hops, the target of the manifest", async () => {
  for (const [path, edge] of Object.entries(edgeCases)) {
    if (edge.outcome !== "redirect") continue;
    expect((await get(path)).status, path).toBe(edge.status);
    const final = await fetch(site.url + path);
    expect(final.url, path).toBe(site.url + edge.target);
  }
});

test("a chain has three hops, a loop never ends, and others lead off the site or into a blocked area", async () => {
  const location = async (path: string) => (await get(path)).headers.get("location");
  expect([await location("/go/warranty"), await location("/go/w"), await location("/help/guarantee")]).toEqual([
    "/go/w",
    "/help/guarantee",
    "/help/warranty",
  ]);
  expect([await location("/help/app-news"), await location("/help/news-app")]).toEqual([
    "/help/news-app",
    "/help/app-news",
  ]);
  expect(await location("/my-garden")).toBe("/account/gardens");
  expect(await location("/press/avondkrant")).toMatch(/^https:\/\/avondkrant\.example\//);
});

test("missing pages answer 404 and removed ones 410", async () => {
  expect((await get("/products/sill-mini")).status).toBe(404);
  expect((await get("/help/legacy-hub")).status).toBe(410);
  expect((await get("/anything/else")).status).toBe(404);
});

test("two pages fail on the first request only, and again after a reset", async () => {
  for (let round = 0; round < 2; round++) {
    site.reset();
    const limited = await get("/developers/errors");
    expect([limited.status, limited.headers.get("retry-after")]).toEqual([429, "1"]);
    expect((await get("/developers/errors")).status).toBe(200);
    expect([(await get("/help/invoices")).status, (await get("/help/invoices")).status]).toEqual([500, 200]);
  }
});

test("noindex is said once in the page and once in a header", async () => {
  expect(await (await get("/campaign/spring-thanks")).text()).toContain('<meta name="robots" content="noindex">');
  expect((await get("/help/print/error-codes")).headers.get("x-robots-tag")).toBe("noindex");
});

test("the page behind a nofollow link is linked in no other way", async () => {
  const html = await (await get("/")).text();
  expect(html).toContain('<a href="/partners/affiliate-terms" rel="nofollow">');
});

test("two pages are not in UTF-8: one says so in the header, the other in <meta> alone", async () => {
  const french = await get("/fr/reparateurs");
  const frenchBytes = await french.arrayBuffer();
  expect(french.headers.get("content-type")).toBe("text/html; charset=windows-1252");
  expect(new TextDecoder("windows-1252").decode(frenchBytes)).toContain("cœur de métier");
  expect(new TextDecoder().decode(frenchBytes)).not.toMatch(/<meta charset/);
  const german = await get("/de/haendler");
  const germanBytes = await german.arrayBuffer();
  expect(german.headers.get("content-type")).toBe("text/html");
  const decoded = new TextDecoder("iso-8859-1").decode(germanBytes);
  expect(decoded).toContain('<meta charset="iso-8859-1">');
  expect(decoded).toContain("Gärtnerei Süßmeier");
  expect(new TextDecoder().decode(germanBytes)).not.toContain("Gärtnerei");
});

test("the calendar goes on for ever", async () => {
  let path = "/events";
  for (let step = 0; step < 30; step++) {
    const links = internalLinks(await (await get(path)).text(), site.url + path);
    const months = links.filter((link) => link.startsWith("/events?month=") && link !== path);
    expect(months).toHaveLength(2);
    path = months[1] ?? "";
  }
  expect(path).toBe("/events?month=2029-05");
  expect((await get("/events?month=nonsense")).status).toBe(200);
});

test("a visitor of the community keeps the session of the link", async () => {
  const html = await (await get("/community?PHPSESSID=00112233aabbccdd")).text();
  expect(html).toContain("/community/threads/114-basil-keeps-flowering?PHPSESSID=00112233aabbccdd");
  const evil = await (await get("/community?PHPSESSID=%22%3E%3Cscript%3E")).text();
  expect(evil).not.toContain('"><script>');
});

test("some answers are not HTML, some are huge, some are empty or need a script", async () => {
  const pdf = await get("/downloads/tower-datasheet.pdf?v=3");
  expect(pdf.headers.get("content-type")).toBe("application/pdf");
  expect((await pdf.text()).startsWith("%PDF-")).toBe(true);
  expect((await get("/assets/press/logo.png")).headers.get("content-type")).toBe("image/png");
  const huge = (await (await get("/developers/sample-export")).text()).length;
  expect(huge).toBeGreaterThan(1_300_000);
  expect(huge).toBeLessThan(1_800_000);
  expect(await (await get("/help/drafts/new-table")).text()).toMatch(/<body><\/body>/);
  expect(await (await get("/journal/workshop-notes-2018")).text()).not.toMatch(/<\/body>/i);
});

test("all pages of the planner are one document without text; what they show is data and a script", async () => {
  const documents = await Promise.all(plannerPages.map(async (path) => (await get(path)).text()));
  expect(documents[0]).toMatch(/<div id="root"><\/div>/);
  expect(new Set(documents).size).toBe(1);
  expect(plannerPages.length).toBeGreaterThanOrEqual(6);
  expect(await (await get("/garden-planner/data/plants.json")).json()).toHaveLength(5);
});

test("three pages have a German version, and both name each other", async () => {
  for (const [english, german] of [
    ["/help/shipping", "/de/hilfe/versand"],
    ["/help/returns", "/de/hilfe/rueckgabe"],
    ["/products/sill", "/de/produkte/sill"],
  ] as const) {
    for (const path of [english, german]) {
      const html = await (await get(path)).text();
      expect(html).toContain(`hreflang="en" href="${site.url}${english}"`);
      expect(html).toContain(`hreflang="de" href="${site.url}${german}"`);
    }
  }
});
