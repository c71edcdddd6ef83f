import type { CrawlRun, PageStatus, Source, SourceStatus } from "@/lib/agents/schema";
import { Badge, type Tone } from "./ui/badge";

type Look = { tone: Tone; label: string; live?: boolean };

/** A badge for each word of a status. */
const badgeOf =
  <Status extends string>(looks: Record<Status, Look>) =>
  ({ status }: { status: Status }) => {
    const { tone, label, live = false } = looks[status];
    return (
      <Badge tone={tone} dot live={live}>
        {label}
      </Badge>
    );
  };

export const PageStatusBadge = badgeOf<PageStatus>({
  queued: { tone: "neutral", label: "Queued" },
  fetching: { tone: "info", label: "Fetching", live: true },
  embedding: { tone: "info", label: "Indexing", live: true },
  published: { tone: "success", label: "Published" },
  failed: { tone: "danger", label: "Failed" },
  excluded: { tone: "neutral", label: "Excluded" },
  duplicate: { tone: "neutral", label: "Duplicate" },
  gone: { tone: "warning", label: "Gone" },
});

export const SourceStatusBadge = badgeOf<SourceStatus>({
  pending: { tone: "neutral", label: "Waiting" },
  crawling: { tone: "info", label: "Reading", live: true },
  ready: { tone: "success", label: "Ready" },
  failed: { tone: "danger", label: "Failed" },
});

/** A source's status; that of a crawl which stands still is its run's. */
export const SourceBadge = ({ source: { status, run } }: { source: Pick<Source, "status" | "run"> }) =>
  run?.status === "paused" || (run?.status === "queued" && run.waiting) ? (
    <RunStatusBadge {...run} />
  ) : (
    <SourceStatusBadge status={status} />
  );

const RunBadge = badgeOf<CrawlRun["status"] | "waiting">({
  waiting: { tone: "neutral", label: "In line", live: true },
  queued: { tone: "neutral", label: "Starting", live: true },
  running: { tone: "info", label: "Reading", live: true },
  paused: { tone: "warning", label: "Paused" },
  completed: { tone: "success", label: "Ready" },
  failed: { tone: "danger", label: "Failed" },
  cancelled: { tone: "warning", label: "Stopped" },
});

/** A queued run may wait behind the workspace's other crawls, and says so. */
export const RunStatusBadge = ({ status, waiting }: Pick<CrawlRun, "status" | "waiting">) => (
  <RunBadge status={status === "queued" && waiting ? "waiting" : status} />
);

/** One word for all of an agent's sources: the one that most needs looking at. */
export function worstStatus(statuses: SourceStatus[]): SourceStatus | null {
  return (["crawling", "failed", "pending", "ready"] as const).find((status) => statuses.includes(status)) ?? null;
}
