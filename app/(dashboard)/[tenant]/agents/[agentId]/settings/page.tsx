import { platform } from "@/app/_server/platform";
import { supabase } from "@/app/_server/supabase";
import { PageHeader } from "@/components/page-header";
import { embeddingKey, getIndexes } from "@/lib/knowledge";
import { roleAtLeast } from "@/lib/tenancy";
import { requireAgent, sourcesOf } from "../../../data";
import { DangerZone } from "./danger-zone.client";
import { ModelSection } from "./model-section.client";
import { SettingsForm } from "./settings-form.client";

export const metadata = { title: "Settings" };

export default async function SettingsPage({ params }: PageProps<"/[tenant]/agents/[agentId]/settings">) {
  const { member, tenant, agent } = await requireAgent(params);
  const [sources, indexes] = await Promise.all([
    sourcesOf(member.tenantId, agent.id),
    getIndexes(await supabase(), { tenantId: member.tenantId, agentId: agent.id }),
  ]);
  const choices = platform().gateway.embeddingModels.map((info) => ({
    model: embeddingKey(info),
    dimensions: info.dimensions,
    microUsdPerMillionTokens: info.microUsdPerMillionTokens,
  }));
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
      <ModelSection tenant={tenant} agentId={agent.id} indexes={indexes} choices={choices} mayEdit={mayEdit} />
      {mayEdit && <DangerZone tenant={tenant} agentId={agent.id} name={agent.name} pages={pages} />}
    </div>
  );
}
