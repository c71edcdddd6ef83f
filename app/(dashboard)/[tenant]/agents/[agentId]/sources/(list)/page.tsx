import { HoverLink } from "@/components/hover-link";
import { PageHeader } from "@/components/page-header";
import { SourceKindIcon, sourceKindLabel } from "@/components/source-kind";
import { SourceBadge } from "@/components/status";
import { Empty } from "@/components/ui/empty";
import { compactNumber, number, plural } from "@/components/ui/number";
import { Table, Td, Th, Thead, Tr } from "@/components/ui/table";
import { RelativeTime } from "@/components/ui/time";
import { sourceTotals } from "@/lib/agents";
import { isBeingRead, type Source, type SourceTotals } from "@/lib/agents/schema";
import { isCrawled } from "@/lib/crawl/schema";
import { roleAtLeast } from "@/lib/tenancy";
import { requireAgent, sourcesOf } from "../../../../data";
import { LiveRefresh } from "../../../../live.client";
import { AddSource } from "../add-source.client";
import { SourceActions } from "../source-actions.client";

export const metadata = { title: "Sources" };

export default async function SourcesPage({ params, searchParams }: PageProps<"/[tenant]/agents/[agentId]/sources">) {
  const { member, tenant, agent } = await requireAgent(params);
  const [sources, totalsOf] = await Promise.all([
    sourcesOf(member.tenantId, agent.id),
    sourceTotals(member.db, { tenantId: member.tenantId, agentId: agent.id }),
  ]);
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
          Add the address of a website or help centre. Its public pages are read, and read again as often as you like.
        </Empty>
      ) : (
        <Table label="Sources" className="table-fixed">
          <Thead>
            <Th>Source</Th>
            <Th className="w-28">Status</Th>
            <Th className="w-44 max-md:hidden">Pages</Th>
            <Th className="w-28 text-right max-lg:hidden">Size</Th>
            <Th className="w-36 max-lg:hidden">Last read</Th>
            <Th className="w-32 max-xl:hidden">Next time</Th>
            <Th className="w-12" quiet>
              Actions
            </Th>
          </Thead>
          <tbody>
            {sources.map((source) => {
              const totals = totalsOf(source.id);
              return (
                <Tr key={source.id} className="relative">
                  <Td>
                    <HoverLink
                      href={`${base}/${source.id}`}
                      data-row
                      className="flex min-w-0 items-center gap-2.5 rounded-md after:absolute after:inset-0"
                    >
                      <SourceKindIcon kind={source.kind} />
                      <span className="grid min-w-0">
                        <bdi className="truncate font-medium">{source.name}</bdi>
                        <span className={`truncate text-xs ${source.errorMessage ? "text-danger" : "text-ink-muted"}`}>
                          {source.errorMessage ?? source.url ?? sourceKindLabel(source.kind)}
                        </span>
                      </span>
                    </HoverLink>
                  </Td>
                  <Td>
                    <SourceBadge source={source} />
                  </Td>
                  <Td className="text-ink-muted max-md:hidden">
                    <PageCounts totals={totals} />
                  </Td>
                  <Td className="text-right whitespace-nowrap text-ink-muted max-lg:hidden">
                    {totals.words > 0 ? `${compactNumber(totals.words)} words` : "–"}
                  </Td>
                  <Td className="truncate text-ink-muted max-lg:hidden">
                    <LastRead source={source} />
                  </Td>
                  <Td className="truncate text-ink-muted max-xl:hidden">
                    <NextTime source={source} />
                  </Td>
                  <Td className="relative px-1.5">
                    <SourceActions tenant={tenant} source={source} base={`${base}/${source.id}`} mayEdit={mayEdit} />
                  </Td>
                </Tr>
              );
            })}
          </tbody>
        </Table>
      )}
    </div>
  );
}

const PageCounts = ({ totals }: { totals: SourceTotals }) => (
  <span className="grid">
    <span className="text-ink">{number(totals.live)} in use</span>
    <span className="truncate text-xs">
      {totals.failed > 0 && <span className="text-danger">{number(totals.failed)} failed</span>}
      {totals.failed > 0 && totals.excluded > 0 && ", "}
      {totals.excluded > 0 && `${number(totals.excluded)} excluded`}
    </span>
  </span>
);

const NextTime = ({ source }: { source: Source }) => {
  if (source.nextRunAt) return <RelativeTime at={source.nextRunAt} className="relative" />;
  return isCrawled(source.kind) ? "When asked" : "–";
};

const LastRead = ({ source: { run, kind } }: { source: Source }) => {
  if (!isCrawled(kind)) return "–";
  if (run?.finishedAt) return <RelativeTime at={run.finishedAt} className="relative" />;
  return run?.startedAt ? `${plural(run.fetched, "page")} so far` : "Not yet";
};
