"use client";

import { usePathname, useRouter } from "next/navigation";
import { useOptimistic, useState, useTransition } from "react";
import { Answer } from "@/components/answer";
import { dollars, time } from "@/components/figures";
import { Pagination } from "@/components/pagination";
import { Badge } from "@/components/ui/badge";
import { number } from "@/components/ui/number";
import { type EvalResult, RESULTS_SIZE } from "@/lib/evaluation/schema";

const CHECKS: Record<EvalResult["checks"][number]["name"], string> = {
  answered: "Answered",
  refused: "Refused",
  facts: "Expected facts",
  sources: "Expected source",
  citations: "Citations hold",
  support: "Nothing unsupported",
};

/** Each answer, opened where it stands: what was said, what it cites, what failed and why. The address says which are shown. */
export function ResultList({
  results,
  answered,
  failed,
  failedOnly,
  page,
  isRepeated,
}: {
  results: EvalResult[];
  /** How many there are in all. */
  answered: number;
  failed: number;
  failedOnly: boolean;
  page: number;
  isRepeated: boolean;
}) {
  const router = useRouter();
  const path = usePathname();
  const [isChecked, check] = useOptimistic(failedOnly);
  const [, startTransition] = useTransition();
  const href = (onlyFailed: boolean, to: number) => {
    const query = new URLSearchParams({ ...(onlyFailed && { failed: "1" }), ...(to > 1 && { page: String(to) }) });
    return query.size > 0 ? `${path}?${query}` : path;
  };
  return (
    <section aria-labelledby="answers" className="grid gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="answers" className="font-semibold">
          Answers
        </h2>
        <label className="flex items-center gap-2 text-sm">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={isChecked}
            onChange={({ target }) =>
              startTransition(() => {
                check(target.checked);
                router.replace(href(target.checked, 1), { scroll: false });
              })
            }
          />
          Only the {number(failed)} that failed
        </label>
      </div>
      {results.length === 0 ? (
        <p className="text-sm text-ink-muted">{failed === 0 ? "Every answer passed." : "There are no more."}</p>
      ) : (
        <ul aria-label="Results" className="grid divide-y divide-line rounded-lg border border-line">
          {results.map((result) => (
            <li key={result.id}>
              <Result result={result} repeated={isRepeated} />
            </li>
          ))}
        </ul>
      )}
      <Pagination
        label="Answers"
        page={page}
        size={RESULTS_SIZE}
        total={failedOnly ? failed : answered}
        href={(to) => href(failedOnly, to)}
      />
    </section>
  );
}

function Result({ result, repeated }: { result: EvalResult; repeated: boolean }) {
  const [open, setOpen] = useState(false);
  const reason = result.checks.find(({ ok }) => !ok)?.detail;
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="flex cursor-pointer items-start gap-3 px-3 py-2.5 text-sm hover:bg-muted">
        <Badge tone={result.passed ? "success" : "danger"} dot className="mt-px min-w-17">
          {result.passed ? "Passed" : "Failed"}
        </Badge>
        <span className="grid min-w-0 flex-1">
          <span className="break-words" dir="auto">
            {result.question}
            {repeated && <span className="text-ink-subtle"> · repeat {result.repeat}</span>}
          </span>
          {reason && (
            <span className="text-xs break-words text-ink-muted" dir="auto">
              {reason}
            </span>
          )}
        </span>
        <span className="text-xs whitespace-nowrap text-ink-muted tabular-nums max-sm:hidden">
          {time(result.totalMs)}
        </span>
      </summary>
      {open && <Details result={result} />}
    </details>
  );
}

function Details({ result }: { result: EvalResult }) {
  return (
    <div className="grid gap-4 border-t border-line bg-muted px-3 py-4 text-sm lg:grid-cols-2">
      <div className="grid min-w-0 content-start gap-3">
        <h3 className="text-xs font-medium text-ink-muted">Answer</h3>
        <div className="min-w-0 break-words" dir="auto">
          {result.answer === "" ? (
            <p className="text-ink-muted">None{result.errorCode && ` (${result.errorCode})`}</p>
          ) : (
            <Answer text={result.answer} citations={result.citations} streaming={false} />
          )}
        </div>
        {result.citations.length > 0 && (
          <ul aria-label="Citations" className="grid gap-2">
            {result.citations.map((citation) => (
              <li key={citation.number} className="grid gap-0.5 text-xs">
                <span className="break-words">
                  [{citation.number}]{" "}
                  {citation.url ? (
                    <a className="text-accent-ink hover:underline" href={citation.url} target="_blank" rel="noreferrer">
                      {citation.title}
                    </a>
                  ) : (
                    citation.title
                  )}
                </span>
                <q className="break-words text-ink-muted" dir="auto">
                  {citation.quote}
                </q>
              </li>
            ))}
          </ul>
        )}
      </div>
      <div className="grid min-w-0 content-start gap-3">
        <h3 className="text-xs font-medium text-ink-muted">Checks</h3>
        <ul className="grid gap-1.5">
          {result.checks.map(({ name, ok, detail }) => (
            <li key={name} className="grid gap-0.5">
              <span>
                <span aria-hidden="true" className={ok ? "text-success" : "text-danger"}>
                  {ok ? "✓" : "✗"}
                </span>
                <span className="sr-only">{ok ? "Holds: " : "Does not hold: "}</span> {CHECKS[name]}
              </span>
              {detail && <span className="pl-4 text-xs break-words text-ink-muted">{detail}</span>}
            </li>
          ))}
        </ul>
        {result.retrieved.length > 0 && (
          <>
            <h3 className="text-xs font-medium text-ink-muted">Found passages, best first</h3>
            <ol className="grid list-decimal gap-0.5 pl-5 text-xs text-ink-muted">
              {result.retrieved.map(({ title, url, score, expected }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a page may be found several times, and the order is fixed
                <li key={index} className="break-words">
                  <span className={expected ? "font-medium text-ink" : ""} title={url ?? undefined}>
                    {title}
                  </span>{" "}
                  <span className="tabular-nums">{score.toFixed(2)}</span>
                  {expected && " · expected"}
                </li>
              ))}
            </ol>
          </>
        )}
        <p className="text-xs text-ink-muted tabular-nums">
          First words {time(result.firstTokenMs)} · whole answer {time(result.totalMs)} · {dollars(result.costMicroUsd)}
        </p>
      </div>
    </div>
  );
}
