"use client";

import Link from "next/link";
import { useState } from "react";
import { dollars, percent, time } from "@/components/figures";
import { Button } from "@/components/ui/button";
import { number } from "@/components/ui/number";
import { Table, Td, Th, Thead, Tr } from "@/components/ui/table";
import { RelativeTime } from "@/components/ui/time";
import { versionName } from "@/lib/agents/schema";
import { type EvalRun, isOpen, passedOf } from "@/lib/evaluation/schema";
import { RunBadge } from "../run-badge";
import { RefreshWhile } from "./refresh.client";

/** Runs with their figures, newest first; two of them can be marked and compared. */
export function RunList({ runs, base }: { runs: EvalRun[]; base: string }) {
  const [marked, setMarked] = useState<string[]>([]);
  // In the order of time, whichever was marked first.
  const [before, after] = runs.filter(({ id }) => marked.includes(id)).toReversed();
  const toggle = (id: string) =>
    setMarked((ids) => (ids.includes(id) ? ids.filter((each) => each !== id) : [...ids.slice(-1), id]));
  return (
    <div className="grid gap-2">
      <RefreshWhile active={runs.some(({ status }) => isOpen(status))} />
      <Table label="Runs">
        <Thead>
          <Th quiet>Compare</Th>
          <Th>Run</Th>
          <Th className="max-sm:hidden">Status</Th>
          <Th className="text-right">Passed</Th>
          <Th className="text-right">Recall</Th>
          <Th className="text-right">MRR</Th>
          <Th className="text-right">Grounded</Th>
          <Th className="text-right">Answer, median</Th>
          <Th className="text-right">Cost</Th>
        </Thead>
        <tbody>
          {runs.map((run) => (
            <Tr key={run.id}>
              <Td>
                <input
                  type="checkbox"
                  className="size-4 accent-accent"
                  aria-label={`Compare the run ${run.label || run.id.slice(-6)}`}
                  checked={marked.includes(run.id)}
                  disabled={run.done === 0 || isOpen(run.status)}
                  onChange={() => toggle(run.id)}
                />
              </Td>
              <Td className="max-w-64 min-w-36">
                <Link href={`${base}/runs/${run.id}`} className="block truncate font-medium hover:underline">
                  <bdi>{run.label || <RelativeTime at={run.createdAt} />}</bdi>
                </Link>
                <span className="block truncate text-xs text-ink-muted">
                  {run.label && (
                    <>
                      <RelativeTime at={run.createdAt} /> ·{" "}
                    </>
                  )}
                  {run.version && `${versionName(run.version)} · `}
                  {run.chatModel ?? "no answer yet"}
                  {run.repeats > 1 && ` · ${run.repeats} repeats`}
                </span>
                {run.status !== "completed" && (
                  <span className="sm:hidden">
                    <RunState run={run} />
                  </span>
                )}
              </Td>
              <Td className="max-sm:hidden">
                <RunState run={run} />
              </Td>
              <Td className="text-right font-medium tabular-nums">{percent(passedOf(run))}</Td>
              <Td className="text-right tabular-nums">{percent(run.summary?.recall ?? null)}</Td>
              <Td className="text-right tabular-nums">{run.summary?.mrr?.toFixed(2) ?? "–"}</Td>
              <Td className="text-right tabular-nums">{percent(run.summary?.grounded ?? null)}</Td>
              <Td className="text-right tabular-nums">{time(run.summary?.totalP50Ms ?? null)}</Td>
              <Td className="text-right tabular-nums">{run.summary ? dollars(run.summary.costMicroUsd) : "–"}</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      {runs.length > 1 && (
        <div className="flex flex-wrap items-center gap-3">
          {before && after ? (
            <Button asChild size="sm">
              <Link href={`${base}/compare?before=${before.id}&after=${after.id}`}>Compare the two</Link>
            </Button>
          ) : (
            <p className="text-xs text-ink-muted">Mark two runs to compare them question by question.</p>
          )}
        </div>
      )}
    </div>
  );
}

const RunState = ({ run }: { run: EvalRun }) => (
  <>
    <RunBadge status={run.status} />
    {run.status !== "completed" && run.total > 0 && (
      <span className="block text-xs whitespace-nowrap text-ink-muted tabular-nums">
        {number(run.done)} of {number(run.total)} answers
      </span>
    )}
  </>
);
