import { Badge, type Tone } from "@/components/ui/badge";
import type { RunStatus } from "@/lib/evaluation/schema";

const LOOKS: Record<RunStatus, { tone: Tone; label: string; live?: boolean }> = {
  queued: { tone: "neutral", label: "Starting", live: true },
  running: { tone: "info", label: "Running", live: true },
  completed: { tone: "success", label: "Finished" },
  failed: { tone: "danger", label: "Failed" },
  cancelled: { tone: "warning", label: "Stopped" },
};

export const RunBadge = ({ status }: { status: RunStatus }) => (
  <Badge tone={LOOKS[status].tone} dot live={LOOKS[status].live ?? false}>
    {LOOKS[status].label}
  </Badge>
);
