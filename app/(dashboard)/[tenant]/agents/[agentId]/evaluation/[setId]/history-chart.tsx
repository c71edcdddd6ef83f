import { dollars, percent, time } from "@/components/figures";
import { versionName } from "@/lib/agents/schema";
import { type EvalRun, passedOf, type Summary } from "@/lib/evaluation/schema";

const WIDTH = 300;
const HEIGHT = 112;
const LEFT = 4;
const RIGHT = 52;
const TOP = 14;
const BOTTOM = 18;

interface Figure {
  name: string;
  of: (summary: Summary) => number | null;
  show: (value: number) => string;
  /** Where the scale ends; null: at the greatest value. */
  top: number | null;
}

const FIGURES: Figure[] = [
  { name: "Passed", of: ({ passAll }) => passAll, show: percent, top: 1 },
  { name: "Grounded", of: ({ grounded }) => grounded, show: percent, top: 1 },
  { name: "Recall", of: ({ recall }) => recall, show: percent, top: 1 },
  { name: "Whole answer, median", of: ({ totalP50Ms }) => totalP50Ms, show: time, top: null },
  {
    name: "Cost of an answer",
    of: ({ costMicroUsd, answers }) => (answers > 0 ? costMicroUsd / answers : null),
    show: (value) => dollars(Math.round(value)),
    top: null,
  },
];
/** A line that never left zero says nothing. */
const isSaid = ({ values }: { values: (number | null)[] }) =>
  values.filter((value) => value !== null).length > 1 && values.some((value) => value !== null && value > 0);

/** What became of the figures, run after run. The table below holds the same. */
export function HistoryCharts({ runs, minPassRate }: { runs: EvalRun[]; minPassRate: number | null }) {
  const finished = runs.filter((run) => passedOf(run) !== null).toReversed();
  const charts = FIGURES.map((figure) => ({ figure, values: finished.map(({ summary }) => figure.of(summary!)) }));
  const shown = charts.filter(isSaid);
  if (finished.length < 2 || shown.length === 0) return null;
  return (
    <div className="grid grid-cols-[repeat(auto-fill,minmax(220px,1fr))] gap-x-6 gap-y-4">
      {shown.map(({ figure, values }) => (
        <HistoryChart
          key={figure.name}
          figure={figure}
          values={values}
          runs={finished}
          minimum={figure.name === "Passed" ? minPassRate : null}
        />
      ))}
    </div>
  );
}

function HistoryChart({
  figure: { name, show, top },
  values,
  runs,
  minimum,
}: {
  figure: Figure;
  /** One a run, oldest first; null where there is none, which is shown as a gap. */
  values: (number | null)[];
  runs: EvalRun[];
  minimum: number | null;
}) {
  const known = values.filter((value) => value !== null);
  const highest = top ?? Math.max(...known);
  const x = (index: number) => LEFT + 4 + (index / (values.length - 1)) * (WIDTH - LEFT - RIGHT - 4);
  const y = (value: number) => TOP + (1 - value / highest) * (HEIGHT - TOP - BOTTOM);
  const first = show(known[0]!);
  const last = show(known.at(-1)!);
  const lastAt = values.findLastIndex((value) => value !== null);
  return (
    <figure className="grid content-start gap-1">
      <figcaption className="text-xs text-ink-muted">{name}</figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        className="h-auto w-full"
        role="img"
        aria-label={`${name} in ${runs.length} runs, from the oldest to the newest: from ${first} to ${last}`}
      >
        {[0, highest].map((value) => (
          <g key={value}>
            <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(value)} y2={y(value)} className="stroke-line" />
            <text x={LEFT} y={y(value) - 4} className="fill-ink-subtle text-[10px]">
              {value === 0 ? "" : show(value)}
            </text>
          </g>
        ))}
        {minimum !== null && (
          <g>
            <line
              x1={LEFT}
              x2={WIDTH - RIGHT}
              y1={y(minimum)}
              y2={y(minimum)}
              strokeDasharray="4 4"
              className="stroke-ink-subtle"
            />
            <text x={LEFT} y={y(minimum) + 11} className="fill-ink-muted text-[10px]">
              minimum {percent(minimum)}
            </text>
          </g>
        )}
        {stretches(values).map((stretch) => (
          <polyline
            key={stretch[0]}
            points={stretch.map((index) => `${x(index)},${y(values[index]!)}`).join(" ")}
            fill="none"
            strokeWidth={2}
            className="stroke-accent"
          />
        ))}
        {values.map(
          (value, index) =>
            value !== null && (
              <circle key={runs[index]!.id} cx={x(index)} cy={y(value)} r={3} className="fill-accent">
                <title>{`${nameOf(runs[index]!)}: ${show(value)}`}</title>
              </circle>
            ),
        )}
        <text x={x(lastAt) + 7} y={y(known.at(-1)!) + 4} className="fill-ink text-[11px] font-medium">
          {last}
        </text>
        {ends(runs).map((index) => (
          <text
            key={index}
            x={x(index)}
            y={HEIGHT - 4}
            textAnchor={index === 0 ? "start" : "end"}
            className="fill-ink-subtle text-[10px]"
          >
            {dayOf(runs[index]!)}
          </text>
        ))}
      </svg>
    </figure>
  );
}

/** The places whose days are named: the first and the last, or one for runs of one day. */
const ends = (runs: EvalRun[]): number[] => (dayOf(runs[0]!) === dayOf(runs.at(-1)!) ? [0] : [0, runs.length - 1]);

/** The places of values that follow each other without a gap. */
function stretches(values: (number | null)[]): number[][] {
  const found: number[][] = [];
  values.forEach((value, index) => {
    if (value === null) return;
    if (index > 0 && values[index - 1] !== null) found.at(-1)!.push(index);
    else found.push([index]);
  });
  return found;
}

/** Of UTC, as all days that are shown. */
const DAY = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", timeZone: "UTC" });
const dayOf = ({ createdAt }: EvalRun): string => DAY.format(new Date(createdAt));
const nameOf = (run: EvalRun): string =>
  [run.label, run.version && versionName(run.version), dayOf(run)].filter(Boolean).join(" · ");
