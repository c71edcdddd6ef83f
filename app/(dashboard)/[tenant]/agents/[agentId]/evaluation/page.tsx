import Link from "next/link";
import { supabase } from "@/app/_server/supabase";
import { percent } from "@/components/figures";
import { PageHeader } from "@/components/page-header";
import { Empty } from "@/components/ui/empty";
import { Notice } from "@/components/ui/notice";
import { number } from "@/components/ui/number";
import { Table, Td, Th, Thead, Tr } from "@/components/ui/table";
import { RelativeTime } from "@/components/ui/time";
import { listVersions } from "@/lib/agents";
import { gateFor, listSets } from "@/lib/evaluation";
import { passedOf } from "@/lib/evaluation/schema";
import { roleAtLeast } from "@/lib/tenancy";
import { requireAgent } from "../../../data";
import { NewSet } from "./new-set.client";
import { RunBadge } from "./run-badge";

export const metadata = { title: "Evaluation" };

export default async function EvaluationPage({ params }: PageProps<"/[tenant]/agents/[agentId]/evaluation">) {
  const { member, tenant, agent } = await requireAgent(params);
  const db = await supabase();
  const ref = { tenantId: member.tenantId, agentId: agent.id };
  const [sets, { published, draft }] = await Promise.all([listSets(db, ref), listVersions(db, ref)]);
  const gate = await gateFor(db, { ...ref, version: draft ?? published });
  const base = `/${tenant}/agents/${agent.id}/evaluation`;
  const mayEdit = roleAtLeast(member.role, "admin");
  const create = mayEdit && <NewSet tenant={tenant} agentId={agent.id} base={base} />;
  return (
    <div className="page grid gap-5 py-6">
      <PageHeader title="Evaluation" action={sets.length > 0 && create}>
        Questions with the answers you expect. Run them before you change the agent, and after.
      </PageHeader>
      {(gate.state === "failed" || gate.state === "untested") && (
        <Notice
          kind={gate.state === "failed" ? "danger" : "warning"}
          title={
            gate.state === "failed"
              ? `${draft ? "The draft" : "The agent"} does not reach its minimum pass rate`
              : `${draft ? "The draft" : "The agent as it is now"} has not been tested`
          }
        >
          {gate.message}
        </Notice>
      )}
      {sets.length === 0 ? (
        <Empty title="No test set yet" action={create}>
          A test set asks your agent the questions that matter, and says which answers are right, cited and honest about
          what it does not know.
        </Empty>
      ) : (
        <Table label="Test sets">
          <Thead>
            <Th>Set</Th>
            <Th className="text-right">Questions</Th>
            <Th className="text-right">Passed</Th>
            <Th className="text-right">Minimum</Th>
            <Th>Last run</Th>
          </Thead>
          <tbody>
            {sets.map((set) => (
              <Tr key={set.id}>
                <Td className="max-w-80 min-w-40">
                  <Link
                    href={`${base}/${set.id}`}
                    className="block truncate font-medium hover:underline"
                    title={set.name}
                  >
                    <bdi>{set.name}</bdi>
                  </Link>
                </Td>
                <Td className="text-right tabular-nums">{number(set.questionCount)}</Td>
                <Td className="text-right tabular-nums">{percent(set.lastRun && passedOf(set.lastRun))}</Td>
                <Td className="text-right tabular-nums">{percent(set.minPassRate)}</Td>
                <Td className="whitespace-nowrap">
                  {set.lastRun ? (
                    <span className="flex items-center gap-2">
                      <RunBadge status={set.lastRun.status} />
                      <RelativeTime at={set.lastRun.createdAt} className="text-xs text-ink-muted" />
                    </span>
                  ) : (
                    <span className="text-ink-subtle">Never</span>
                  )}
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
    </div>
  );
}
