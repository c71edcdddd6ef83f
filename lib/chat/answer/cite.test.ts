import { expect, test } from "vitest";
import { citationHeading, citationUrl, passageHeading } from "./cite";

const ID = "0193a1b2-0000-7000-8000-000000000001";
const passage = (url: string, anchor: string | null = null) => ({
  url,
  anchor,
  title: "Sill manual.pdf",
  headingPath: ["Care", "Warranty"],
  content: "Three years.",
});
const APP = "https://app.example.com";
const REACH = { appOrigin: APP, publicFiles: new Set([ID]) };

test("a website's passage is linked by its anchor and its words", () => {
  expect(citationUrl(passage("https://shop.test/warranty", "terms"), REACH)).toBe(
    "https://shop.test/warranty#terms:~:text=Three%20years.",
  );
});

test("a link marks what is quoted: of a table the row", () => {
  const table = {
    ...passage("https://shop.test/prices"),
    content: "| Land | Price |\n| --- | --- |\n| Spain | €8 |\n| Italy | €9 |",
  };
  expect(citationUrl(table, REACH, "| Italy | €9 |")).toBe("https://shop.test/prices#:~:text=Italy,%E2%82%AC9");
});

test("a public file is linked at its page", () => {
  expect(citationUrl(passage(`file:${ID}`, "page=12"), REACH)).toBe(`${APP}/api/files/${ID}/Sill%20manual.pdf#page=12`);
});

test.each([`file:${ID.replace("1", "2")}`, `text:${ID}`, `qa:${ID}`, "file:../../etc", "javascript:alert(1)"])(
  "%s is no link",
  (url) => {
    expect(citationUrl(passage(url, "page=12"), REACH)).toBeNull();
  },
);

test("a document's page stands beside its heading, whether it was uploaded or linked; an anchor of a website is no page", () => {
  expect(citationHeading(passage(`file:${ID}`, "page=12"))).toBe("Warranty · p. 12");
  expect(citationHeading({ ...passage(`file:${ID}`, "slide=3"), headingPath: [] })).toBe("slide 3");
  expect(citationHeading(passage("https://shop.test/terms.pdf", "page=12"))).toBe("Warranty · p. 12");
  expect(citationHeading(passage("https://shop.test/", "page-12"))).toBe("Warranty");
  expect(passageHeading(passage(`file:${ID}`, "page=12"))).toBe("Care › Warranty › p. 12");
});
