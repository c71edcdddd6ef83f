import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isProbablyPage, matchesPattern, normalizeUrl, sameSite, trapReason, urlShape } from "./url";

describe("normalizeUrl", () => {
  test.each([
    ["HTTP://Example.COM:80/A/../b/./c", "http://example.com/b/c"],
    ["https://example.com:443", "https://example.com/"],
    ["https://example.com./a", "https://example.com/a"],
    ["https://example.com.:8443/a", "https://example.com:8443/a"],
    ["https://bücher.example/straße#teil", "https://xn--bcher-kva.example/stra%C3%9Fe"],
    ["https://e.test/%7euser/caf%c3%a9%2fx", "https://e.test/~user/caf%C3%A9%2Fx"],
    ["https://e.test/docs/index.html", "https://e.test/docs/"],
    ["https://e.test/docs/INDEX.HTM?b=1", "https://e.test/docs/?b=1"],
    ["https://e.test/a?utm_source=x&UTM_Medium=y&gclid=1&fbclid=2&mc_cid=3&q=1", "https://e.test/a?q=1"],
    ["https://e.test/a?b=2&a=1&&c", "https://e.test/a?a=1&b=2&c"],
    ["https://e.test/a?", "https://e.test/a"],
    ["https://e.test/a;jsessionid=0A1B2C?x=1", "https://e.test/a?x=1"],
    ["https://e.test/a?PHPSESSID=abc&sid=0123456789abcdef0123&x=1", "https://e.test/a?x=1"],
    [" https://e.test/a b ", "https://e.test/a%20b"],
  ])("%s → %s", (raw, expected) => {
    expect(normalizeUrl(raw)).toBe(expected);
  });
  test("keeps what may be another page", () => {
    for (const url of [
      "http://e.test/a",
      "https://www.e.test/a",
      "https://e.test/A",
      "https://e.test/a/",
      "https://e.test//a",
      "https://e.test/index.php?page=2",
      "https://e.test/a?tag=b&tag=a",
      "https://e.test/a?s=shoes&sid=12",
      "https://e.test/a?x=1%262",
      "https://e.test/myindex.html",
    ])
      expect(normalizeUrl(url)).toBe(url);
  });
  test("resolves against the page it stands on", () => {
    expect(normalizeUrl("../c?x#y", "https://e.test/a/b/")).toBe("https://e.test/a/c?x");
    expect(normalizeUrl("//cdn.test/x", "https://e.test/")).toBe("https://cdn.test/x");
  });
  test.each([
    "mailto:a@e.test",
    "javascript:alert(1)",
    "ftp://e.test/",
    "data:,x",
    "https://a:b@e.test/",
    "/relative",
    "",
    "http://[bad",
  ])("%s has no normal form", (raw) => {
    expect(normalizeUrl(raw)).toBeNull();
  });
  test("a source may name further parameters to drop", () => {
    const dropParams = ["color", "filter_*"];
    expect(normalizeUrl("https://e.test/a?Color=red&filter_size=1&page=2", undefined, { dropParams })).toBe(
      "https://e.test/a?page=2",
    );
  });
  test("is idempotent", () => {
    const segment = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom(
        "..",
        ".",
        "%2e",
        "%2E%2e",
        "%2E;jsessionid=1",
        "index.html",
        "index%2Ehtml",
        "%",
        "%zz",
        "%c3%a9",
        ";jsessionid=1",
        "",
      ),
    );
    const parameter = fc
      .tuple(fc.constantFrom("a", "utm_x", "sid", "%61", "", "s", "é"), fc.string({ maxLength: 20 }))
      .map((p) => p.join("="));
    const url = fc
      .tuple(
        fc.constantFrom("https://e.test", "HTTP://E.test.:80", "https://e.test:8443"),
        fc.array(segment),
        fc.array(parameter),
      )
      .map(([host, path, query]) => `${host}/${path.join("/")}?${query.join("&")}`);
    fc.assert(
      fc.property(fc.oneof(url, fc.webUrl({ withQueryParameters: true, withFragments: true })), (raw) => {
        const once = normalizeUrl(raw);
        if (once !== null) {
          expect(normalizeUrl(once)).toBe(once);
          expect(new URL(once).href).toBe(once);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("sameSite", () => {
  test("is the same host, with or without www, http or https", () => {
    expect(sameSite("http://e.test/a", "https://www.e.test/b")).toBe(true);
    expect(sameSite("http://127.0.0.1:4400/", "http://127.0.0.1:4400/x")).toBe(true);
  });
  test("other ports, subdomains and lookalikes are other sites, and so is what is no address", () => {
    for (const other of [
      "https://e.test:8443/",
      "https://blog.e.test/",
      "https://wwwe.test/",
      "https://e.test.evil/",
      "nonsense",
      "mailto:a@e.test",
    ])
      expect(sameSite("https://e.test/", other)).toBe(false);
    expect(sameSite("nonsense", "nonsense")).toBe(false);
  });
});

describe("isProbablyPage", () => {
  test.each(["/", "/about", "/a.html", "/a.php", "/guide.pdf", "/v1.2/notes", "/readme.txt", "/a?file=x.zip"])(
    "%s may be one",
    (path) => {
      expect(isProbablyPage(`https://e.test${path}`)).toBe(true);
    },
  );
  test.each(["/a.JPG", "/x/style.css", "/app.js", "/f.woff2", "/v.mp4", "/d.tar.gz", "/sitemap.xml", "/feed.rss"])(
    "%s is none",
    (path) => {
      expect(isProbablyPage(`https://e.test${path}`)).toBe(false);
    },
  );
  test("other schemes hold no pages", () => {
    for (const url of ["mailto:a@e.test", "tel:+1", "javascript:void(0)", "nonsense"])
      expect(isProbablyPage(url)).toBe(false);
  });
});

describe("matchesPattern", () => {
  test.each([
    ["/blog", "/blog"],
    ["/blog", "/blog/"],
    ["/blog", "/blog/2024/post?x=1"],
    ["/blog", "/blog?page=2"],
    ["blog", "/blog/post"],
    ["/blog/*", "/blog/a/b"],
    ["*.pdf", "/files/guide.pdf"],
    ["*.pdf", "/files/guide.pdf?v=2"],
    ["*?print=*", "/a?print=1"],
    ["*/private/*", "/a/private/b"],
    ["about.html", "/about.html"],
    ["https://e.test/blog", "/blog/x"],
    ["e.test/blog", "/blog/x"],
    ["e.test", "/anything"],
    ["*.tar.gz", "/files/a.tar.gz"],
    ["*://e.test/*", "/x"],
    ["/caf%c3%a9", "/caf%C3%A9"],
    ["*", "/x"],
  ])("%s fits %s", (pattern, path) => {
    expect(matchesPattern(pattern, `https://e.test${path}`)).toBe(true);
  });
  test.each([
    ["/blog", "/blogs"],
    ["/blog", "/a/blog"],
    ["/blog/*", "/blog"],
    ["/Blog", "/blog"],
    ["*.pdf", "/pdf"],
    ["http://e.test/blog", "/blog"],
    ["other.test/blog", "/blog"],
    ["*.e.test/blog", "/blog"],
    ["", "/"],
    ["  ", "/"],
  ])("%s does not fit %s", (pattern, path) => {
    expect(matchesPattern(pattern, `https://e.test${path}`)).toBe(false);
  });
  test("a star in the host stands for subdomains", () => {
    expect(matchesPattern("*.e.test/blog", "https://docs.e.test/blog/x")).toBe(true);
    expect(matchesPattern("https://*.e.test", "https://docs.e.test/x")).toBe(true);
    expect(matchesPattern("https://*.e.test", "https://docs.evil.test/x")).toBe(false);
  });
  test("many stars cost no more than the text is long", () => {
    expect(matchesPattern(`/${"*a".repeat(2_000)}b`, `https://e.test/${"a".repeat(5_000)}`)).toBe(false);
  });
});

describe("trapReason", () => {
  const nowMs = Date.parse("2026-06-15T00:00:00Z");
  const reason = (path: string, sameShape?: number) =>
    trapReason(`https://e.test${path}`, sameShape === undefined ? undefined : { sameShape }, nowMs);

  test.each([
    ["/calendar/2031/05", "calendar"],
    ["/calendar?month=2028-03", "calendar"],
    ["/events/?year=2019&month=4", "calendar"],
    ["/agenda/week-2031-05", "calendar"],
    ["/calendar/2035", "calendar"],
    ["/page?date=2040-01-01", "calendar"],
    ["/a/b/a/b/a/b", "repeated_segments"],
    ["/x/x/x", "repeated_segments"],
    ["/a/z/a/y/a/x/a", "repeated_segments"],
    [`/${"d/".repeat(2)}${Array.from({ length: 17 }, (_, i) => i).join("/")}`, "too_deep"],
    ["/a?b=1&c=1&d=1&e=1&f=1&g=1&h=1&i=1&j=1", "too_many_parameters"],
    [`/${"long".repeat(600)}`, "too_long"],
  ])("%s is one: %s", (path, expected) => {
    expect(reason(path)).toBe(expected);
  });
  test.each([
    "/",
    "/blog/2009/05/old-post",
    "/calendar/2026/07",
    "/events/2026-12-01-meetup",
    "/docs/en/docs/setup",
    "/products/20991234",
    "/events/room-2100",
    "/events/2019-conference",
    "/events/20231201",
    "/a?year=2026",
    "/search?q=shoes&page=3",
  ])("%s is none", (path) => {
    expect(reason(path)).toBeNull();
  });
  test("endless variants of one address are bounded, plain pages with numbers are not", () => {
    expect(reason("/list?page=500", 201)).toBe("too_many_alike");
    expect(reason("/list?page=500", 200)).toBeNull();
    expect(reason("/products/5001", 5_000)).toBeNull();
  });
  test("the shape leaves out numbers and values", () => {
    expect(urlShape("https://e.test/list/12?page=3&a=b")).toBe("e.test/list/0?a&page");
    expect(urlShape("https://e.test/list/7?a=c&page=9")).toBe("e.test/list/0?a&page");
  });
});
