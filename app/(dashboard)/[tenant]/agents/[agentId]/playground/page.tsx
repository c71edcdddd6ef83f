import { notFound } from "next/navigation";
import { env } from "@/lib/core/env";
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
  const { ask } = await searchParams;
  const pages = sources.reduce((sum, { livePages }) => sum + livePages, 0);
  return (
    <Playground
      agent={agent}
      ask={typeof ask === "string" ? ask : null}
      pages={pages}
      sourcesHref={`/${tenant}/agents/${agent.id}/sources`}
      corrector={roleAtLeast(member.role, "operator") ? tenant : null}
    />
  );
}
