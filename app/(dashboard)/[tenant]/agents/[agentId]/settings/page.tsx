import { platform } from "@/app/_server/platform";
import { supabase } from "@/app/_server/supabase";
import { PageHeader } from "@/components/page-header";
import { listVersions } from "@/lib/agents";
import { changedSettings } from "@/lib/agents/schema";
import { env } from "@/lib/core/env";
import { gateFor } from "@/lib/evaluation";
import { embeddingKey, getIndexes } from "@/lib/knowledge";
import { modelKey } from "@/lib/llm";
import { roleAtLeast } from "@/lib/tenancy";
import { requireAgent, sourcesOf } from "../../../data";
import { DangerZone } from "./danger-zone.client";
import { ModelSection } from "./model-section.client";
import { SettingsForm } from "./settings-form.client";
import { VersionBar } from "./version-bar.client";

export const metadata = { title: "Settings" };

export default async function SettingsPage({ params }: PageProps<"/[tenant]/agents/[agentId]/settings">) {
  const { member, tenant, agent } = await requireAgent(params);
  const db = await supabase();
  const ref = { tenantId: member.tenantId, agentId: agent.id };
  const [sources, indexes, { published, draft }] = await Promise.all([
    sourcesOf(member.tenantId, agent.id),
    getIndexes(db, ref),
    listVersions(db, ref),
  ]);
  const gate = await gateFor(db, { ...ref, version: draft ?? published });
  const { gateway } = platform();
  const models = gateway.chatModels.map((model) => ({
    model: modelKey(model),
    tier: model.tier,
    inputPrice: model.inputMicroUsdPerMillion,
    outputPrice: model.outputMicroUsdPerMillion,
  }));
  const choices = gateway.embeddingModels.map((info) => ({
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
          ? "What the agent says, how it answers, and when it would rather not."
          : `You may look but not change: your role is ${member.role}.`}
      </PageHeader>
      <VersionBar
        tenant={tenant}
        base={`/${tenant}/agents/${agent.id}`}
        agentId={agent.id}
        published={published}
        draft={draft}
        changes={draft ? changedSettings(published.settings, draft.settings).length : 0}
        gate={gate}
        playground={env().ENABLE_PLAYGROUND}
        mayEdit={mayEdit}
      />
      <SettingsForm
        tenant={tenant}
        agent={agent}
        settings={(draft ?? published).settings}
        seen={draft?.updatedAt ?? null}
        models={models}
        mayEdit={mayEdit}
      />
      <ModelSection tenant={tenant} agentId={agent.id} indexes={indexes} choices={choices} mayEdit={mayEdit} />
      {mayEdit && <DangerZone tenant={tenant} agentId={agent.id} name={agent.name} pages={pages} />}
    </div>
  );
}
