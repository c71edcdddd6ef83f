import { expect, test } from "vitest";
import { retryAfterMs } from "./index";

test("seconds and HTTP dates are understood, bounded by a day", () => {
  const nowMs = Date.parse("2026-01-01T00:00:00Z");
  expect(retryAfterMs("120", nowMs)).toBe(120_000);
  expect(retryAfterMs("1.5", nowMs)).toBe(1_500);
  expect(retryAfterMs("Thu, 01 Jan 2026 00:01:00 GMT", nowMs)).toBe(60_000);
  expect(retryAfterMs("Wed, 31 Dec 2025 00:00:00 GMT", nowMs)).toBe(0);
  expect(retryAfterMs("999999999", nowMs)).toBe(86_400_000);
});

test("absent or senseless values are undefined", () => {
  for (const value of [undefined, "", " ", "soon", "-5x"]) expect(retryAfterMs(value)).toBeUndefined();
});
