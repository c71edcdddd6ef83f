import { firstNamed, nodesNamed, readXml } from "./xml";

/** Number formats that Excel keeps for dates and times. */
const BUILT_IN = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 30, 36, 45, 46, 47, 50, 57]);
const DAY_MS = 86_400_000;
/** Day 0: Excel believes in 29 February 1900, which later days are counted past. */
const EPOCH_1900 = Date.UTC(1899, 11, 30);
const EPOCH_1904 = Date.UTC(1904, 0, 1);

/** Which styles of a workbook show their number as a date or time. */
export function dateStyles(styles: Buffer | undefined): (style: number) => boolean {
  if (!styles) return () => false;
  const root = readXml(styles);
  const custom = new Set<number>();
  for (const { attributes } of nodesNamed(root, "numFmt")) {
    // Without colours and conditions in brackets and text in quotes, letters of dates are left only in dates.
    const code = (attributes.formatCode ?? "").replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]|"[^"]*"|\\./gi, "");
    if (/[dmyhs]/i.test(code) && !/general/i.test(code)) custom.add(Number(attributes.numFmtId));
  }
  const formats = firstNamed(root, "cellXfs");
  const dates = [...(formats ? nodesNamed(formats, "xf") : [])].map(({ attributes }) => {
    const id = Number(attributes.numFmtId ?? 0);
    return BUILT_IN.has(id) || custom.has(id);
  });
  return (style) => dates[style] ?? false;
}

/** A day number as ISO 8601: a date, a date with time, or for less than a day a time. */
export function excelDate(value: number, from1904 = false): string {
  const rounded = Math.round(value * 86_400) * 1_000;
  const date = new Date((from1904 ? EPOCH_1904 : EPOCH_1900) + rounded);
  if (Number.isNaN(date.getTime())) return String(value);
  const iso = date.toISOString();
  if (value >= 0 && value < 1) return iso.slice(11, iso.endsWith(":00.000Z") ? 16 : 19);
  if (rounded % DAY_MS === 0) return iso.slice(0, 10);
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)}`;
}
