import { platform } from "@/app/_server/platform";
import { PageHeader } from "@/components/page-header";
import { getEngagement } from "@/lib/engagement";
import { roleAtLeast } from "@/lib/tenancy";
import { requireAgent } from "../../../data";
import { EngagementForm } from "./engagement-form.client";

export const metadata = { title: "Engagement" };

export default async function EngagementPage({ params }: PageProps<"/[tenant]/agents/[agentId]/engagement">) {
  const { member, tenant, agent } = await requireAgent(params);
  const settings = await getEngagement(member.db, { tenantId: member.tenantId, agentId: agent.id });
  const mayEdit = roleAtLeast(member.role, "admin");
  const { cipher, storage } = platform();
  return (
    <div className="page grid gap-6 py-6">
      <PageHeader title="Engagement">
        {mayEdit
          ? "What the chat does beside answers. Changes reach visitors within five minutes."
          : `You may look but not change: your role is ${member.role}.`}
      </PageHeader>
      <EngagementForm
        tenant={tenant}
        agentId={agent.id}
        settings={settings}
        mayEdit={mayEdit}
        canSeal={cipher !== null}
        canStore={storage !== null}
      />
    </div>
  );
}
