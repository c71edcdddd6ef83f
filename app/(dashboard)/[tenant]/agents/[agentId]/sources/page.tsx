import { HoverLink } from "@/components/hover-link";
import { PageHeader } from "@/components/page-header";
import { SourceStatusBadge } from "@/components/status";
import { Empty } from "@/components/ui/empty";
import { number } from "@/components/ui/number";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { RelativeTime } from "@/components/ui/time";
import { isBeingRead } from "@/lib/agents/schema";
import { roleAtLeast } from "@/lib/tenancy";
import { requireAgent, sourcesOf } from "../../../data";
import { LiveRefresh } from "../../../live.client";
import { AddSource } from "./add-source.client";
import { SourceActions } from "./source-actions.client";

export const metadata = { title: "Sources" };

export default async function SourcesPage({ params, searchParams }: PageProps<"/[tenant]/agents/[agentId]/sources">) {
  const { member, tenant, agent } = await requireAgent(params);
  const sources = await sourcesOf(member.tenantId, agent.id);
  const mayEdit = roleAtLeast(member.role, "admin");
  const base = `/${tenant}/agents/${agent.id}/sources`;
  const add = mayEdit && <AddSource tenant={tenant} agentId={agent.id} open={(await searchParams).add === "1"} />;

  return (
    <div className="page grid gap-5 py-6">
      <LiveRefresh active={sources.some(isBeingRead)} />
      <PageHeader title="Sources" action={sources.length > 0 && add}>
        What the agent has read. It answers from nothing else.
      </PageHeader>
      {sources.length === 0 ? (
        <Empty title="No sources yet" action={add}>
          Add the address of a website or help centre. Its public pages are read, and read again when you refresh it.
        </Empty>
      ) : (
        <Table label="Sources" className="table-fixed sm:table-auto">
          <thead>
            <tr>
              <Th>Source</Th>
              <Th className="w-28">Status</Th>
              <Th className="text-right max-sm:hidden">Published</Th>
              <Th className="text-right max-md:hidden">Excluded</Th>
              <Th className="text-right max-md:hidden">Failed</Th>
              <Th className="max-lg:hidden">Last read</Th>
              <Th className="w-11">
                <span className="sr-only">Actions</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {sources.map((source) => (
              <Tr key={source.id} className="relative">
                <Td className="sm:w-1/2 sm:max-w-0">
                  <HoverLink
                    href={`${base}/${source.id}`}
                    data-row
                    className="grid rounded-md after:absolute after:inset-0"
                  >
                    <bdi className="truncate font-medium">{source.name}</bdi>
                    <span className="truncate text-xs text-ink-muted">{source.errorMessage ?? source.url}</span>
                  </HoverLink>
                </Td>
                <Td>
                  <SourceStatusBadge status={source.status} />
                </Td>
                <Td className="text-right max-sm:hidden">{number(source.livePages)}</Td>
                <Td className="text-right max-md:hidden">{number(source.run?.excluded ?? 0)}</Td>
                <Td className={`text-right max-md:hidden ${source.run?.failed ? "text-danger" : ""}`}>
                  {number(source.run?.failed ?? 0)}
                </Td>
                <Td className="whitespace-nowrap text-ink-muted max-lg:hidden">
                  {source.run?.finishedAt ? (
                    <RelativeTime at={source.run.finishedAt} className="relative" />
                  ) : (
                    "Not yet"
                  )}
                </Td>
                <Td className="relative px-1.5">
                  <SourceActions
                    tenant={tenant}
                    sourceId={source.id}
                    name={source.name}
                    url={source.url}
                    pages={source.livePages}
                    active={source.status === "crawling"}
                    mayEdit={mayEdit}
                  />
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
    </div>
  );
}
