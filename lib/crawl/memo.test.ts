import { expect, test } from "vitest";
import { memo } from "./memo";

test("an answer is computed once, also when there is none, and forgotten when there are too many", () => {
  const asked: string[] = [];
  const length = memo(2, (key) => {
    asked.push(key);
    return key === "" ? undefined : key.length;
  });
  expect(["a", "", "a", ""].map(length)).toEqual([1, undefined, 1, undefined]);
  expect(asked).toEqual(["a", ""]);
  expect(length("abc")).toBe(3);
  expect(length("a")).toBe(1);
  expect(asked).toEqual(["a", "", "abc", "a"]);
});
