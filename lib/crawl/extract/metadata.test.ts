import { describe, expect, test } from "vitest";
import { extractPage } from "@/lib/crawl/extract";

const read = (head: string, body = "<p>Text.</p>", html = '<html lang="en">') =>
  extractPage(`${html}<head>${head}</head><body>${body}</body></html>`, "https://www.acme.test/dir/page?x=1");

describe("title", () => {
  test.each([
    ["<title>Pricing | Acme</title>", "", "Pricing"],
    ["<title>Pricing - Acme Inc</title>", "", "Pricing"],
    ["<title>Acme: Pricing</title>", "<h1>Pricing</h1>", "Pricing"],
    ["<title>Water – tank and pump</title>", "", "Water – tank and pump"],
    ["<title>Water - tank - Help Centre</title>", "<h1>Water - tank</h1>", "Water - tank"],
    ['<title>Start · Docs</title><meta property="og:site_name" content="Docs">', "", "Start"],
    ["<title>Acme</title>", "<h1>Welcome to the garden</h1>", "Acme"],
    ['<meta property="og:title" content="From Open Graph">', "", "From Open Graph"],
    ["", "<h1>From the heading</h1>", "From the heading"],
    ["<title> Two\n lines &amp; more </title>", "", "Two lines & more"],
    ["<title>First</title><title>Second</title>", "<svg><title>Icon</title></svg>", "First"],
    ["", "", ""],
  ])("%s %s is %j", (head, body, title) => {
    expect(read(head, `${body}<p>Text.</p>`).title).toBe(title);
  });
});

describe("language", () => {
  test.each([
    ['<html lang="de-at">', "", "de-AT"],
    ['<html lang="pt_BR">', "", "pt-BR"],
    ["<html>", '<meta http-equiv="content-language" content="fr, en">', "fr"],
    ["<html>", '<meta property="og:locale" content="es_ES">', "es-ES"],
    ['<html lang="not a tag">', "", undefined],
    ["<html>", "", undefined],
    ['<html lang="en-aa-bb">', "", undefined],
    ['<html lang="de-abcde-abcde">', "", undefined],
  ])("%s %s is %j", (html, head, language) => {
    expect(read(head, "<p>Text.</p>", html).language).toBe(language);
  });
});

test.each([
  ["/other", "https://www.acme.test/other"],
  ["https://acme.test/a#part", "https://acme.test/a"],
  ["javascript:alert(1)", undefined],
  ["http://[", undefined],
])("canonical %j is %j", (href, canonical) => {
  expect(read(`<link rel="canonical" href="${href}">`).canonical).toBe(canonical);
});

test.each([
  ['<meta property="article:published_time" content="2026-03-01T10:00:00+02:00">', "2026-03-01T08:00:00.000Z"],
  [
    '<script type="application/ld+json">{"@type":"BlogPosting","datePublished":"2026-03-01"}</script>',
    "2026-03-01T00:00:00.000Z",
  ],
  ['<meta property="article:published_time" content="yesterday">', undefined],
  ["", undefined],
])("published time of %s is %j", (head, publishedAt) => {
  expect(read(head).publishedAt).toBe(publishedAt);
});

test("the description comes from the page, then from Open Graph, white space collapsed", () => {
  expect(
    read('<meta name="description" content=" a\n b "><meta property="og:description" content="c">').description,
  ).toBe("a b");
  expect(read('<meta property="og:description" content="c">').description).toBe("c");
});

describe("the time of the last change", () => {
  test.each([
    ['<meta property="article:modified_time" content="2026-03-04T10:00:00+01:00">', "", "2026-03-04T09:00:00.000Z"],
    [
      '<script type="application/ld+json">{"@type":"Article","dateModified":"2026-03-04"}</script>',
      "",
      "2026-03-04T00:00:00.000Z",
    ],
    ["", '<time itemprop="dateModified" datetime="2026-03-04">4 March</time>', "2026-03-04T00:00:00.000Z"],
    ["", '<time pubdate datetime="2026-03-04">4 March</time>', undefined],
    ['<meta property="article:modified_time" content="yesterday">', "", undefined],
  ])("%s %s", (head, body, modifiedAt) => {
    expect(read(head, `${body}<p>Text.</p>`).modifiedAt).toBe(modifiedAt);
  });
});
