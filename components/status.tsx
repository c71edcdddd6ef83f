import type { CrawlRun, PageStatus, SourceStatus } from "@/lib/agents/schema";
import { Badge, type Tone } from "./ui/badge";

const PAGE: Record<PageStatus, { tone: Tone; label: string; live?: boolean }> = {
  queued: { tone: "neutral", label: "Queued" },
  fetching: { tone: "info", label: "Fetching", live: true },
  embedding: { tone: "info", label: "Indexing", live: true },
  published: { tone: "success", label: "Published" },
  failed: { tone: "danger", label: "Failed" },
  excluded: { tone: "neutral", label: "Excluded" },
  duplicate: { tone: "neutral", label: "Duplicate" },
  gone: { tone: "warning", label: "Gone" },
};
export const PageStatusBadge = ({ status }: { status: PageStatus }) => {
  const { tone, label, live } = PAGE[status];
  return (
    <Badge tone={tone} dot live={live ?? false}>
      {label}
    </Badge>
  );
};

const SOURCE: Record<SourceStatus, { tone: Tone; label: string; live?: boolean }> = {
  pending: { tone: "neutral", label: "Waiting" },
  crawling: { tone: "info", label: "Reading", live: true },
  ready: { tone: "success", label: "Ready" },
  failed: { tone: "danger", label: "Failed" },
};
export const SourceStatusBadge = ({ status }: { status: SourceStatus }) => {
  const { tone, label, live } = SOURCE[status];
  return (
    <Badge tone={tone} dot live={live ?? false}>
      {label}
    </Badge>
  );
};

const RUN: Record<CrawlRun["status"], { tone: Tone; label: string; live?: boolean }> = {
  queued: { tone: "neutral", label: "Starting", live: true },
  running: { tone: "info", label: "Reading", live: true },
  paused: { tone: "warning", label: "Paused" },
  completed: { tone: "success", label: "Ready" },
  failed: { tone: "danger", label: "Failed" },
  cancelled: { tone: "warning", label: "Stopped" },
};
/** Queued behind the workspace's other crawls. */
const WAITING: (typeof RUN)["queued"] = { tone: "neutral", label: "Waiting for your other crawls", live: true };
export const RunStatusBadge = ({ status, waiting }: Pick<CrawlRun, "status" | "waiting">) => {
  const { tone, label, live } = status === "queued" && waiting ? WAITING : RUN[status];
  return (
    <Badge tone={tone} dot live={live ?? false}>
      {label}
    </Badge>
  );
};

/** One word for all of an agent's sources: the one that most needs looking at. */
export function worstStatus(statuses: SourceStatus[]): SourceStatus | null {
  return (["crawling", "failed", "pending", "ready"] as const).find((status) => statuses.includes(status)) ?? null;
}
