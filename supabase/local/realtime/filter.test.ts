import { expect, test } from "vitest";
import { matchesFilter } from "./filter";

test.each([
  [undefined, {}, true],
  ["body=eq.a.b=c", { body: "a.b=c" }, true],
  ["body=neq.a", { body: "b" }, true],
  ["n=gt.9", { n: 10 }, true],
  ["n=lt.9", { n: 10 }, false],
  ["n=gte.10", { n: "10" }, true],
  ["n=lte.9", { n: null }, false],
  ["at=gt.2025-01-31T00:00:00Z", { at: "2025-02-01T00:00:00Z" }, true],
  ["n=in.(1,2)", { n: 2 }, true],
  ["n=in.(1,2)", { n: 12 }, false],
  ["missing=eq.1", { n: 1 }, false],
])("filter %s on %j lets it pass: %s", (filter, row, expected) => {
  expect(matchesFilter(filter, row)).toBe(expected);
});

test.each(["", "nonsense", "a=b", "a=between.1", "=eq.1", "constructor=toString.x", "n=__proto__.x"])(
  "a filter that is none, %j, lets nothing pass unless it is empty",
  (filter) => {
    expect(matchesFilter(filter, { a: "b", n: 1 })).toBe(filter === "");
  },
);
