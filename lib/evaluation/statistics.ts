/**
 * McNemar's exact test on paired pass or fail: how likely so unequal a split of the changed pairs is when neither side is better.
 * @param gained pairs that passed in the second alone
 * @param lost pairs that passed in the first alone
 * @returns two-sided p, 1 when nothing changed
 */
export function mcnemarExact(gained: number, lost: number): number {
  const n = gained + lost;
  if (n === 0) return 1;
  // In logarithms, because 0.5 ** n is 0 from 1,075 on.
  let term = n * Math.log(0.5);
  let tail = Math.exp(term);
  for (let k = 1; k <= Math.min(gained, lost); k++) {
    term += Math.log((n - k + 1) / k);
    tail += Math.exp(term);
  }
  return Math.min(1, 2 * tail);
}

/** 95 % interval of a mean. */
export interface Interval {
  mean: number;
  low: number;
  high: number;
}

/**
 * Percentile bootstrap of the mean. Always the same for the same values, so that a page loaded twice says the same.
 * @throws RangeError for no values
 */
export function bootstrapMean(values: readonly number[], { samples = 2_000, seed = 1 } = {}): Interval {
  const n = values.length;
  if (n === 0) throw new RangeError("no values");
  const random = mulberry32(seed);
  const means = Array.from({ length: samples }, () => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[Math.floor(random() * n)]!;
    return sum / n;
  }).sort((a, b) => a - b);
  const at = (share: number) => means[Math.min(samples - 1, Math.floor(share * samples))]!;
  return { mean: values.reduce((sum, value) => sum + value, 0) / n, low: at(0.025), high: at(0.975) };
}

/** Small generator of good enough numbers in [0, 1) for resampling. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
