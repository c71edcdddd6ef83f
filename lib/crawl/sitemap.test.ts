import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AppError } from "@/lib/core/errors";
import { parseSitemap, SITEMAP_MAX_ENTRIES } from "./sitemap";

const HOME = "https://e.test/sitemap.xml";
const urlset = (inner: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${inner}</urlset>`;
const locs = (body: Buffer | string) => parseSitemap(body, HOME).entries.map((e) => e.loc);

describe("kinds", () => {
  test("a sitemap gives addresses with the dates that can be read", () => {
    const text = urlset(
      "<url><loc> https://e.test/a?x=1&amp;y=2 </loc><lastmod>2026-01-02</lastmod></url>" +
        "<url><loc><![CDATA[https://e.test/b]]></loc><lastmod>yesterday</lastmod></url>" +
        "<url><lastmod>2026-01-02</lastmod></url>",
    );
    expect(parseSitemap(text, HOME)).toEqual({
      kind: "urlset",
      entries: [
        { loc: "https://e.test/a?x=1&y=2", changedBy: "2026-01-03T12:00:00.000Z" },
        { loc: "https://e.test/b" },
      ],
    });
  });
  test("an index is told apart, gzip is told by its bytes, also twice", () => {
    const index = "<sitemapindex><sitemap><loc>https://e.test/s1.xml.gz</loc></sitemap></sitemapindex>";
    const expected = { kind: "index", entries: [{ loc: "https://e.test/s1.xml.gz" }] };
    expect(parseSitemap(gzipSync(index), HOME)).toEqual(expected);
    expect(parseSitemap(gzipSync(gzipSync(index)), HOME)).toEqual(expected);
  });
  test("namespaces, pictures and translations do not confuse", () => {
    const text =
      "<sm:urlset><sm:url><image:image><image:loc>https://e.test/a.jpg</image:loc></image:image><sm:loc>https://e.test/a</sm:loc>" +
      '<xhtml:link rel="alternate" hreflang="de" href="https://e.test/de"/></sm:url></sm:urlset>';
    expect(locs(text)).toEqual(["https://e.test/a"]);
  });
  test("RSS and Atom feeds give their entries, not their own address", () => {
    const rss =
      "<rss><channel><link>https://e.test/</link><item><title>x</title><link>https://e.test/post</link>" +
      "<pubDate>Fri, 02 Jan 2026 00:00:00 GMT</pubDate></item></channel></rss>";
    expect(parseSitemap(rss, HOME).entries).toEqual([
      { loc: "https://e.test/post", changedBy: "2026-01-02T00:00:00.000Z" },
    ]);
    const atom =
      '<feed><link href="/self" rel="self"/><entry><link rel="edit" href="/edit"/><link href="/post"/><updated>2026-01-02T03:04:05Z</updated></entry></feed>';
    expect(parseSitemap(atom, HOME).entries).toEqual([
      { loc: "https://e.test/post", changedBy: "2026-01-02T03:04:05.000Z" },
    ]);
  });
  test("plain text is a list of whole addresses", () => {
    expect(locs("\ufeffhttps://e.test/a\r\nhttps://e.test/b\n\nnot an address\n/c\nhttps://e.test/d")).toEqual([
      "https://e.test/a",
      "https://e.test/b",
      "https://e.test/d",
    ]);
  });
  test("UTF-16 and a byte order mark are read", () => {
    const text = urlset("<url><loc>https://e.test/é</loc></url>");
    expect(locs(Buffer.from(`\ufeff${text}`, "utf16le"))).toEqual(["https://e.test/%C3%A9"]);
    expect(locs(Buffer.from(`\ufeff${text}`))).toEqual(["https://e.test/%C3%A9"]);
  });
});

describe("bad input", () => {
  test("addresses are given once; other schemes and overlong ones not at all", () => {
    const text = urlset(
      [
        "https://e.test/a",
        "https://e.test/a",
        "ftp://e.test/b",
        "javascript:alert(1)",
        `https://e.test/${"x".repeat(3_000)}`,
        "/relative",
      ]
        .map((loc) => `<url><loc>${loc}</loc></url>`)
        .join(""),
    );
    expect(locs(text)).toEqual(["https://e.test/a", "https://e.test/relative"]);
  });
  test("an entity bomb stays as small as it was written", () => {
    const bomb =
      '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>' +
      "<urlset><url><loc>https://e.test/&b;&f;</loc></url></urlset>";
    expect(locs(bomb)).toEqual(["https://e.test/&b;&f;"]);
  });
  test("a gzip bomb and damaged gzip are refused in words", () => {
    const refusal = (body: Buffer) => {
      try {
        parseSitemap(body, HOME);
      } catch (error) {
        return error instanceof AppError ? error.code : error;
      }
    };
    expect(refusal(gzipSync(Buffer.alloc(51 * 1024 * 1024)))).toBe("content_too_large");
    expect(refusal(Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]))).toBe("unsupported_content");
  });
  test("reading stops at 50,000 entries", () => {
    const many = Array.from(
      { length: SITEMAP_MAX_ENTRIES + 10 },
      (_, i) => `<url><loc>https://e.test/${i}</loc></url>`,
    ).join("");
    expect(locs(urlset(many))).toHaveLength(SITEMAP_MAX_ENTRIES);
  });
  test("a document cut short gives what came before, an HTML page nothing", () => {
    expect(locs(urlset("<url><loc>https://e.test/a</loc></url><url><loc>https://e.te").slice(0, -9))).toContain(
      "https://e.test/a",
    );
    expect(locs("<!doctype html><html><body><a href='/x'>Not found</a></body></html>")).toEqual([]);
    expect(locs("")).toEqual([]);
  });
  test("any bytes give an answer or an AppError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        try {
          expect(parseSitemap(Buffer.from(bytes), HOME).entries).toBeInstanceOf(Array);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
    );
  });
  test("pieces do not matter: a long document reads like a short one", () => {
    const names = Array.from({ length: 4_000 }, (_, i) => `https://e.test/${"ü".repeat(20)}/${i}`);
    const text = urlset(names.map((loc) => `<url><loc>${loc}</loc></url>`).join("\n"));
    expect(locs(text)).toEqual(names.map((n) => new URL(n).href));
    expect(locs(names.join("\n"))).toEqual(names.map((n) => new URL(n).href));
  });
});
