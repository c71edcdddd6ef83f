import { expect, test } from "vitest";
import { compactNumber, duration, milliseconds, number, plural } from "./number";

test("numbers have thousands separators and units", () => {
  expect(number(1_234_567)).toBe("1,234,567");
  expect(compactNumber(9_999)).toBe("9,999");
  expect(compactNumber(1_250_000)).toBe("1.3M");
  expect(plural(1, "page")).toBe("1 page");
  expect(plural(0, "page")).toBe("0 pages");
});

test("spans of time are in the unit that people would use", () => {
  expect(duration(-5)).toBe("0 s");
  expect(duration(59_400)).toBe("59 s");
  expect(duration(61_000)).toBe("1 min");
  expect(duration(4_800_000)).toBe("1 h 20 min");
  expect(milliseconds(86.4)).toBe("86 ms");
  expect(milliseconds(1_240)).toBe("1.24 s");
});
