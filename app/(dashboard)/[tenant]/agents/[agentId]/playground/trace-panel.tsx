"use client";

import { Badge } from "@/components/ui/badge";
import { Fact, Facts } from "@/components/ui/facts";
import { milliseconds, number } from "@/components/ui/number";
import type { Trace, TraceCandidate } from "@/lib/chat/schema";
import type { Turn } from "./use-playground";

/** What one answer was made of: confidence, times, tokens, and every passage that was considered. */
export function TracePanel({
  turn,
  threshold,
  untitled,
}: {
  turn: Turn | null;
  threshold: number;
  untitled?: boolean;
}) {
  return (
    <div className="grid gap-6 p-5">
      {!untitled && <h2 className="text-base font-semibold">How the answer came about</h2>}
      {!turn ? (
        <p className="text-ink-muted">
          Ask something. The passages that were found, their scores, and the times appear here.
        </p>
      ) : !turn.trace ? (
        <p role="status" className="text-ink-muted">
          {turn.status === "streaming" ? "Appears when the answer is complete." : "There is no trace of this answer."}
        </p>
      ) : (
        <Details trace={turn.trace} threshold={turn.trace.threshold ?? threshold} />
      )}
    </div>
  );
}

function Details({ trace, threshold }: { trace: Trace; threshold: number }) {
  const { timings } = trace;
  return (
    <>
      <section aria-label="Confidence" className="grid gap-2">
        <div className="flex items-baseline justify-between">
          <h3 className="text-xs text-ink-muted">Confidence</h3>
          <span className="font-medium tabular-nums">
            {trace.confidence.toFixed(2)}
            <span className="font-normal text-ink-muted"> of {threshold.toFixed(2)} needed</span>
          </span>
        </div>
        <div className="relative h-1.5 rounded-full bg-hover">
          <div
            className={`h-full rounded-full ${trace.confidence >= threshold ? "bg-success" : "bg-warning"}`}
            style={{ width: `${Math.min(100, Math.max(0, trace.confidence * 100))}%` }}
          />
          <div className="absolute -inset-y-1 w-0.5 rounded-full bg-ink" style={{ left: `${threshold * 100}%` }} />
        </div>
      </section>
      <section aria-label="Run" className="grid gap-1">
        <h3 className="text-xs text-ink-muted">Run</h3>
        <Facts>
          <Fact label="Model">
            <span className="font-mono text-xs break-all">{trace.model}</span>
          </Fact>
          <Fact label="Tokens">
            {number(trace.promptTokens)} in, {number(trace.outputTokens)} out
          </Fact>
          {trace.costMicroUsd > 0 && <Fact label="Cost">${(trace.costMicroUsd / 1_000_000).toFixed(5)}</Fact>}
          <Fact label="Embedding">{milliseconds(timings.embedMs)}</Fact>
          <Fact label="Retrieval">{milliseconds(timings.retrieveMs)}</Fact>
          <Fact label="First token">{timings.firstTokenMs === null ? "None" : milliseconds(timings.firstTokenMs)}</Fact>
          <Fact label="Total">{milliseconds(timings.totalMs)}</Fact>
        </Facts>
      </section>
      <section aria-label="Passages" className="grid gap-2">
        <h3 className="flex items-center justify-between text-xs text-ink-muted">
          Passages
          <span className="tabular-nums">
            {trace.candidates.filter(({ used }) => used).length} of {trace.candidates.length} used
          </span>
        </h3>
        {trace.candidates.length === 0 ? (
          <p className="text-ink-muted">Nothing on the pages matched this question.</p>
        ) : (
          <ol className="grid gap-2">
            {trace.candidates.map((candidate) => (
              <Passage key={candidate.chunkId} candidate={candidate} />
            ))}
          </ol>
        )}
      </section>
    </>
  );
}

const Passage = ({ candidate }: { candidate: TraceCandidate }) => (
  <li className="rounded-md border border-line">
    <details className="group">
      <summary className="grid cursor-pointer list-none gap-1 rounded-md px-3 py-2 hover:bg-muted [&::-webkit-details-marker]:hidden">
        <span className="flex min-w-0 items-center gap-2">
          <span className="min-w-0 flex-1 truncate font-medium" dir="auto">
            {candidate.title}
          </span>
          {candidate.used && <Badge tone="accent">Used</Badge>}
          <span className="font-medium tabular-nums">{candidate.score.toFixed(2)}</span>
        </span>
        {candidate.headingPath.length > 0 && (
          <span className="truncate text-xs text-ink-muted" dir="auto">
            {candidate.headingPath.join(" › ")}
          </span>
        )}
        <span className="flex gap-3 text-xs text-ink-muted tabular-nums">
          <span>Meaning {candidate.similarity.toFixed(2)}</span>
          <span>Words {candidate.lexical.toFixed(2)}</span>
        </span>
      </summary>
      <div className="grid gap-2 border-t border-line px-3 py-2 text-xs text-ink-muted">
        {candidate.content && (
          <p
            dir="auto"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
            tabIndex={0}
            className="max-h-56 overflow-y-auto break-words whitespace-pre-wrap"
          >
            {candidate.content}
          </p>
        )}
        {candidate.url && (
          <a href={candidate.url} target="_blank" rel="noreferrer" className="break-all text-link">
            {candidate.url}
          </a>
        )}
      </div>
    </details>
  </li>
);
