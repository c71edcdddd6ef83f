import { notFound } from "next/navigation";
import { platform } from "@/app/_server/platform";
import { knownLanguages, listVersions } from "@/lib/agents";
import { env } from "@/lib/core/env";
import { modelKey } from "@/lib/llm";
import { roleAtLeast } from "@/lib/tenancy";
import { requireAgent, sourcesOf } from "../../../data";
import { Playground } from "./playground.client";

export const metadata = { title: "Playground" };

export default async function PlaygroundPage({
  params,
  searchParams,
}: PageProps<"/[tenant]/agents/[agentId]/playground">) {
  const { member, tenant, agent } = await requireAgent(params);
  if (!env().ENABLE_PLAYGROUND) notFound();
  const sources = await sourcesOf(member.tenantId, agent.id);
  const { ask, version } = await searchParams;
  const ref = { tenantId: member.tenantId, agentId: agent.id };
  const [{ published, draft, retired }, languages] = await Promise.all([
    listVersions(member.db, ref),
    knownLanguages(member.db, ref),
  ]);
  const versions = [...(draft ? [draft] : []), published, ...retired];
  const models = platform().gateway.chatModels.map(modelKey);
  const pages = sources.reduce((sum, { livePages }) => sum + livePages, 0);
  return (
    <Playground
      agent={agent}
      versions={versions.map(({ id, number, state }) => ({ id, number, state }))}
      models={models}
      version={versions.find(({ id }) => id === version)?.id ?? published.id}
      places={{
        sources: sources.flatMap(({ id, name, livePages }) => (livePages > 0 ? [{ id, name }] : [])),
        languages,
      }}
      ask={typeof ask === "string" ? ask : null}
      pages={pages}
      sourcesHref={`/${tenant}/agents/${agent.id}/sources`}
      corrector={roleAtLeast(member.role, "operator") ? tenant : null}
    />
  );
}
