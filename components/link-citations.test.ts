import { expect, test } from "vitest";
import { linkCitations } from "./link-citations";

const known = new Set([1, 2]);

test("numbers of known sources become links, others stay text", () => {
  expect(linkCitations("Yes [1][2], not [3].", known)).toBe("Yes [1](#cite-1)[2](#cite-2), not [3].");
});

test("code keeps its brackets, also while its fence is still open", () => {
  expect(linkCitations("`a[1]` and ```js\nb[2]\n```", known)).toBe("`a[1]` and ```js\nb[2]\n```");
  expect(linkCitations("See [1]\n```\nc[2]", known)).toBe("See [1](#cite-1)\n```\nc[2]");
});

test("links and references of the page's own are left alone", () => {
  expect(linkCitations("[1](https://a.test)\n\n[1]: https://b.test", known)).toBe(
    "[1](https://a.test)\n\n[1]: https://b.test",
  );
});
