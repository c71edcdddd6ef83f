import { ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import { readableOn } from "./color";
import { cn } from "./ui/cn";

/** The chat as visitors see it, drawn: for settings and for the home page. Nothing in it can be used. */
export function WidgetPreview({
  name,
  color,
  welcome,
  questions,
  children,
  className,
}: {
  name: string;
  color: string;
  welcome: string;
  questions?: string[];
  /** A conversation in place of the welcome. */
  children?: ReactNode;
  className?: string;
}) {
  const ink = readableOn(color);
  return (
    <div
      inert
      className={cn(
        "flex h-[520px] flex-col overflow-hidden rounded-lg bg-surface shadow-float select-none",
        className,
      )}
    >
      <div className="flex items-center gap-2.5 px-4 py-3.5" style={{ background: color, color: ink }}>
        <svg viewBox="0 0 16 16" className="size-5 shrink-0" fill={ink} aria-hidden="true">
          <path d="M3.5 2.5h9A1.5 1.5 0 0 1 14 4v5.5a1.5 1.5 0 0 1-1.5 1.5H8.2L5 13.8V11H3.5A1.5 1.5 0 0 1 2 9.5V4a1.5 1.5 0 0 1 1.5-1.5Z" />
        </svg>
        <bdi className="min-w-0 truncate text-base font-semibold">{name}</bdi>
      </div>
      <div className="flex flex-1 flex-col gap-3 overflow-hidden p-4">
        {welcome && (
          <p dir="auto" className="max-w-[88%] self-start rounded-lg bg-muted px-3.5 py-2.5 text-base break-words">
            {welcome}
          </p>
        )}
        {children}
        {questions && questions.length > 0 && (
          <div className="mt-auto flex flex-wrap justify-end gap-2">
            {questions.map((question, index) => (
              <span
                // biome-ignore lint/suspicious/noArrayIndexKey: two drafts may be alike while being typed
                key={index}
                dir="auto"
                className="max-w-full rounded-full border border-line-strong px-3 py-1.5 text-sm break-words"
              >
                {question}
              </span>
            ))}
          </div>
        )}
      </div>
      <div className="px-4 pb-3">
        <div className="flex h-11 items-center justify-between rounded-lg border border-line-strong pr-1.5 pl-3.5 text-base text-ink-subtle">
          Ask a question
          <span
            className="flex size-8 items-center justify-center rounded-md"
            style={{ background: color, color: ink }}
          >
            <ArrowUp className="size-4" />
          </span>
        </div>
        <p className="mt-2 text-center text-2xs text-ink-subtle">Answers by AlonChat</p>
      </div>
    </div>
  );
}
