import { ChevronLeft } from "lucide-react";
import Link from "next/link";
import { SearchBox } from "@/components/search-box";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { findPage, listPages } from "@/lib/agents";
import { PAGE_SIZE, PageQuery } from "@/lib/agents/schema";
import { roleAtLeast } from "@/lib/tenancy";
import { requireSource } from "../../../../data";
import { LiveRefresh } from "../../../../live.client";
import { CrawlProgress, SourceLink } from "../../crawl-progress.client";
import { PageSheet } from "./page-sheet.client";
import { PageTable, Pagination, StatusTabs } from "./page-table";
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
  const [list, linked] = await Promise.all([
    listPages(member.db, { ...where, ...query }),
    typeof raw.view === "string" ? findPage(member.db, { ...where, pageId: raw.view }) : null,
  ]);
  const mayEdit = roleAtLeast(member.role, "admin");
  const back = `/${tenant}/agents/${agent.id}/sources`;
  const base = `${back}/${source.id}`;
  const pages = Math.max(1, Math.ceil(list.total / PAGE_SIZE));
  const active = source.status === "crawling" || source.status === "pending";

  return (
    <div className="page grid gap-5 py-5">
      <LiveRefresh active={active} sourceId={source.id} />
      <div className="flex items-start gap-2">
        <Button asChild variant="ghost" size="icon" className="-ml-2">
          <Link href={back} aria-label="Back to sources">
            <ChevronLeft />
          </Link>
        </Button>
        <div className="grid min-w-0 flex-1">
          <h1 className="truncate text-lg font-semibold tracking-[-0.01em]">
            <bdi>{source.name}</bdi>
          </h1>
          {source.url && <SourceLink url={source.url} />}
        </div>
        <SourceMenu tenant={tenant} source={source} mayEdit={mayEdit} back={back} />
      </div>
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
            <PageTable base={base} query={query} rows={list.rows} />
            <Pagination base={base} query={query} pages={pages} total={list.total} />
          </>
        )}
      </div>
      <PageSheet rows={list.rows} linked={linked} />
    </div>
  );
}
