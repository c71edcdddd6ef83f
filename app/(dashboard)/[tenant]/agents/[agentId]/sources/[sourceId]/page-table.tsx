import Link from "next/link";
import { PageStatusBadge } from "@/components/status";
import { Button } from "@/components/ui/button";
import { number } from "@/components/ui/number";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { RelativeTime } from "@/components/ui/time";
import { PAGE_SIZE, type Page, type PageGroup, type PageQuery } from "@/lib/agents/schema";
import { RowLink } from "./row-link.client";

/** The table's state as a link: what is left out is the default. */
function hrefFor(base: string, query: Partial<PageQuery> & { view?: string }): string {
  const params = new URLSearchParams();
  if (query.status && query.status !== "all") params.set("status", query.status);
  if (query.q) params.set("q", query.q);
  if (query.page && query.page > 1) params.set("page", String(query.page));
  if (query.view) params.set("view", query.view);
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
          href={hrefFor(base, { q: query.q, status })}
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

export const PageTable = ({ base, query, rows }: { base: string; query: PageQuery; rows: Page[] }) => (
  <Table label="Pages" className="table-fixed">
    <thead>
      <tr>
        <Th>Page</Th>
        <Th className="w-28">Status</Th>
        <Th className="w-20 text-right max-md:hidden">Words</Th>
        <Th className="w-24 text-right max-md:hidden">Passages</Th>
        <Th className="w-32 max-lg:hidden">Fetched</Th>
      </tr>
    </thead>
    <tbody>
      {rows.map((page) => (
        <Tr key={page.id} className="relative">
          <Td>
            <RowLink
              href={hrefFor(base, { ...query, view: page.id })}
              className="grid min-w-0 rounded-md after:absolute after:inset-0"
            >
              <bdi className="truncate">{page.title || pathOf(page.url)}</bdi>
              <span className={`truncate text-xs ${page.status === "failed" ? "text-danger" : "text-ink-muted"}`}>
                {page.reason ?? (page.title ? pathOf(page.url) : "")}
              </span>
            </RowLink>
          </Td>
          <Td>
            <PageStatusBadge status={page.status} />
          </Td>
          <Td className="text-right max-md:hidden">{page.wordCount ? number(page.wordCount) : "–"}</Td>
          <Td className="text-right max-md:hidden">{page.chunkCount ? number(page.chunkCount) : "–"}</Td>
          <Td className="truncate text-ink-muted max-lg:hidden">
            {page.fetchedAt ? <RelativeTime at={page.fetchedAt} className="relative" /> : "–"}
          </Td>
        </Tr>
      ))}
    </tbody>
  </Table>
);

/** What tells pages of one site apart, readable. */
function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  try {
    return decodeURI(pathname + search);
  } catch {
    return pathname + search;
  }
}

export function Pagination({
  base,
  query,
  pages,
  total,
}: {
  base: string;
  query: PageQuery;
  pages: number;
  total: number;
}) {
  const first = (query.page - 1) * PAGE_SIZE + 1;
  const link = (page: number, label: string) =>
    page >= 1 && page <= pages ? (
      <Button asChild size="sm">
        <Link href={hrefFor(base, { ...query, page })}>{label}</Link>
      </Button>
    ) : (
      <Button size="sm" disabled>
        {label}
      </Button>
    );
  return (
    <nav aria-label="Pages of the list" className="flex items-center justify-between gap-3 text-xs text-ink-muted">
      <span className="tabular-nums">
        {number(first)}–{number(Math.min(total, first + PAGE_SIZE - 1))} of {number(total)}
      </span>
      {pages > 1 && (
        <span className="flex gap-2">
          {link(query.page - 1, "Previous")}
          {link(query.page + 1, "Next")}
        </span>
      )}
    </nav>
  );
}
