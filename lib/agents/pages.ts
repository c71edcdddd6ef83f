import type { SupabaseClient } from "@supabase/supabase-js";
import type { Database } from "@/lib/db/types.gen";
import { databaseError } from "./rows";
import { PAGE_GROUPS, PAGE_SIZE, type Page, type PageGroup, type PageQuery } from "./schema";
import { PAGE_COLUMNS, pageFromRow } from "./source-rows";

type Db = SupabaseClient<Database>;
export type PageList = { rows: Page[]; total: number; counts: Record<"all" | PageGroup, number> };

/**
 * A PostgREST condition: the search stands in the address or the title. Characters that LIKE or PostgREST give a meaning to become `_`,
 * "any one character": they still match themselves, with no quoting that the two would read differently.
 */
export function containing(q: string): string {
  const pattern = `%${q.replace(/[\\%_*,()"]/g, "_")}%`;
  return `url.ilike.${pattern},title.ilike.${pattern}`;
}

/** One screen of a source's pages (`PAGE_SIZE` rows), in order of their addresses or titles, with the count of each tab under the same search. */
export async function listPages(
  db: Db,
  {
    tenantId,
    sourceId,
    by = "url",
    status,
    q,
    page,
  }: { tenantId: string; sourceId: string; by?: "url" | "title" } & PageQuery,
): Promise<PageList> {
  const from = (page - 1) * PAGE_SIZE;
  const base = (columns: string, head: boolean) => {
    const query = db
      .from("pages")
      .select(columns, { count: "exact", head })
      .eq("tenant_id", tenantId)
      .eq("source_id", sourceId);
    return q ? query.or(containing(q)) : query;
  };
  const groups = Object.entries(PAGE_GROUPS) as [PageGroup, readonly (typeof PAGE_GROUPS)[PageGroup][number][]][];
  const rowsQuery = () => {
    const query = db.from("pages").select(PAGE_COLUMNS).eq("tenant_id", tenantId).eq("source_id", sourceId);
    const searched = q ? query.or(containing(q)) : query;
    const filtered = status === "all" ? searched : searched.in("status", [...PAGE_GROUPS[status]]);
    return filtered
      .order(by)
      .order("id")
      .range(from, from + PAGE_SIZE - 1);
  };
  const [rows, ...grouped] = await Promise.all([
    rowsQuery(),
    ...groups.map(([, statuses]) => base("id", true).in("status", [...statuses])),
  ]);
  const error = rows.error ?? grouped.find((result) => result.error)?.error;
  if (error) throw databaseError(error, "The pages could not be loaded.");

  const counts = { all: 0, published: 0, failed: 0, excluded: 0, active: 0 };
  groups.forEach(([group], index) => {
    counts[group] = grouped[index]?.count ?? 0;
    counts.all += counts[group];
  });
  return { rows: (rows.data ?? []).map(pageFromRow), total: counts[status], counts };
}
