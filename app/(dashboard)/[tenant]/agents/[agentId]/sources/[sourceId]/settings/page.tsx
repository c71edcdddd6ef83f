import { notFound } from "next/navigation";
import { isCrawled } from "@/lib/crawl/schema";
import { roleAtLeast } from "@/lib/tenancy";
import { requireSource } from "../../../../../data";
import { SourceHead } from "../source-head";
import { SourceSettingsForm } from "./source-settings-form.client";

export const metadata = { title: "Source settings" };

/** How a source is crawled: when, how much of it, and which of its pages. */
export default async function SourceSettingsPage({
  params,
}: PageProps<"/[tenant]/agents/[agentId]/sources/[sourceId]/settings">) {
  const { member, tenant, agent, source } = await requireSource(params);
  if (!isCrawled(source.kind)) notFound();
  const mayEdit = roleAtLeast(member.role, "admin");
  return (
    <div className="page grid gap-5 py-5">
      <SourceHead
        tenant={tenant}
        source={source}
        mayEdit={mayEdit}
        list={`/${tenant}/agents/${agent.id}/sources`}
        view="settings"
      />
      {!mayEdit && <p className="text-ink-muted">You may look but not change: your role is {member.role}.</p>}
      <SourceSettingsForm tenant={tenant} source={source} mayEdit={mayEdit} />
    </div>
  );
}
