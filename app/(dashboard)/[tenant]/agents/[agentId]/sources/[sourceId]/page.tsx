import { Pagination } from "@/components/pagination";
import { SearchBox } from "@/components/search-box";
import { Empty } from "@/components/ui/empty";
import { listPages } from "@/lib/agents";
import { isBeingRead, PAGE_SIZE, PageQuery } from "@/lib/agents/schema";
import { isCrawled } from "@/lib/crawl/schema";
import { roleAtLeast } from "@/lib/tenancy";
import { requireSource } from "../../../../data";
import { CrawlProgress } from "../../crawl-progress.client";
import { listHref, PageTable, StatusTabs } from "./page-table";
import { RetryAllFailed } from "./retry.client";
import { SourceHead } from "./source-head";

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
  const isWeb = isCrawled(source.kind);
  const list = await listPages(member.db, {
    tenantId: member.tenantId,
    sourceId: source.id,
    by: isWeb ? "url" : "title",
    ...query,
  });
  const mayEdit = roleAtLeast(member.role, "admin");
  const sources = `/${tenant}/agents/${agent.id}/sources`;
  const base = `${sources}/${source.id}`;
  const mayRetry = mayEdit && isWeb;

  return (
    <div className="page grid gap-5 py-5">
      <SourceHead tenant={tenant} source={source} mayEdit={mayEdit} list={sources} view="pages" />
      {isWeb && <CrawlProgress tenant={tenant} source={source} mayEdit={mayEdit} />}
      <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <StatusTabs base={base} query={query} counts={list.counts} />
          <SearchBox
            label={isWeb ? "Search pages" : "Search names"}
            placeholder={isWeb ? "Search titles and addresses" : "Search names"}
          />
        </div>
        {query.status === "failed" && mayRetry && list.counts.failed > 0 && !query.q && (
          <div>
            <RetryAllFailed tenant={tenant} sourceId={source.id} failed={list.counts.failed} size="sm" />
          </div>
        )}
        {list.rows.length === 0 ? (
          <NoPages query={query} isBeingRead={isBeingRead(source)} />
        ) : (
          <>
            <PageTable
              base={base}
              isWeb={isWeb}
              rows={list.rows}
              retry={mayRetry && query.status === "failed" ? { tenant, sourceId: source.id } : null}
            />
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

const NoPages = ({ query, isBeingRead }: { query: PageQuery; isBeingRead: boolean }) => (
  <Empty title={query.q ? "No page has that in its title or address" : "No pages here"} className="py-10">
    {query.q
      ? "Look for a part of either, or choose another status."
      : isBeingRead
        ? "They appear as they are found."
        : "Choose another status, or refresh the source."}
  </Empty>
);
