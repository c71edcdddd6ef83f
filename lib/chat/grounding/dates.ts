const LANGUAGES = "en de fr es it pt nl pl tr sv da nb fi ru".split(" ");

/** Month names of the widget's languages, also shortened and as they stand beside a day. */
const MONTHS = new Map<string, number>();
for (const language of LANGUAGES) {
  for (const month of ["long", "short"] as const) {
    for (const options of [{ month }, { month, day: "numeric" as const }]) {
      const format = new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" });
      for (let i = 0; i < 12; i++) {
        const parts = format.formatToParts(Date.UTC(2026, i, 15));
        const name = parts
          .find(({ type }) => type === "month")!
          .value.toLowerCase()
          .replace(/\.$/, "");
        if (!/\d/.test(name) && name.length > 2) MONTHS.set(name, i + 1);
      }
    }
  }
}
// Italian, Turkish, Spanish and Portuguese short forms that are common words elsewhere.
for (const ambiguous of ["set", "out", "ago"]) MONTHS.delete(ambiguous);

const NAME = [...MONTHS.keys()].sort((a, b) => b.length - a.length).join("|");
const YEAR = "(?:19|20)\\d\\d";
const AFTER = "(?![\\p{L}\\d])";

const NUMERIC_ISO = new RegExp(`(?<!\\d)(${YEAR})[-/.](\\d{1,2})[-/.](\\d{1,2})(?!\\d)`, "gu");
const NUMERIC = new RegExp(`(?<![\\d.])(\\d{1,2})[-/.] ?(\\d{1,2})[-/.] ?(${YEAR}|\\d\\d)(?![\\d%])`, "gu");
const DAY_FIRST = new RegExp(
  `(?<!\\d)(\\d{1,2})(?:st|nd|rd|th|er|º|°|\\.)?(?: de| of)? (${NAME})\\.?${AFTER}(?:(?: de|,)? (${YEAR})(?!\\d))?`,
  "giu",
);
const MONTH_FIRST = new RegExp(
  `(?<!\\p{L})(${NAME})\\.? (\\d{1,2})(?:st|nd|rd|th)?(?!\\d|[.,:]\\d)(?:,? (${YEAR})(?!\\d))?`,
  "giu",
);
const MONTH_YEAR = new RegExp(`(?<!\\p{L})(${NAME})\\.?(?: de|,)? (${YEAR})(?!\\d)`, "giu");

export interface FoundDate {
  start: number;
  end: number;
  /** What it may be, since 3/4/2026 depends on the country: `2026-04-03`, `--04-03` without a year, `2026-04` without a day. */
  days: string[];
}

const two = (value: string | number): string => String(value).padStart(2, "0");
const fullYear = (year: string): string => (year.length === 2 ? `20${year}` : year);

/** The dates in a text, in order of the ways to write them; what lies inside an earlier one is left out. */
export function findDates(text: string): FoundDate[] {
  const found: FoundDate[] = [];
  const add = (match: RegExpExecArray, days: string[]) => {
    const start = match.index;
    const end = start + match[0].length;
    const isFree = found.every((other) => end <= other.start || start >= other.end);
    if (days.length > 0 && isFree) found.push({ start, end, days });
  };
  const day = (year: string | undefined, month: number, date: number): string[] =>
    month >= 1 && month <= 12 && date >= 1 && date <= 31 ? [`${year ?? "-"}-${two(month)}-${two(date)}`] : [];
  for (const m of text.matchAll(NUMERIC_ISO)) add(m, day(m[1], Number(m[2]), Number(m[3])));
  for (const m of text.matchAll(NUMERIC)) {
    const [first, second, year] = [Number(m[1]), Number(m[2]), fullYear(m[3]!)];
    add(m, [...new Set([...day(year, second, first), ...day(year, first, second)])]);
  }
  if (!/\d/.test(text)) return found;
  for (const m of text.matchAll(DAY_FIRST)) add(m, day(m[3], MONTHS.get(m[2]!.toLowerCase())!, Number(m[1])));
  for (const m of text.matchAll(MONTH_FIRST)) add(m, day(m[3], MONTHS.get(m[1]!.toLowerCase())!, Number(m[2])));
  for (const m of text.matchAll(MONTH_YEAR)) add(m, [`${m[2]}-${two(MONTHS.get(m[1]!.toLowerCase())!)}`]);
  return found.sort((a, b) => a.start - b.start);
}

const CLOCK = /(?<![\d.,:])([01]?\d|2[0-4])(?::|h)([0-5]\d)(?!\d)(?::[0-5]\d)?\s?([ap]\.?m\.?)?/giu;
const HOUR = /(?<![\d.,:])([01]?\d|2[0-4])\s?(?:([ap]\.?m\b\.?)|uhr\b|o['’]clock)/giu;

/** Times of day, as `09:30` of 24 hours. */
export function findTimes(text: string): { start: number; end: number; time: string }[] {
  const found: { start: number; end: number; time: string }[] = [];
  const add = (match: RegExpExecArray, hour: string, minute: string, half: string | undefined) => {
    const start = match.index;
    const end = start + match[0].trimEnd().length;
    if (found.some((other) => start < other.end && end > other.start)) return;
    const afternoon = half ? (/^p/i.test(half) ? 12 : 0) + (Number(hour) % 12) : Number(hour) % 24;
    found.push({ start, end, time: `${two(afternoon)}:${minute}` });
  };
  for (const m of text.matchAll(CLOCK)) add(m, m[1]!, m[2]!, m[3]);
  for (const m of text.matchAll(HOUR)) add(m, m[1]!, "00", m[2]);
  return found;
}
