import { BackHeader, OutsideLink } from "@/components/back-header";
import { Pagination } from "@/components/pagination";
import { SearchBox } from "@/components/search-box";
import { Empty } from "@/components/ui/empty";
import { listPages } from "@/lib/agents";
import { isBeingRead, PAGE_SIZE, PageQuery } from "@/lib/agents/schema";
import { roleAtLeast } from "@/lib/tenancy";
import { requireSource } from "../../../../data";
import { LiveRefresh } from "../../../../live.client";
import { CrawlProgress } from "../../crawl-progress.client";
import { listHref, PageTable, StatusTabs } from "./page-table";
import { SourceMenu } from "./source-menu.client";

export async function generateMetadata({ params }: PageProps<"/[tenant]/agents/[agentId]/sources/[sourceId]">) {
  const { source } = await requireSource(params);
  return { title: source.name };
}

/** One source: its crawl, and every page with its status and, where it did not end well, the reason. */
export default async function SourcePage({
  params,
  searchParams,
}: PageProps<"/[tenant]/agents/[agentId]/sources/[sourceId]">) {
  const { member, tenant, agent, source } = await requireSource(params);
  const raw = await searchParams;
  const query = PageQuery.parse({ status: raw.status, q: raw.q, page: raw.page });
  const where = { tenantId: member.tenantId, sourceId: source.id };
  const list = await listPages(member.db, { ...where, ...query });
  const mayEdit = roleAtLeast(member.role, "admin");
  const back = `/${tenant}/agents/${agent.id}/sources`;
  const base = `${back}/${source.id}`;
  const active = isBeingRead(source);

  return (
    <div className="page grid gap-5 py-5">
      <LiveRefresh active={active} sourceId={source.id} />
      <BackHeader
        back={back}
        backLabel="Back to sources"
        title={source.name}
        action={<SourceMenu tenant={tenant} source={source} mayEdit={mayEdit} back={back} />}
      >
        {source.url && <OutsideLink url={source.url} />}
      </BackHeader>
      <CrawlProgress tenant={tenant} source={source} mayEdit={mayEdit} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <StatusTabs base={base} query={query} counts={list.counts} />
          <SearchBox label="Search pages" placeholder="Search titles and addresses" />
        </div>
        {list.rows.length === 0 ? (
          <Empty title={query.q ? "No page has that in its title or address" : "No pages here"} className="py-10">
            {query.q
              ? "Look for a part of either, or choose another status."
              : active
                ? "They appear as they are found."
                : "Choose another status, or refresh the source."}
          </Empty>
        ) : (
          <>
            <PageTable base={base} rows={list.rows} />
            <Pagination
              label="Pages of the list"
              page={query.page}
              size={PAGE_SIZE}
              total={list.total}
              href={(page) => listHref(base, { ...query, page })}
            />
          </>
        )}
      </div>
    </div>
  );
}
