"use client";

import Link from "next/link";
import { useEffect, useState } from "react";
import { OutsideLink } from "@/components/back-header";
import { RunStatusBadge } from "@/components/status";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { duration, number, plural } from "@/components/ui/number";
import { Progress } from "@/components/ui/progress";
import { RelativeTime } from "@/components/ui/time";
import { useAction } from "@/components/use-action";
import { type CrawlRun, isActive, runProgress, type Source } from "@/lib/agents/schema";
import { useCrawlRun } from "../../live.client";
import { refreshSource, stopCrawl } from "./actions";

/** A source's crawl: how far, how fast, how long yet; then what came of it. Survives a reload, because it starts from the row. */
export function CrawlProgress({
  tenant,
  source,
  mayEdit,
  href,
}: {
  tenant: string;
  source: Source;
  mayEdit: boolean;
  /** Where the pages are listed; absent on that page itself. */
  href?: string;
}) {
  const { run, status } = useCrawlRun(source);
  const stop = useAction(stopCrawl);
  const again = useAction(refreshSource);
  const active = run !== null && isActive(run);
  const failure = stop.failure ?? again.failure;

  return (
    <section aria-label={`Crawl of ${source.name}`} className="grid gap-4 rounded-lg border border-line p-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        {href ? (
          <div className="grid min-w-0 flex-1 basis-52">
            <h3 className="truncate font-medium">
              <bdi>{source.name}</bdi>
            </h3>
            {source.url && <OutsideLink url={source.url} />}
          </div>
        ) : (
          <h2 className="min-w-0 flex-1 font-medium">Crawl</h2>
        )}
        {run ? <RunStatusBadge status={run.status} waiting={run.waiting} /> : null}
        <div className="flex gap-2">
          {href && (
            <Button asChild size="sm">
              <Link href={href}>View pages</Link>
            </Button>
          )}
          {mayEdit && active && (
            <Button size="sm" pending={stop.pending} onClick={() => stop.submit(tenant, { sourceId: source.id })}>
              Stop
            </Button>
          )}
          {mayEdit && !active && (
            <Button size="sm" pending={again.pending} onClick={() => again.submit(tenant, { sourceId: source.id })}>
              Refresh
            </Button>
          )}
        </div>
      </div>

      {run && active && <Running run={run} />}
      {run && <Counts run={run} />}
      {active && status === "polling" && (
        <p className="text-xs text-ink-subtle">
          Live updates are not available right now; this refreshes every 3 seconds.
        </p>
      )}
      {failure && <Notice kind="danger">{failure.message}</Notice>}
      <Outcome run={run} source={source} />
    </section>
  );
}

function Running({ run }: { run: CrawlRun }) {
  const { settled, percent } = runProgress(run);
  const now = useNow();
  const elapsedMs = run.startedAt && now ? now - Date.parse(run.startedAt) : 0;
  const perSecond = elapsedMs > 2_000 && settled > 0 ? settled / (elapsedMs / 1_000) : null;
  const leftMs = perSecond && settled >= 3 ? ((run.found - settled) / perSecond) * 1_000 : null;
  return (
    <div className="grid gap-2">
      <Progress percent={run.found > 0 ? percent : null} label="Crawl progress" />
      <div className="flex flex-wrap justify-between gap-x-4 gap-y-0.5 text-xs text-ink-muted tabular-nums">
        <span role="status">
          {run.found === 0
            ? "Reading robots.txt and the first page"
            : `${number(settled)} of ${plural(run.found, "page")} found so far`}
        </span>
        <span>
          {perSecond !== null && `${perSecond < 10 ? perSecond.toFixed(1) : number(Math.round(perSecond))} pages/s`}
          {leftMs !== null && ` · about ${duration(leftMs)} left`}
        </span>
      </div>
    </div>
  );
}

/** The clock, ticking once a second; null until hydrated, because the server's is another. */
function useNow(): number | null {
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function Counts({ run }: { run: CrawlRun }) {
  const counts = [
    { label: "Found", value: run.found },
    { label: "Published", value: run.published + run.unchanged },
    { label: "Excluded", value: run.excluded },
    { label: "Failed", value: run.failed, alarming: true },
    { label: "Passages", value: run.chunks },
  ];
  return (
    <dl className="grid grid-cols-3 gap-x-4 gap-y-3 sm:grid-cols-5">
      {counts.map(({ label, value, alarming }) => (
        <div key={label} className="grid">
          <dt className="text-xs text-ink-muted">{label}</dt>
          <dd className={`text-lg font-semibold ${alarming && value > 0 ? "text-danger" : ""}`}>{number(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Outcome({ run, source }: { run: CrawlRun | null; source: Source }) {
  if (!run)
    return source.errorMessage ? (
      <Notice kind="danger" title="The crawl did not start">
        {source.errorMessage}
      </Notice>
    ) : null;
  if (isActive(run)) return null;
  if (run.status === "failed")
    return (
      <Notice kind="danger" title="The website could not be read">
        {run.errorMessage ?? source.errorMessage ?? "Check the address, then refresh."}
      </Notice>
    );
  if (run.status === "completed" && run.published + run.unchanged === 0)
    return (
      <Notice kind="warning" title="No page could be published">
        The pages list says why for each. Often the site needs JavaScript to show its text, or its robots.txt forbids
        reading it.
      </Notice>
    );
  // Until the page's other data is loaded again, the run itself knows best.
  const isLoaded = source.run?.id === run.id && !isActive(source.run);
  const inUse = isLoaded ? source.livePages : run.published + run.unchanged;
  return run.finishedAt ? (
    <p className="text-xs text-ink-subtle">
      {run.status === "cancelled" ? "Stopped" : "Finished"} <RelativeTime at={run.finishedAt} />
      {run.startedAt && ` after ${duration(Date.parse(run.finishedAt) - Date.parse(run.startedAt))}`}
      {` · ${plural(inUse, "page")} in use`}
      {run.unchanged > 0 && `, ${number(run.unchanged)} unchanged since the last time`}
    </p>
  ) : null;
}
