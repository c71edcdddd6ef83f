import { Plus } from "lucide-react";
import Link from "next/link";
import { requireMember } from "@/app/_server/session";
import { AgentMark } from "@/components/agent-mark";
import { HoverLink } from "@/components/hover-link";
import { PageHeader } from "@/components/page-header";
import { SearchBox } from "@/components/search-box";
import { SourceStatusBadge, worstStatus } from "@/components/status";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { number } from "@/components/ui/number";
import { Table, Td, Th, Thead, Tr } from "@/components/ui/table";
import { RelativeTime } from "@/components/ui/time";
import { isBeingRead } from "@/lib/agents/schema";
import { roleAtLeast } from "@/lib/tenancy";
import { AgentActions } from "../agent-actions.client";
import { agentsOf } from "../data";
import { LiveRefresh } from "../live.client";

export const metadata = { title: "Agents" };

/** Searching starts to help at about this many. */
const SEARCH_FROM = 9;

export default async function AgentsPage({ params, searchParams }: PageProps<"/[tenant]">) {
  const { tenant, tenantId, role } = await requireMember((await params).tenant);
  const all = await agentsOf(tenantId);
  const { q } = await searchParams;
  const query = typeof q === "string" ? q.trim().toLowerCase() : "";
  const agents = all.filter(({ name }) => name.toLowerCase().includes(query));
  const base = `/${tenant.slug}`;
  const mayEdit = roleAtLeast(role, "admin");

  return (
    <div className="page grid gap-5 py-6">
      <LiveRefresh active={all.some(({ sources }) => sources.some(isBeingRead))} />
      <PageHeader
        title="Agents"
        action={
          mayEdit &&
          all.length > 0 && (
            <Button asChild variant="primary">
              <Link href={`${base}/agents/new`}>
                <Plus />
                New agent
              </Link>
            </Button>
          )
        }
      >
        Each agent answers visitors of one website from what it has read there.
      </PageHeader>

      {all.length === 0 ? (
        <Empty
          picture={<EmptyPicture />}
          title="No agents yet"
          action={
            mayEdit && (
              <Button asChild variant="primary">
                <Link href={`${base}/agents/new`}>
                  <Plus />
                  Create your first agent
                </Link>
              </Button>
            )
          }
        >
          {mayEdit
            ? "Give the address of your website. The agent reads it, and answers your visitors with a link to the page each answer came from."
            : "An admin of this workspace can create one."}
        </Empty>
      ) : (
        <div className="grid gap-3">
          {(all.length >= SEARCH_FROM || query) && <SearchBox label="Search agents" placeholder="Search agents" />}
          {agents.length === 0 ? (
            <Empty title="No agent has that name" className="py-10">
              Look for a part of the name, or clear the search.
            </Empty>
          ) : (
            <Table label="Agents" className="table-fixed sm:table-auto">
              <Thead>
                <Th>Name</Th>
                <Th className="max-md:hidden">Website</Th>
                <Th className="text-right max-sm:hidden">Pages</Th>
                <Th className="w-28">Status</Th>
                <Th className="max-lg:hidden">Changed</Th>
                <Th className="w-11" quiet>
                  Actions
                </Th>
              </Thead>
              <tbody>
                {agents.map((agent) => {
                  const status = worstStatus(agent.sources.map((source) => source.status));
                  const hosts = [...new Set(agent.sources.flatMap(({ url }) => (url ? new URL(url).host : [])))];
                  return (
                    <Tr key={agent.id} className="relative">
                      <Td className="sm:w-1/2 sm:max-w-0">
                        <HoverLink
                          href={`${base}/agents/${agent.id}`}
                          data-row
                          className="flex min-w-0 items-center gap-2.5 rounded-md font-medium after:absolute after:inset-0"
                        >
                          <AgentMark color={agent.accentColor} />
                          <bdi className="truncate" title={agent.name}>
                            {agent.name}
                          </bdi>
                        </HoverLink>
                      </Td>
                      <Td className="max-w-60 truncate text-ink-muted max-md:hidden">
                        {hosts[0] ?? "None"}
                        {hosts.length > 1 && ` and ${hosts.length - 1} more`}
                      </Td>
                      <Td className="text-right max-sm:hidden">{number(agent.pages)}</Td>
                      <Td>
                        {status ? (
                          <SourceStatusBadge status={status} />
                        ) : (
                          <span className="text-ink-subtle">No sources</span>
                        )}
                      </Td>
                      <Td className="whitespace-nowrap text-ink-muted max-lg:hidden">
                        <RelativeTime at={agent.updatedAt} className="relative" />
                      </Td>
                      <Td className="relative px-1.5">
                        <AgentActions
                          tenant={tenant.slug}
                          agentId={agent.id}
                          name={agent.name}
                          pages={agent.pages}
                          mayEdit={mayEdit}
                        />
                      </Td>
                    </Tr>
                  );
                })}
              </tbody>
            </Table>
          )}
        </div>
      )}
    </div>
  );
}

const EmptyPicture = () => (
  <svg
    viewBox="0 0 160 88"
    className="w-40 text-line-strong"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.5"
    aria-hidden="true"
  >
    <rect x="4" y="8" width="96" height="72" rx="6" className="fill-surface" />
    <path d="M4 22h96" />
    <circle cx="12" cy="15" r="1.5" fill="currentColor" />
    <circle cx="18" cy="15" r="1.5" fill="currentColor" />
    <path d="M16 36h40M16 46h64M16 56h52M16 66h30" strokeLinecap="round" />
    <path
      d="M92 34h52a8 8 0 0 1 8 8v22a8 8 0 0 1-8 8h-34l-12 9v-9h-6a8 8 0 0 1-8-8V42a8 8 0 0 1 8-8Z"
      className="fill-surface stroke-accent-ink"
    />
    <path d="M96 48h40M96 58h24" className="stroke-accent-ink" strokeLinecap="round" />
  </svg>
);
