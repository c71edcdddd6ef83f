type Compare = (value: unknown, wanted: string) => boolean;

/** A map, because the names come from clients: an object would also answer to `toString`. */
const OPERATORS = new Map<string, Compare>(
  Object.entries({
    eq: (value, wanted) => String(value) === wanted,
    neq: (value, wanted) => String(value) !== wanted,
    lt: (value, wanted) => order(value, wanted) < 0,
    lte: (value, wanted) => order(value, wanted) <= 0,
    gt: (value, wanted) => order(value, wanted) > 0,
    gte: (value, wanted) => order(value, wanted) >= 0,
    in: (value, wanted) =>
      wanted
        .replace(/^\(|\)$/g, "")
        .split(",")
        .includes(String(value)),
  } satisfies Record<string, Compare>),
);

/** Whether a row passes a subscription's filter, `column=operator.value`; no filter lets everything pass, a broken one nothing. */
export function matchesFilter(filter: string | undefined, row: Record<string, unknown>): boolean {
  if (!filter) return true;
  const [, column, operator, wanted] = /^([^=]+)=(\w+)\.(.*)$/s.exec(filter) ?? [];
  const compare = OPERATORS.get(operator ?? "");
  return compare?.(row[column ?? ""], wanted ?? "") ?? false;
}

/** Numbers by value, everything else (dates in ISO form, texts) by spelling. */
function order(value: unknown, wanted: string): number {
  const [a, b] = [Number(value), Number(wanted)];
  if (value !== null && value !== "" && !Number.isNaN(a) && !Number.isNaN(b)) return a - b;
  return String(value) < wanted ? -1 : String(value) > wanted ? 1 : 0;
}
