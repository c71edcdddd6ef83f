const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000_000],
  ["month", 2_592_000_000],
  ["week", 604_800_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** `2026-11-21T08:00:00Z` as "3 minutes ago"; under a minute it is "just now", whatever side of now a skewed clock puts it on. */
export function relativeTime(at: number, now: number, locale = "en"): string {
  const elapsedMs = at - now;
  const unit = UNITS.find(([, ms]) => Math.abs(elapsedMs) >= ms);
  if (!unit) return "just now";
  return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(Math.trunc(elapsedMs / unit[1]), unit[0]);
}
