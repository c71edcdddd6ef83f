import { percent } from "@/components/figures";
import type { EvalRun } from "@/lib/evaluation/schema";

const WIDTH = 420;
const HEIGHT = 140;
const LEFT = 36;
const TOP = 12;
const BOTTOM = 8;

/** The share of questions that passed, run after run. The table below holds the same figures. */
export function HistoryChart({ runs, minPassRate }: { runs: EvalRun[]; minPassRate: number | null }) {
  const points = runs
    .filter(({ status, summary }) => status === "completed" && summary?.passAll != null)
    .toReversed()
    .map(({ id, summary }) => ({ id, share: summary!.passAll! }));
  if (points.length < 2) return null;
  const x = (index: number) => LEFT + 8 + (index / (points.length - 1)) * (WIDTH - LEFT - 60);
  const y = (share: number) => TOP + (1 - share) * (HEIGHT - TOP - BOTTOM);
  const last = points.at(-1)!;
  return (
    <figure className="grid max-w-[520px] gap-1">
      <figcaption className="text-xs text-ink-muted">
        Questions that passed, from the oldest run to the newest
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        className="h-auto w-full"
        role="img"
        aria-label={`Questions that passed in ${points.length} runs: from ${percent(points[0]!.share)} to ${percent(last.share)}`}
      >
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <line x1={LEFT} x2={WIDTH} y1={y(share)} y2={y(share)} className="stroke-line" />
            <text x={LEFT - 6} y={y(share) + 4} textAnchor="end" className="fill-ink-muted text-[11px]">
              {share * 100}%
            </text>
          </g>
        ))}
        {minPassRate !== null && (
          <g>
            <line
              x1={LEFT}
              x2={WIDTH}
              y1={y(minPassRate)}
              y2={y(minPassRate)}
              strokeDasharray="4 4"
              className="stroke-ink-subtle"
            />
            <text x={WIDTH} y={y(minPassRate) - 4} textAnchor="end" className="fill-ink-muted text-[11px]">
              minimum
            </text>
          </g>
        )}
        <polyline
          points={points.map(({ share }, index) => `${x(index)},${y(share)}`).join(" ")}
          fill="none"
          strokeWidth={2}
          className="stroke-accent"
        />
        {points.map(({ id, share }, index) => (
          <circle key={id} cx={x(index)} cy={y(share)} r={3.5} className="fill-accent" />
        ))}
        <text x={x(points.length - 1) + 8} y={y(last.share) + 4} className="fill-ink text-[12px] font-medium">
          {percent(last.share)}
        </text>
      </svg>
    </figure>
  );
}
