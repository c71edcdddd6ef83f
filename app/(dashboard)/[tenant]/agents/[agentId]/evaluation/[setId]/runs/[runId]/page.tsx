import { Download } from "lucide-react";
import { notFound } from "next/navigation";
import { z } from "zod";
import { supabase } from "@/app/_server/supabase";
import { BackHeader } from "@/components/back-header";
import { dollars, percent, time } from "@/components/figures";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Notice } from "@/components/ui/notice";
import { number, plural } from "@/components/ui/number";
import { Progress } from "@/components/ui/progress";
import { RelativeTime } from "@/components/ui/time";
import { versionName } from "@/lib/agents/schema";
import { getRun, pageOfResults } from "@/lib/evaluation";
import { isOpen, type Summary } from "@/lib/evaluation/schema";
import { roleAtLeast } from "@/lib/tenancy";
import { missingIsNotFound, requireAgent } from "../../../../../../data";
import { RunBadge } from "../../../run-badge";
import { RefreshWhile } from "../../refresh.client";
import { ResultList } from "./result-list.client";
import { StopRun } from "./stop-run.client";

export const metadata = { title: "Run" };

const Shown = z.object({
  failed: z.literal("1").optional().catch(undefined),
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
});

export default async function RunPage({
  params,
  searchParams,
}: PageProps<"/[tenant]/agents/[agentId]/evaluation/[setId]/runs/[runId]">) {
  const { member, tenant, agent } = await requireAgent(params);
  const { setId, runId } = await params;
  const db = await supabase();
  const ref = { tenantId: member.tenantId, runId };
  const run = await getRun(db, ref).catch(missingIsNotFound);
  if (run.setId !== setId) notFound();
  const { failed, page } = Shown.parse(await searchParams);
  const shown = { failedOnly: failed === "1", page };
  const listed = await pageOfResults(db, ref, shown);
  const open = isOpen(run.status);
  return (
    <div className="page grid gap-6 py-6">
      <RefreshWhile active={open} />
      <BackHeader
        back={`/${tenant}/agents/${agent.id}/evaluation/${setId}`}
        backLabel="Back to the set"
        title={run.label || "Run"}
        action={
          <>
            <RunBadge status={run.status} />
            {open && roleAtLeast(member.role, "admin") && <StopRun tenant={tenant} runId={runId} />}
            {!open && run.done > 0 && (
              <Button asChild size="sm">
                <a href={`/api/evaluation/${runId}/results?workspace=${tenant}`} download>
                  <Download />
                  Download CSV
                </a>
              </Button>
            )}
          </>
        }
      >
        <p className="text-sm break-words text-ink-muted">
          <RelativeTime at={run.createdAt} />
          {run.version && ` · ${versionName(run.version)}`}
          {run.chatModel && ` · ${run.chatModel}`}
          {run.repeats > 1 && ` · ${run.repeats} repeats`}
        </p>
      </BackHeader>
      {open && (
        <div className="grid gap-2">
          <Progress
            percent={run.total > 0 ? Math.floor((run.done / run.total) * 100) : null}
            label="Progress of the run"
          />
          <p role="status" className="text-xs text-ink-muted tabular-nums">
            {run.total > 0 ? `${number(run.done)} of ${number(run.total)} answers` : "Waiting for a worker"}
          </p>
        </div>
      )}
      {run.status === "failed" && (
        <Notice kind="danger" title="The run did not end">
          {run.errorMessage}
        </Notice>
      )}
      {run.summary && run.done > 0 && <Figures summary={run.summary} repeats={run.repeats} />}
      {listed.answered > 0 && <ResultList {...listed} {...shown} isRepeated={run.repeats > 1} />}
    </div>
  );
}

function Figures({ summary, repeats }: { summary: Summary; repeats: number }) {
  const ofRepeats = repeats === 2 ? "in both repeats" : `in all ${repeats} repeats`;
  const figures: [string, string, string][] = [
    ["Passed", percent(summary.passAll), repeats > 1 ? ofRepeats : `of ${plural(summary.questions, "question")}`],
    ...(repeats > 1
      ? [["Passed once", percent(summary.passAny), "in one repeat at least"] as [string, string, string]]
      : []),
    ["Recall", percent(summary.recall), "expected pages among ten passages"],
    ["MRR", summary.mrr?.toFixed(2) ?? "–", "1 ÷ rank of the first"],
    ["Grounded", percent(summary.grounded), "every citation and claim holds"],
    ["Refused rightly", percent(summary.refusedRightly), "of those that must be"],
    ["Refused wrongly", percent(summary.refusedWrongly), "of all others"],
    ["Whole answer", time(summary.totalP50Ms), `median; 95% within ${time(summary.totalP95Ms)}`],
    ["Cost", dollars(summary.costMicroUsd), plural(summary.answers, "answer")],
  ];
  return (
    <dl
      aria-label="Figures of the run"
      // Eight, or nine: rows without a gap.
      className={cn(
        "grid grid-cols-2 overflow-hidden rounded-lg border border-line",
        figures.length % 3 === 0 ? "sm:grid-cols-3" : "sm:grid-cols-4",
      )}
    >
      {figures.map(([label, value, note]) => (
        <div
          key={label}
          className="-mr-px -mb-px grid content-start gap-0.5 border-r border-b border-line p-3 max-sm:last:odd:col-span-2"
        >
          <dt className="text-xs text-ink-muted">{label}</dt>
          <dd className="text-lg font-semibold tabular-nums">{value}</dd>
          <dd className="text-xs text-ink-subtle">{note}</dd>
        </div>
      ))}
    </dl>
  );
}
