import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { extractLinks } from "./links";

const HOME = "https://e.test/docs/page";
const urls = (html: string) => extractLinks(html, HOME).links.map((l) => l.url);

describe("links", () => {
  test("are absolute, normalised, in order and each once", () => {
    const html = `<a href="b">1</a><A HREF=' /c?utm_source=x#top '>2</A><a href=//other.test/d>3</a><a href="b#again">4</a><map><area href="e"></map>`;
    expect(urls(html)).toEqual([
      "https://e.test/docs/b",
      "https://e.test/c",
      "https://other.test/d",
      "https://e.test/docs/e",
    ]);
  });
  test("other schemes, empty and fragment-only ones are left out", () => {
    const html = [
      "mailto:a@e.test",
      "javascript:alert(1)",
      "tel:+1",
      "#top",
      "",
      " ",
      "data:text/html,x",
      "http://[bad",
    ]
      .map((href) => `<a href="${href}">x</a>`)
      .join("");
    expect(urls(`${html}<a>no href</a>`)).toEqual([]);
  });
  test("what stands in scripts, comments and templates as text is no link", () => {
    expect(
      urls(
        `<script>var a = '<a href="/s">x</a>'</script><!-- <a href="/c">x</a> --><textarea><a href="/t">x</a></textarea>`,
      ),
    ).toEqual([]);
  });
  test("<base> counts wherever it stands, only the first, and may be relative", () => {
    expect(urls('<a href="x">1</a><base href="/first/"><base href="/other/"><a href="y">2</a>')).toEqual([
      "https://e.test/first/x",
      "https://e.test/first/y",
    ]);
    expect(urls('<base href="http://[bad"><a href="x">')).toEqual(["https://e.test/docs/x"]);
  });
  test("frames, next and prev pages and refreshes lead on too", () => {
    const html = `<link rel="next" href="?p=2"><iframe src="/frame"></iframe><meta http-equiv="Refresh" content="0; URL='/new'">`;
    expect(urls(html)).toEqual(["https://e.test/docs/page?p=2", "https://e.test/frame", "https://e.test/new"]);
  });
  test("a link is nofollow only when each one to that page is", () => {
    const html =
      '<a rel="NoFollow ugc" href="/a">1</a><a rel="nofollow" href="/b">2</a><a href="/b">3</a><a rel="nofollower" href="/c">4</a>';
    expect(extractLinks(html, HOME).links).toEqual([
      { url: "https://e.test/a", nofollow: true },
      { url: "https://e.test/b", nofollow: false },
      { url: "https://e.test/c", nofollow: false },
    ]);
  });
  test("a page of a hundred thousand links gives 5,000", () => {
    const html = Array.from({ length: 100_000 }, (_, i) => `<a href="/${i}">x</a>`).join("");
    expect(urls(html)).toHaveLength(5_000);
  });
});

describe("what the page says of itself", () => {
  test("canonical, language and translations", () => {
    const html = `<html lang="en-GB"><link rel="canonical" href="/docs/page?utm_source=x"><link rel="canonical" href="/second">
      <link rel="alternate" hreflang="de" href="/de/page"><link rel="alternate" type="application/rss+xml" href="/feed">`;
    expect(extractLinks(html, HOME)).toEqual({
      links: [],
      canonical: "https://e.test/docs/page",
      noindex: false,
      nofollow: false,
      lang: "en-GB",
      hreflang: [{ lang: "de", url: "https://e.test/de/page" }],
    });
  });
  test("a senseless canonical is none", () => {
    expect(extractLinks('<link rel="canonical" href="javascript:1">', HOME)).not.toHaveProperty("canonical");
  });
  test.each([
    ['<meta name="robots" content="noindex">', undefined, { noindex: true, nofollow: false }],
    ['<META NAME="ROBOTS" CONTENT="NOINDEX, NOFOLLOW">', undefined, { noindex: true, nofollow: true }],
    ['<meta name="robots" content="none">', undefined, { noindex: true, nofollow: true }],
    ['<meta name="alonchatbot" content="nofollow">', undefined, { noindex: false, nofollow: true }],
    ['<meta name="googlebot" content="noindex">', undefined, { noindex: false, nofollow: false }],
    ['<meta name="description" content="noindex">', undefined, { noindex: false, nofollow: false }],
    ['<meta name="robots" content="index, follow, max-snippet:-1">', undefined, { noindex: false, nofollow: false }],
    ["", "noindex", { noindex: true, nofollow: false }],
    ["", "googlebot: noindex, nofollow", { noindex: false, nofollow: false }],
    ["", "googlebot: nofollow, AlonChatBot: noindex", { noindex: true, nofollow: false }],
    ["", "max-snippet: 20, noindex", { noindex: true, nofollow: false }],
    ["", "unavailable_after: 25 Jun 2030 15:00:00 GMT, nofollow", { noindex: false, nofollow: true }],
    ["", "", { noindex: false, nofollow: false }],
  ])("%s with header %s asks %o", (html, header, expected) => {
    expect(extractLinks(html, HOME, header)).toMatchObject(expected);
  });
  test("any text gives an answer", () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(
        "<a href=",
        "<base href='",
        "<link rel=canonical href=",
        "<meta name=robots content=",
        '"',
        "'",
        ">",
        "</a>",
        "<!--",
      ),
    );
    fc.assert(
      fc.property(fc.array(piece), fc.string(), fc.string(), (html, base, header) => {
        expect(extractLinks(html.join(""), base, header).links).toBeInstanceOf(Array);
      }),
    );
  });
});
