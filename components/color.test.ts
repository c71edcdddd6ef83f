import { expect, test } from "vitest";
import { contrast, readableOn } from "./color";

test("black on white is 21, and the order does not matter", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
  expect(contrast("#0f6b5c", "#ffffff")).toBe(contrast("#ffffff", "#0f6b5c"));
});

test("dark colours carry white, light ones near-black", () => {
  expect(readableOn("#0f6b5c")).toBe("#ffffff");
  expect(readableOn("#ffe066")).toBe("#17171a");
});
