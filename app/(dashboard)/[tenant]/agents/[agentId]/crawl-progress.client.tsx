"use client";

import { Pause, Play, RefreshCw, Square } from "lucide-react";
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
import { isCrawled } from "@/lib/crawl/schema";
import { useCrawlRun } from "../../live.client";
import { pauseCrawl, refreshSource, resumeCrawl, stopCrawl } from "./actions";

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
  const active = run !== null && isActive(run);
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
        {run && <RunStatusBadge status={run.status} waiting={run.waiting} />}
        <div className="flex gap-2">
          {href && (
            <Button asChild size="sm">
              <Link href={href}>View pages</Link>
            </Button>
          )}
          {mayEdit && isCrawled(source.kind) && <Controls tenant={tenant} sourceId={source.id} run={run} />}
        </div>
      </div>
      {run && active && <Running run={run} />}
      {run && <Counts run={run} />}
      {active && status === "polling" && (
        <p className="text-xs text-ink-subtle">
          Live updates are not available right now; this refreshes every 3 seconds.
        </p>
      )}
      <Outcome run={run} source={source} />
    </section>
  );
}

/** What can be done with a run as it stands. What failed is said below the buttons. */
function Controls({ tenant, sourceId, run }: { tenant: string; sourceId: string; run: CrawlRun | null }) {
  const pause = useAction(pauseCrawl);
  const resume = useAction(resumeCrawl);
  const stop = useAction(stopCrawl);
  const again = useAction(refreshSource);
  const actions = [pause, resume, stop, again];
  const failure = actions.find((action) => action.failure)?.failure;
  const busy = actions.some(({ pending }) => pending);
  const button = (label: string, Icon: typeof Pause, action: typeof pause) => (
    <Button
      size="sm"
      pending={action.pending}
      disabled={busy}
      onClick={() => {
        for (const other of actions) other.reset();
        action.submit(tenant, { sourceId });
      }}
    >
      {!action.pending && <Icon />}
      {label}
    </Button>
  );
  return (
    <>
      {run?.status === "paused"
        ? button("Resume", Play, resume)
        : run && isActive(run) && button("Pause", Pause, pause)}
      {run && isActive(run) ? button("Stop", Square, stop) : button("Refresh", RefreshCw, again)}
      {failure && (
        <p role="alert" className="max-w-60 text-xs text-danger">
          {failure.message}
        </p>
      )}
    </>
  );
}

function Running({ run }: { run: CrawlRun }) {
  const { settled, percent } = runProgress(run);
  const now = useNow();
  const rate = useRate(settled, now);
  const moving = run.status === "running";
  const leftMs = moving && rate && settled >= 3 ? ((run.found - settled) / rate) * 1_000 : null;
  return (
    <div className="grid gap-2">
      <Progress percent={run.found > 0 ? percent : null} label="Crawl progress" />
      <div className="flex flex-wrap justify-between gap-x-4 gap-y-0.5 text-xs text-ink-muted tabular-nums">
        <span role="status">
          {run.status === "paused"
            ? `Paused at ${number(settled)} of ${plural(run.found, "page")}. Nothing is asked for until you resume.`
            : run.fetched === 0
              ? "Reading robots.txt, sitemaps and the first page"
              : `${number(settled)} of ${plural(run.found, "page")} found so far`}
        </span>
        {moving && (
          <span>
            {rate !== null && `${rate < 10 ? rate.toFixed(1) : number(Math.round(rate))} pages/s`}
            {leftMs !== null && ` · about ${duration(leftMs)} left`}
          </span>
        )}
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

const RATE_OVER_MS = 20_000;

/** Pages a second over the last 20 seconds: a pause, or a slow beginning, is soon forgotten. Null until two seconds were seen. */
function useRate(settled: number, now: number | null): number | null {
  const [seen, setSeen] = useState<{ at: number; settled: number }[]>([]);
  useEffect(() => {
    if (now !== null)
      setSeen((before) => [...before.filter(({ at }) => now - at <= RATE_OVER_MS), { at: now, settled }]);
  }, [now, settled]);
  const first = seen[0];
  const last = seen.at(-1);
  if (!first || !last || last.at - first.at < 2_000 || last.settled <= first.settled) return null;
  return (last.settled - first.settled) / ((last.at - first.at) / 1_000);
}

function Counts({ run }: { run: CrawlRun }) {
  const counts = [
    { label: "Found", value: run.found },
    { label: "Fetched", value: run.fetched },
    { label: "Published", value: run.published + run.unchanged },
    { label: "Excluded", value: run.excluded },
    { label: "Failed", value: run.failed, alarming: true },
    { label: "New passages", value: run.chunks },
  ];
  return (
    <dl className="grid grid-cols-3 gap-x-4 gap-y-3 sm:grid-cols-6">
      {counts.map(({ label, value, alarming }) => (
        <div key={label} className="grid">
          <dt className="text-xs text-ink-muted">{label}</dt>
          <dd className={`text-lg font-semibold tabular-nums ${alarming && value > 0 ? "text-danger" : ""}`}>
            {number(value)}
          </dd>
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
        The pages list says why for each. Often the site’s robots.txt forbids reading it, or its patterns leave
        everything out.
      </Notice>
    );
  // Until the page's other data is loaded again, the run itself knows best.
  const loaded = source.run?.id === run.id && !isActive(source.run) ? source.run : null;
  const inUse = loaded ? source.livePages : run.published + run.unchanged;
  return (
    <>
      {loaded?.limitReached && (
        <Notice kind="warning" title={`The limit of ${plural(source.maxPages, "page")} was reached`}>
          There are more pages than that. Raise the limit in the source’s settings, or leave some out by a pattern.
        </Notice>
      )}
      {run.finishedAt && (
        <p className="text-xs text-ink-subtle">
          {run.status === "cancelled" ? "Stopped" : "Finished"} <RelativeTime at={run.finishedAt} />
          {run.startedAt && ` after ${duration(Date.parse(run.finishedAt) - Date.parse(run.startedAt))}`}
          {` · ${plural(inUse, "page")} in use`}
          {run.unchanged > 0 && `, ${number(run.unchanged)} unchanged since the last time`}
          {source.nextRunAt && (
            <>
              {" "}
              · next time <RelativeTime at={source.nextRunAt} />
            </>
          )}
        </p>
      )}
    </>
  );
}
