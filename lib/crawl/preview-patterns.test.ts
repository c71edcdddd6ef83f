import { expect, test } from "vitest";
import { previewPatterns } from "./preview-patterns";

const site = (path: string) => `https://shop.test${path}`;
const pages = ["/", "/help/a", "/help/b?print=1", "/blog/x", "/de/help"].map(site);

test("without patterns everything stays", () => {
  expect(previewPatterns(pages, { include: [], exclude: [] })).toEqual({ kept: pages, left: [], idle: [] });
});

test("an exclude pattern wins over an include pattern, and each page says which pattern left it out", () => {
  expect(previewPatterns(pages, { include: ["/help"], exclude: ["*?print=*"] })).toEqual({
    kept: [site("/help/a")],
    left: [
      { url: site("/"), pattern: null },
      { url: site("/help/b?print=1"), pattern: "*?print=*" },
      { url: site("/blog/x"), pattern: null },
      { url: site("/de/help"), pattern: null },
    ],
    idle: [],
  });
});

test("the start page stays whatever the patterns, and patterns that fit nothing are named", () => {
  const { kept, idle } = previewPatterns(pages, { include: ["/hlep"], exclude: [""], startUrl: site("/") });
  expect(kept).toEqual([site("/")]);
  expect(idle).toEqual(["/hlep", ""]);
});
