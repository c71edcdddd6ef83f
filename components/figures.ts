import { milliseconds } from "@/components/ui/number";

/** 0.6666 as "66.6%": rounded down, so that what fails a gate does not read as if it passed. */
export const percent = (share: number | null): string =>
  share === null ? "–" : `${Math.floor(share * 1_000 + 1e-6) / 10}%`;

export const time = (ms: number | null): string => (ms === null ? "–" : milliseconds(ms));

export const dollars = (microUsd: number): string =>
  microUsd === 0 ? "$0" : `$${(microUsd / 1_000_000).toFixed(microUsd < 10_000 ? 6 : 4)}`;
