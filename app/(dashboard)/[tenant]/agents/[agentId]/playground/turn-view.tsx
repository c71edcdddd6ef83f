"use client";

import { Answer } from "@/components/answer";
import { Button, Spinner } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Notice } from "@/components/ui/notice";
import type { Turn } from "./use-playground";

/** A question and its answer with the sources under it. */
export function TurnView({
  turn,
  selected,
  onSelect,
  onRetry,
}: {
  turn: Turn;
  selected: boolean;
  onSelect: () => void;
  onRetry: () => void;
}) {
  const streaming = turn.status === "streaming";
  return (
    <article className="grid gap-4">
      <p
        dir="auto"
        className="max-w-[85%] justify-self-end rounded-lg bg-muted px-3.5 py-2 text-base break-words whitespace-pre-wrap"
      >
        {turn.question}
      </p>
      <div className="grid gap-3" aria-busy={streaming}>
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
        {turn.status === "stopped" && <p className="text-xs text-ink-subtle">Stopped.</p>}
        {turn.status === "no_answer" && (
          <p className="text-xs text-ink-subtle">The agent found nothing it could rely on, and said so.</p>
        )}
        {turn.citations.length > 0 && <Sources turn={turn} />}
        {!streaming && turn.status !== "failed" && (
          <div className="-ml-1.5 flex items-center gap-1">
            <CopyButton text={turn.text} label="Copy answer" iconOnly variant="ghost" />
            <Button
              variant="ghost"
              size="sm"
              aria-pressed={selected}
              onClick={onSelect}
              className="lg:aria-pressed:bg-hover"
            >
              How it came about
            </Button>
          </div>
        )}
      </div>
    </article>
  );
}

const Sources = ({ turn }: { turn: Turn }) => (
  <ol aria-label="Sources" className="grid gap-1.5">
    {turn.citations.map((citation) => (
      <li key={citation.number}>
        {citation.url === null ? (
          <div className={SOURCE_CARD}>
            <SourceText citation={citation} />
          </div>
        ) : (
          <a href={citation.url} target="_blank" rel="noreferrer" className={`group ${SOURCE_CARD} hover:bg-muted`}>
            <SourceText citation={citation} />
          </a>
        )}
      </li>
    ))}
  </ol>
);

const SOURCE_CARD = "flex gap-2.5 rounded-md border border-line px-3 py-2";

const SourceText = ({ citation }: { citation: Turn["citations"][number] }) => (
  <>
    <span className="mt-0.5 cite-mark">{citation.number}</span>
    <span className="grid min-w-0 gap-0.5">
      <span className="truncate font-medium group-hover:underline" dir="auto">
        {citation.heading && citation.heading !== citation.title
          ? `${citation.title} › ${citation.heading}`
          : citation.title}
      </span>
      {citation.quote && (
        <span className="line-clamp-2 text-xs text-ink-muted" dir="auto">
          {citation.quote}
        </span>
      )}
    </span>
  </>
);
