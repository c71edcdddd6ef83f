import fc from "fast-check";
import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { decodeHtml, sniffContent } from "./decode";

const text = "Größe – naïve café";

describe("decodeHtml", () => {
  test.each([
    ["utf-8", "text/html; charset=UTF-8", "utf-8"],
    ["utf-8", undefined, "utf-8"],
    ["windows-1252", "text/html; charset=ISO-8859-1", "windows-1252"],
    ["windows-1252", 'text/html; charset="latin1"', "windows-1252"],
    ["windows-1252", undefined, "windows-1252"],
    ["windows-1252", "text/html; charset=utf-8", "windows-1252"],
    ["windows-1252", "text/html; charset=nonsense", "windows-1252"],
    ["iso-8859-15", "text/html;charset=iso-8859-15", "iso-8859-15"],
  ])("bytes in %s, announced as %s, are read as %s", (real, contentType, charset) => {
    const sample = real === "iso-8859-15" ? "Größe 5 €" : text;
    expect(decodeHtml(iconv.encode(sample, real), contentType)).toEqual({ html: sample, charset });
  });
  test("a byte order mark wins over everything, and is not part of the text", () => {
    for (const charset of ["utf-8", "utf-16le", "utf-16be"]) {
      const bytes = iconv.encode(text, charset, { addBOM: true });
      expect(decodeHtml(bytes, "text/html; charset=windows-1251")).toEqual({ html: text, charset });
    }
  });
  test.each([
    ['<meta charset="windows-1251"><p>Привет</p>', "windows-1251"],
    ['<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS"><p>日本語</p>', "shift_jis"],
    ["<META CHARSET = 'gb2312' ><p>中文</p>", "gb18030"],
    ['<?xml version="1.0" encoding="koi8-r"?><html><p>Привет</p>', "koi8-r"],
  ])("%s names its charset itself", (html, charset) => {
    expect(decodeHtml(iconv.encode(html, charset), "text/html")).toEqual({ html, charset });
  });
  test("the header wins over the page, and a commented-out meta does not count", () => {
    const html = '<!-- <meta charset="koi8-r"> --><meta charset="windows-1251"><p>é</p>';
    expect(decodeHtml(iconv.encode(html, "windows-1252"), "text/html; charset=iso-8859-1").html).toBe(html);
    expect(decodeHtml(Buffer.from(html), undefined).charset).toBe("windows-1251");
  });
  test("a meta that claims UTF-16 in readable ASCII means UTF-8", () => {
    const html = '<meta charset="utf-16"><p>é</p>';
    expect(decodeHtml(Buffer.from(html), undefined)).toEqual({ html, charset: "utf-8" });
  });
  test("one damaged byte does not turn a UTF-8 page into another charset", () => {
    const bytes = Buffer.concat([
      Buffer.from(`<meta charset=utf-8>${text.repeat(5)}`),
      Buffer.from([0xff]),
      Buffer.from("end"),
    ]);
    const { html, charset } = decodeHtml(bytes, undefined);
    expect(charset).toBe("utf-8");
    expect(html).toContain("Größe");
    expect(html).toContain("\ufffdend");
  });
  test("any bytes under any label become text", () => {
    const label = fc.oneof(
      fc.string(),
      fc.constantFrom("utf-7", "base64", "hex", "utf-16", "utf-32", "big5", "x-user-defined", "utf-8"),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), label, (bytes, charset) => {
        expect(typeof decodeHtml(Buffer.from(bytes), `text/html; charset=${charset}`).html).toBe("string");
      }),
    );
  });
});

describe("sniffContent", () => {
  test.each([
    ["<!doctype html><p>x", "text/html; charset=utf-8", "html"],
    ["<p>fragment", "text/html", "html"],
    ["<!-- hi -->\n<HTML lang=en>", undefined, "html"],
    ["<html>", "application/octet-stream", "html"],
    ['<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', "application/xml", "html"],
    ['<?xml version="1.0"?><urlset>', "application/xml", "xml"],
    ['<?xml version="1.0"?><rss>', undefined, "xml"],
    ["%PDF-1.7", "text/html", "pdf"],
    ["\n%PDF-1.4", undefined, "pdf"],
    ['{"a":1}', "application/json", "json"],
    ['{"a":1}', "application/ld+json", "json"],
    ['[{"a":1}]', undefined, "json"],
    ["plain words", "text/plain", "text"],
    ["<html> as source", "text/plain", "text"],
    ["# Title", "text/markdown", "text"],
    ["plain words", undefined, "text"],
    ["", "text/html", "html"],
    ["PK\x03\x04zip", "text/html", "binary"],
    ["GIF89a", "text/html", "binary"],
    ["a\0b", "text/html", "binary"],
    ["words", "image/svg+xml", "xml"],
    ["words", "image/png", "binary"],
    ["words", "application/zip", "binary"],
  ])("%j sent as %s is %s", (body, contentType, kind) => {
    expect(sniffContent(Buffer.from(body, "latin1"), contentType)).toBe(kind);
  });
  test("UTF-16 is text although it is full of zero bytes", () => {
    expect(sniffContent(iconv.encode("<html>", "utf-16le", { addBOM: true }), undefined)).toBe("html");
  });
});
