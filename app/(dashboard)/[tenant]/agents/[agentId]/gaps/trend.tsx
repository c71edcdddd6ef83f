import { plural } from "@/components/ui/number";

const WIDTH = 72;
const HEIGHT = 24;

/** Questions in each of the last eight weeks, from zero; the present one in colour. */
export function Trend({ weeks }: { weeks: number[] }) {
  const most = Math.max(1, ...weeks);
  const step = WIDTH / weeks.length;
  return (
    <svg
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={`Questions in the last ${weeks.length} weeks, oldest first: ${weeks.join(", ")}`}
      className="mt-1 shrink-0 max-sm:hidden"
    >
      <title>{`${plural(weeks.at(-1) ?? 0, "question")} this week, ${weeks.at(-2) ?? 0} the week before`}</title>
      {weeks.map((count, week) => {
        const height = count === 0 ? 1 : Math.max(3, (count / most) * HEIGHT);
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a week is its place
            key={week}
            x={week * step + 1}
            y={HEIGHT - height}
            width={step - 2}
            height={height}
            rx={1}
            className={count === 0 ? "fill-line" : week === weeks.length - 1 ? "fill-accent" : "fill-ink-subtle"}
          />
        );
      })}
    </svg>
  );
}
