import { expect, test } from "vitest";
import { readPage } from "./read-page";

const page = (head = "") =>
  Buffer.from(
    `<title>Hours</title>${head}<main><h1>Hours</h1><p>We open at nine and close at six, on all days.</p></main>`,
  );
const read = (body: Buffer, headers: Record<string, string>, userAgent: string) => {
  const reading = readPage(body, "https://shop.test/", { "content-type": "text/html", ...headers }, { userAgent });
  return reading.kind === "left_out" ? reading.code : reading.kind;
};

test.each([
  ["by X-Robots-Tag", page(), { "x-robots-tag": "helpbot: noindex" }],
  ["by a meta element", page('<meta name="helpbot" content="noindex">'), {}],
] as const)("what asks the crawler by its own name %s not to be kept is not kept", (_how, body, headers) => {
  expect(read(body, headers, "HelpBot/2.0 (+https://help.test)")).toBe("noindex");
  expect(read(body, headers, "AnotherBot/1.0")).toBe("text");
});

const reading = (body: string, type = "text/html", url = "https://shop.test/old") =>
  readPage(Buffer.from(body), url, { "content-type": type });

test("a page without a word that sends on by its markup is a redirect", () => {
  const moved = reading('<title>Moved</title><meta http-equiv="refresh" content="0; url=/new">');
  expect(moved).toMatchObject({ code: "redirect", movedTo: "https://shop.test/new", links: ["https://shop.test/new"] });
});

test.each([
  ["that has text of its own", `<meta http-equiv="refresh" content="30; url=/new">${page()}`, "text"],
  ["that only loads itself again", '<meta http-equiv="refresh" content="5; url=/old">', "no_text"],
  [
    "that asks not to be indexed",
    '<meta name="robots" content="noindex"><meta http-equiv="refresh" content="0; url=/new">',
    "noindex",
  ],
  [
    "that sends on only who has no JavaScript",
    '<noscript><meta http-equiv="refresh" content="0; url=/plain"></noscript><div id="root"></div><script src="/app.js"></script>',
    "needs_javascript",
  ],
])("a page %s is none", (_what, body, expected) => {
  const found = reading(body);
  expect(found.kind === "left_out" ? found.code : found.kind).toBe(expected);
});

test("plain text and Markdown are read as they stand, under their heading or their path", () => {
  const text = reading(
    "Open from nine to five on all days\r\nbut Sunday.\x07",
    "text/plain; charset=utf-8",
    "https://shop.test/hours.txt",
  );
  expect(text).toMatchObject({
    kind: "text",
    page: { title: "/hours.txt", markdown: "Open from nine to five on all days\nbut Sunday.", wordCount: 10 },
    links: [],
  });
  expect(reading("# Hours\n\nOpen from nine to five.", "text/markdown")).toMatchObject({ page: { title: "Hours" } });
  const latin = readPage(
    Buffer.from("Geöffnet von neun bis fünf Uhr, außer sonntags.", "latin1"),
    "https://shop.test/a",
    {
      "content-type": "text/plain",
    },
  );
  expect(latin).toMatchObject({ page: { markdown: "Geöffnet von neun bis fünf Uhr, außer sonntags." } });
});

test.each([
  ["too short", "Nothing.", "text/plain", {}, "no_text"],
  [
    "asked not to be kept",
    "Open from nine to five on all days.",
    "text/plain",
    { "x-robots-tag": "noindex" },
    "noindex",
  ],
  ["a style sheet", "main { color: red; margin: 0 auto 0 auto }", "text/css", {}, "unsupported_content"],
  ["a calendar", "BEGIN:VCALENDAR and more of that", "text/calendar", {}, "unsupported_content"],
  ["really a program", "MZ\0\0\0\0\x01\x02\x03\x04\x05", "text/plain", {}, "unsupported_content"],
] as const)("text that is %s is not", (_what, body, type, headers, code) => {
  expect(readPage(Buffer.from(body), "https://shop.test/a", { "content-type": type, ...headers })).toMatchObject({
    code,
  });
});
