export type TrapReason =
  | "too_long"
  | "too_deep"
  | "repeated_segments"
  | "too_many_parameters"
  | "calendar"
  | "too_many_alike";

/** What the crawl run already knows about addresses of the same shape (`urlShape`). */
export type SeenStats = { sameShape: number };

const MAX_LENGTH = 2_000;
const MAX_SEGMENTS = 16;
const MAX_PARAMETERS = 8;
const MAX_ALIKE = 200;
const MAX_REPEATS = 3;
const DAY_MS = 24 * 60 * 60 * 1000;
const CALENDAR_AHEAD_MS = 400 * DAY_MS;
const CALENDAR_BACK_MS = 5 * 365 * DAY_MS;

const CALENDAR_WORD =
  /(^|[^a-z])(calendars?|kalender|calendrier|calendario|events?|agenda|schedule|termine|booking|availability)([^a-z]|$)/i;
const CALENDAR_PARAM =
  /^(year|month|day|week|date|start_?date|end_?date|from|to|tribe-bar-date|cal_?date|jahr|monat|tag|ical|y|m)$/i;

/**
 * Why an address looks like one of endlessly many that a site makes up (a calendar, a loop of relative links, a filter with every
 * combination), or null. Judged by the address alone; give `seen` to bound addresses that differ only in numbers or values.
 */
export function trapReason(url: string | URL, seen?: SeenStats, nowMs = Date.now()): TrapReason | null {
  const parsed = URL.parse(String(url));
  if (!parsed) return null;
  if (parsed.href.length > MAX_LENGTH) return "too_long";
  const segments = parsed.pathname.split("/").filter(Boolean);
  if (segments.length > MAX_SEGMENTS) return "too_deep";
  if (repeats(segments)) return "repeated_segments";
  const params = [...parsed.searchParams];
  if (params.length > MAX_PARAMETERS) return "too_many_parameters";
  const isCalendar = CALENDAR_WORD.test(parsed.pathname);
  const dates = [
    ...(isCalendar ? datesIn(segments.join("/")) : []),
    ...datesInParams(params.filter(([name]) => isCalendar || CALENDAR_PARAM.test(name))),
  ];
  if (dates.some((ms) => ms > nowMs + CALENDAR_AHEAD_MS || ms < nowMs - CALENDAR_BACK_MS)) return "calendar";
  if (seen && seen.sameShape > MAX_ALIKE && (params.length > 0 || isCalendar)) return "too_many_alike";
  return null;
}

/** The address without what varies: numbers in the path become 0, parameters lose their values. */
export function urlShape(url: string | URL): string {
  const parsed = URL.parse(String(url));
  if (!parsed) return "";
  const names = [...new Set(parsed.searchParams.keys())].sort();
  return `${parsed.host}${parsed.pathname.replace(/\d+/g, "0")}${names.length > 0 ? `?${names.join("&")}` : ""}`;
}

/** One segment more than three times, or a run of segments that repeats itself at once three times: `/a/b/a/b/a/b`. */
function repeats(segments: readonly string[]): boolean {
  const counts = new Map<string, number>();
  for (const segment of segments) {
    const count = (counts.get(segment) ?? 0) + 1;
    if (count > MAX_REPEATS) return true;
    counts.set(segment, count);
  }
  for (let size = 1; size * MAX_REPEATS <= segments.length; size++) {
    let run = 0;
    for (let i = size; i < segments.length; i++) {
      run = segments[i] === segments[i - size] ? run + 1 : 0;
      if (run >= size * (MAX_REPEATS - 1)) return true;
    }
  }
  return false;
}

/** A year with its month, or a year that is a whole segment: `2031-05`, `203105`, `/2031/`; not the number in `room-2100`. */
const DATE = /(?<!\d)((?:19|20|21)\d\d)[-/_.]?(0?[1-9]|1[0-2])(?!\d{3})|(?:^|\/)((?:19|20|21)\d\d)(?=\/|$)/g;

function datesIn(text: string): number[] {
  return [...text.matchAll(DATE)].map((m) => Date.UTC(Number(m[1] ?? m[3]), Number(m[2] ?? 1) - 1));
}

function datesInParams(params: readonly [string, string][]): number[] {
  const year = params.find(([name]) => /^(y|year|jahr)$/i.test(name))?.[1];
  const month = params.find(([name]) => /^(m|month|monat)$/i.test(name))?.[1] ?? "1";
  if (year && /^\d{4}$/.test(year) && /^\d{1,2}$/.test(month)) return [Date.UTC(Number(year), Number(month) - 1)];
  return params.flatMap(([, value]) => datesIn(value));
}
