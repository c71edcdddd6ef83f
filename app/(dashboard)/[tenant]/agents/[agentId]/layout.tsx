import Link from "next/link";
import { AgentMark } from "@/components/agent-mark";
import { SkipLink } from "@/components/ui/skip-link";
import { env } from "@/lib/core/env";
import { countWaiting } from "@/lib/engagement";
import { requireAgent } from "../../data";
import { AgentTabs } from "./agent-tabs.client";

export async function generateMetadata({ params }: LayoutProps<"/[tenant]/agents/[agentId]">) {
  const { agent } = await requireAgent(params);
  return { title: { default: agent.name, template: `%s · ${agent.name} · AlonChat` } };
}

export default async function AgentLayout({ params, children }: LayoutProps<"/[tenant]/agents/[agentId]">) {
  const { member, tenant, agent } = await requireAgent(params);
  const waiting = await countWaiting(member.db, { tenantId: member.tenantId, agentId: agent.id });
  return (
    <>
      <SkipLink to="agent-page">Skip the agent’s tabs</SkipLink>
      <div className="z-20 border-b border-line bg-surface md:sticky md:top-0">
        <div className="page pt-3.5">
          <div className="flex min-w-0 items-center gap-2.5">
            <AgentMark color={agent.accentColor} />
            <Link
              href={`/${tenant}/agents/${agent.id}`}
              className="min-w-0 truncate rounded-md text-base font-semibold"
              title={agent.name}
              dir="auto"
            >
              {agent.name}
            </Link>
          </div>
          <AgentTabs base={`/${tenant}/agents/${agent.id}`} playground={env().ENABLE_PLAYGROUND} waiting={waiting} />
        </div>
      </div>
      <span id="agent-page" tabIndex={-1} className="outline-none" />
      {children}
    </>
  );
}
