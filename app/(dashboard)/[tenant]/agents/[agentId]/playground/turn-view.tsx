"use client";

import type { ReactNode } from "react";
import { Answer } from "@/components/answer";
import { SourceList } from "@/components/source-list";
import { Button, Spinner } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { CopyButton } from "@/components/ui/copy-button";
import { Notice } from "@/components/ui/notice";
import { milliseconds, number } from "@/components/ui/number";
import { Unsupported } from "@/components/unsupported";
import type { Cut, Trace } from "@/lib/chat/schema";
import type { Turn } from "./use-playground";

const CUT_WORDS: Record<Cut, string> = {
  tokens: "The answer ends here: it reached the tokens that one question may use (BUDGET_TOKENS).",
  cost: "The answer ends here: it reached what one question may cost (BUDGET_COST_USD).",
  time: "The answer ends here: the model took longer than one step may (BUDGET_STEP_MS).",
};

/** A question and its answer, or the answers of two versions side by side. */
export function Exchange({
  turn,
  other,
  names,
  selectedId,
  onSelect,
  onRetry,
  actions,
}: {
  turn: Turn;
  /** What another version answered. */
  other: Turn | undefined;
  /** Of what answers, where there are two. */
  names: string[];
  selectedId: string | undefined;
  onSelect: (turn: Turn) => void;
  onRetry: () => void;
  /** What else can be done with an answer that has ended. */
  actions: (turn: Turn) => ReactNode;
}) {
  const answer = (side: Turn, name?: string) => (
    <AnswerView
      turn={side}
      name={name}
      selected={selectedId === side.id}
      onSelect={() => onSelect(side)}
      onRetry={onRetry}
      actions={actions(side)}
    />
  );
  return (
    <article className="grid gap-4">
      <p
        dir="auto"
        className="max-w-[85%] justify-self-end rounded-lg bg-muted px-3.5 py-2 text-base break-words whitespace-pre-wrap"
      >
        {turn.question}
      </p>
      {other ? (
        <div className="grid gap-4 md:grid-cols-2">
          {answer(turn, names[0])}
          {answer(other, names[1])}
        </div>
      ) : (
        answer(turn)
      )}
    </article>
  );
}

function AnswerView({
  turn,
  name,
  selected,
  onSelect,
  onRetry,
  actions,
}: {
  turn: Turn;
  name: string | undefined;
  selected: boolean;
  onSelect: () => void;
  onRetry: () => void;
  actions: ReactNode;
}) {
  const streaming = turn.status === "streaming";
  return (
    <section
      aria-label={name ?? "Answer"}
      className={cn("grid min-w-0 content-start gap-3", name && "rounded-lg border border-line p-4")}
      aria-busy={streaming}
    >
      {name && (
        <div className="grid gap-0.5 text-xs">
          <bdi className="font-medium">{name}</bdi>
          <span className="text-ink-muted tabular-nums">
            {turn.trace ? figures(turn.trace) : streaming ? "Answering" : "No trace"}
          </span>
        </div>
      )}
      {turn.text ? (
        <Answer text={turn.text} citations={turn.citations} streaming={streaming} />
      ) : streaming ? (
        <p role="status" className="flex items-center gap-2 text-ink-muted">
          <Spinner />
          Looking through the pages
        </p>
      ) : null}
      {turn.status === "failed" && turn.failure && (
        <Notice
          kind="danger"
          title={turn.failure.message}
          action={
            <>
              <Button size="sm" onClick={onRetry}>
                Try again
              </Button>
              {turn.failure.requestId && (
                <CopyButton text={turn.failure.requestId} label="Copy request id" size="sm" variant="ghost" />
              )}
            </>
          }
        />
      )}
      {turn.cut && <p className="text-xs text-ink-subtle">{CUT_WORDS[turn.cut]}</p>}
      {turn.status === "stopped" && <p className="text-xs text-ink-subtle">Stopped.</p>}
      {turn.status === "no_answer" && (
        <p className="text-xs text-ink-subtle">The agent found nothing it could rely on, and said so.</p>
      )}
      {turn.trace && turn.trace.checks.length > 0 && <Unsupported text={turn.text} checks={turn.trace.checks} />}
      {turn.citations.length > 0 && <SourceList citations={turn.citations} />}
      {!streaming && (turn.status !== "failed" || turn.trace) && (
        <div className="-ml-1.5 flex items-center gap-1">
          {turn.text && <CopyButton text={turn.text} label="Copy answer" iconOnly variant="ghost" />}
          <Button
            variant="ghost"
            size="sm"
            aria-pressed={selected}
            onClick={onSelect}
            className="lg:aria-pressed:bg-hover"
          >
            How it came about
          </Button>
          {turn.status !== "failed" && actions}
        </div>
      )}
    </section>
  );
}

const figures = ({ timings, promptTokens, outputTokens, costMicroUsd, confidence }: Trace): string =>
  [
    milliseconds(timings.totalMs),
    `${number(promptTokens + outputTokens)} tokens`,
    ...(costMicroUsd > 0 ? [`$${(costMicroUsd / 1_000_000).toFixed(5)}`] : []),
    `confidence ${confidence.toFixed(2)}`,
  ].join(" · ");
