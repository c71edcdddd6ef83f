import { describe, expect, test } from "vitest";
import { bootstrapMean, mcnemarExact } from "./statistics";

describe("McNemar's exact test", () => {
  // Two-sided binomial probabilities at one half: 2 · Σ C(n, k) / 2ⁿ.
  test.each([
    [0, 0, 1],
    [1, 0, 1],
    [5, 0, 2 / 32],
    [9, 1, 22 / 1_024],
    [1, 9, 22 / 1_024],
    [6, 6, 1],
    [8, 2, 112 / 1_024],
    [15, 5, 0.041389465],
  ])("of %i gained and %i lost is %f", (gained, lost, p) => {
    expect(mcnemarExact(gained, lost)).toBeCloseTo(p, 9);
  });

  test("of thousands of changes is a number, not an overflow", () => {
    expect(mcnemarExact(1_000, 1_000)).toBe(1);
    expect(mcnemarExact(1_100, 900)).toBeCloseTo(8.5e-6, 6);
  });
});

describe("the bootstrap of a mean", () => {
  test("of equal values has no width", () => {
    expect(bootstrapMean([2, 2, 2])).toEqual({ mean: 2, low: 2, high: 2 });
  });

  test("of many values comes near mean ± 1.96 standard errors", () => {
    const values = Array.from({ length: 400 }, (_, i) => i % 20);
    const { mean, low, high } = bootstrapMean(values, { samples: 4_000 });
    const error = Math.sqrt(values.reduce((sum, v) => sum + (v - 9.5) ** 2, 0) / 400 / 400);
    expect(mean).toBe(9.5);
    expect(low).toBeCloseTo(9.5 - 1.96 * error, 1);
    expect(high).toBeCloseTo(9.5 + 1.96 * error, 1);
  });

  test("is the same for the same values, and refuses none", () => {
    expect(bootstrapMean([1, 5, 9, 2])).toEqual(bootstrapMean([1, 5, 9, 2]));
    expect(() => bootstrapMean([])).toThrow(RangeError);
  });
});
