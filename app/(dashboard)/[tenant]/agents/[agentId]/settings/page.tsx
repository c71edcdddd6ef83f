import { PageHeader } from "@/components/page-header";
import { roleAtLeast } from "@/lib/tenancy";
import { requireAgent, sourcesOf } from "../../../data";
import { DangerZone } from "./danger-zone.client";
import { SettingsForm } from "./settings-form.client";

export const metadata = { title: "Settings" };

export default async function SettingsPage({ params }: PageProps<"/[tenant]/agents/[agentId]/settings">) {
  const { member, tenant, agent } = await requireAgent(params);
  const sources = await sourcesOf(member.tenantId, agent.id);
  const mayEdit = roleAtLeast(member.role, "admin");
  const pages = sources.reduce((sum, { livePages }) => sum + livePages, 0);
  return (
    <div className="page grid gap-6 py-6">
      <PageHeader title="Settings">
        {mayEdit
          ? "What the agent says, how it looks, and when it would rather not answer."
          : `You may look but not change: your role is ${member.role}.`}
      </PageHeader>
      <SettingsForm tenant={tenant} agent={agent} mayEdit={mayEdit} />
      {mayEdit && <DangerZone tenant={tenant} agentId={agent.id} name={agent.name} pages={pages} />}
    </div>
  );
}
