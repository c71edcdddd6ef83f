import { expect, test } from "vitest";
import { passageUrl } from "./passage-url";

const content = "Send it back within 30 days.";
const MARKED = ":~:text=Send%20it%20back%20within%2030%20days.";

test.each([
  ["https://shop.test/returns", "how", `https://shop.test/returns#how${MARKED}`],
  ["https://shop.test/returns", null, `https://shop.test/returns#${MARKED}`],
])("a page opens at the passage, marked: %s %s", (url, anchor, expected) => {
  expect(passageUrl(url, { content, anchor })).toBe(expected);
});

test.each(["https://shop.test/terms.pdf", "https://shop.test/download?id=4"])(
  "a PDF opens at its page, whatever its address ends in: %s",
  (url) => {
    expect(passageUrl(url, { content, anchor: "page=12" }, content)).toBe(`${url}#page=12`);
  },
);

test.each([
  ["https://shop.test/talk.pptx", "slide=3"],
  ["https://shop.test/prices.XLSX?v=2", null],
  ["https://shop.test/terms.docx", "returns"],
  ["https://shop.test/prices.csv", null],
])("what browsers save opens as a whole: %s", (url, anchor) => {
  expect(passageUrl(url, { content, anchor })).toBe(url);
});

test("an anchor that only begins like a place is one of a web page", () => {
  expect(passageUrl("https://shop.test/a", { content, anchor: "page=two" })).toBe(
    `https://shop.test/a#page%3Dtwo${MARKED}`,
  );
});
