import { PageHeader } from "@/components/page-header";
import { listVersions } from "@/lib/agents";
import { getWidgetSettings } from "@/lib/embed";
import { roleAtLeast } from "@/lib/tenancy";
import { requireAgent } from "../../../data";
import { AppearanceForm } from "./appearance-form.client";

export const metadata = { title: "Appearance" };

export default async function AppearancePage({ params }: PageProps<"/[tenant]/agents/[agentId]/appearance">) {
  const { member, tenant, agent } = await requireAgent(params);
  const ref = { tenantId: member.tenantId, agentId: agent.id };
  const [settings, { published }] = await Promise.all([
    getWidgetSettings(member.db, ref),
    listVersions(member.db, ref),
  ]);
  const mayEdit = roleAtLeast(member.role, "admin");
  return (
    <div className="page grid gap-6 py-6">
      <PageHeader title="Appearance">
        {mayEdit
          ? "How the chat looks on your pages. Changes reach visitors within five minutes."
          : `You may look but not change: your role is ${member.role}.`}
      </PageHeader>
      <AppearanceForm
        tenant={tenant}
        agent={agent}
        settings={settings}
        welcome={published.settings.welcomeMessage}
        questions={published.settings.suggestedQuestions}
        mayEdit={mayEdit}
      />
    </div>
  );
}
