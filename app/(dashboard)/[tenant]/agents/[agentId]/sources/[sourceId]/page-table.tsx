import { MonitorPlay } from "lucide-react";
import Link from "next/link";
import { HoverLink } from "@/components/hover-link";
import { PageStatusBadge } from "@/components/status";
import { number } from "@/components/ui/number";
import { pathOf } from "@/components/ui/path";
import { Table, Td, Th, Thead, Tr } from "@/components/ui/table";
import { RelativeTime } from "@/components/ui/time";
import type { Page, PageGroup, PageQuery } from "@/lib/agents/schema";
import { RetryPage } from "./retry.client";

/** The page shows its text only with JavaScript, so a browser of ours has opened it. */
const RenderedMark = () => (
  <MonitorPlay role="img" aria-label="Rendered in a browser" className="size-3.5 shrink-0 text-ink-subtle" />
);

/** The table's state as a link: what is left out is the default. */
export function listHref(base: string, query: Partial<PageQuery>): string {
  const params = new URLSearchParams();
  if (query.status && query.status !== "all") params.set("status", query.status);
  if (query.q) params.set("q", query.q);
  if (query.page && query.page > 1) params.set("page", String(query.page));
  return params.size ? `${base}?${params}` : base;
}

const TABS: { status: PageQuery["status"]; label: string }[] = [
  { status: "all", label: "All" },
  { status: "published", label: "Published" },
  { status: "failed", label: "Failed" },
  { status: "excluded", label: "Excluded" },
  { status: "active", label: "In progress" },
];

export const StatusTabs = ({
  base,
  query,
  counts,
}: {
  base: string;
  query: PageQuery;
  counts: Record<"all" | PageGroup, number>;
}) => (
  <nav aria-label="Status" className="scrollbar-none -mx-1 flex max-w-full gap-0.5 overflow-x-auto px-1 py-0.5">
    {TABS.filter(({ status }) => status !== "active" || counts.active > 0 || query.status === "active").map(
      ({ status, label }) => (
        <Link
          key={status}
          href={listHref(base, { q: query.q, status })}
          replace
          scroll={false}
          aria-current={query.status === status ? "page" : undefined}
          className="flex h-8 items-center gap-1.5 rounded-md px-2.5 text-sm whitespace-nowrap text-ink-muted hover:bg-muted aria-[current=page]:bg-hover aria-[current=page]:font-medium aria-[current=page]:text-ink"
        >
          {label}
          <span className="text-xs font-normal text-ink-muted">{number(counts[status])}</span>
        </Link>
      ),
    )}
  </nav>
);

export const PageTable = ({
  base,
  isWeb,
  rows,
  retry,
}: {
  base: string;
  /** Of a website; else files, texts or questions. */
  isWeb: boolean;
  rows: Page[];
  /** Whose failed pages may be read again one by one; null: nobody's. */
  retry: { tenant: string; sourceId: string } | null;
}) => (
  <Table label="Pages" className="table-fixed">
    <Thead>
      <Th>{isWeb ? "Page" : "Name"}</Th>
      <Th className="w-28">Status</Th>
      <Th className="w-20 text-right max-md:hidden">Words</Th>
      <Th className="w-24 text-right max-md:hidden">Passages</Th>
      <Th className="w-32 max-lg:hidden">{isWeb ? "Fetched" : "Read"}</Th>
      {retry && (
        <Th className="w-24 max-sm:hidden" quiet>
          Actions
        </Th>
      )}
    </Thead>
    <tbody>
      {rows.map((page) => (
        <Tr key={page.id} className="relative">
          <Td>
            <HoverLink
              href={`${base}/pages/${page.id}`}
              data-row
              className="grid min-w-0 rounded-md after:absolute after:inset-0"
            >
              <span className="flex min-w-0 items-center gap-1.5">
                <bdi className="truncate">{page.title || pathOf(page.url)}</bdi>
                {page.rendered && <RenderedMark />}
              </span>
              <span className={`truncate text-xs ${page.status === "failed" ? "text-danger" : "text-ink-muted"}`}>
                {page.reason ?? (page.title && isWeb ? pathOf(page.url) : "")}
              </span>
            </HoverLink>
          </Td>
          <Td>
            <PageStatusBadge status={page.status} />
          </Td>
          <Td className="text-right max-md:hidden">{page.wordCount ? number(page.wordCount) : "–"}</Td>
          <Td className="text-right max-md:hidden">{page.chunkCount ? number(page.chunkCount) : "–"}</Td>
          <Td className="truncate text-ink-muted max-lg:hidden">
            {page.fetchedAt ? <RelativeTime at={page.fetchedAt} className="relative" /> : "–"}
          </Td>
          {retry && (
            <Td className="relative px-1.5 text-right max-sm:hidden">
              {page.status === "failed" && <RetryPage {...retry} page={page} size="sm" />}
            </Td>
          )}
        </Tr>
      ))}
    </tbody>
  </Table>
);
