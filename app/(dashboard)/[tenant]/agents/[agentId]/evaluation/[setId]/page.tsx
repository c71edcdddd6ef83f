import { supabase } from "@/app/_server/supabase";
import { BackHeader } from "@/components/back-header";
import { plural } from "@/components/ui/number";
import { listVersions } from "@/lib/agents";
import { getSet, listQuestions, listRuns } from "@/lib/evaluation";
import { isOpen } from "@/lib/evaluation/schema";
import { roleAtLeast } from "@/lib/tenancy";
import { missingIsNotFound, requireAgent } from "../../../../data";
import { AddQuestions } from "./add-questions.client";
import { HistoryCharts } from "./history-chart";
import { QuestionList } from "./question-list.client";
import { RunList } from "./run-list.client";
import { SetMenu } from "./set-menu.client";
import { StartRun } from "./start-run.client";

export const metadata = { title: "Test set" };

export default async function SetPage({ params }: PageProps<"/[tenant]/agents/[agentId]/evaluation/[setId]">) {
  const { member, tenant, agent } = await requireAgent(params);
  const { setId } = await params;
  const db = await supabase();
  const ref = { tenantId: member.tenantId, agentId: agent.id, setId };
  const set = await getSet(db, ref).catch(missingIsNotFound);
  const [questions, runs, versions] = await Promise.all([
    listQuestions(db, ref),
    listRuns(db, ref),
    listVersions(db, ref),
  ]);
  const { published, draft, retired } = versions;
  const base = `/${tenant}/agents/${agent.id}/evaluation`;
  const mayEdit = roleAtLeast(member.role, "admin");
  return (
    <div className="page grid gap-6 py-6">
      <BackHeader
        back={base}
        backLabel="All test sets"
        title={set.name}
        action={
          mayEdit && (
            <>
              <StartRun
                tenant={tenant}
                setId={setId}
                base={`${base}/${setId}`}
                questionCount={questions.length}
                isRunning={runs.some(({ status }) => isOpen(status))}
                versions={[...(draft ? [draft] : []), published, ...retired].map(({ id, number, state }) => ({
                  id,
                  number,
                  state,
                }))}
              />
              <SetMenu tenant={tenant} set={set} base={base} />
            </>
          )
        }
      >
        <p className="text-sm text-ink-muted">
          {plural(questions.length, "question")}
          {set.minPassRate !== null && ` · at least ${Math.round(set.minPassRate * 100)}% must pass before publishing`}
        </p>
      </BackHeader>
      {runs.length > 0 && (
        <section aria-labelledby="runs" className="grid gap-3">
          <h2 id="runs" className="font-semibold">
            Runs
          </h2>
          <HistoryCharts runs={runs} minPassRate={set.minPassRate} />
          <RunList runs={runs} base={`${base}/${setId}`} />
        </section>
      )}
      <section aria-labelledby="questions" className="grid gap-3">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <h2 id="questions" className="font-semibold">
            Questions
          </h2>
          {mayEdit && <AddQuestions tenant={tenant} agentId={agent.id} setId={setId} />}
        </div>
        <QuestionList tenant={tenant} questions={questions} mayEdit={mayEdit} />
      </section>
    </div>
  );
}
