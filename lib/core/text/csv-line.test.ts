import { expect, test } from "vitest";
import { csvLine } from "./csv-line";

test("cells with commas, quotes and line breaks are quoted, and nothing is no text", () => {
  expect(csvLine(["a", null, 0.5, "", 'Say "hi", please', "two\nlines"])).toBe(
    'a,,0.5,,"Say ""hi"", please","two\nlines"\r\n',
  );
});

test.each([
  "=1+1",
  " =1+1",
  '=HYPERLINK("https://evil.test")',
  "@SUM(A1)",
  "-cmd|' /C calc'!A0",
  "+x",
  "\t=1",
  "\r=1",
  "\u00a0=1",
])("%j is no formula any more", (text) => expect(csvLine([text])).toMatch(/^"?'/));

test.each(["+49 (30) 123-45/6", "-5", "a=b", "1 + 1", "٤٢"])("%j stays as it is", (text) =>
  expect(csvLine([text])).toBe(`${text}\r\n`),
);
