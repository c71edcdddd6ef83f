import { expect, test } from "vitest";
import { relativeTime } from "./relative-time";

test("times are relative, and a clock that runs ahead does not speak of the future", () => {
  const now = Date.parse("2026-11-21T12:00:00Z");
  expect(relativeTime(now + 20_000, now)).toBe("just now");
  expect(relativeTime(now - 180_000, now)).toBe("3 minutes ago");
  expect(relativeTime(now - 86_400_000, now)).toBe("yesterday");
  expect(relativeTime(now - 40 * 86_400_000, now)).toBe("last month");
});
