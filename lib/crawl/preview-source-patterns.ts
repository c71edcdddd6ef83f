import type { SupabaseClient } from "@supabase/supabase-js";
import { AppError } from "@/lib/core/errors";
import type { Database } from "@/lib/db/types.gen";
import { previewPatterns } from "./preview-patterns";
import type { SourcePatternPreview } from "./schema";

const BATCH = 1_000;
/** More tell no more about a pattern, and would take longer than somebody waits while typing. */
const MAX_PAGES = 5_000;
const EXAMPLES = 20;

/**
 * What patterns would do to the pages that a source knows, without changing anything.
 * @param members the member's own client: pages of other tenants are not there
 */
export async function previewSourcePatterns(
  members: SupabaseClient<Database>,
  {
    tenantId,
    sourceId,
    includePatterns: include,
    excludePatterns: exclude,
  }: { tenantId: string; sourceId: string; includePatterns: string[]; excludePatterns: string[] },
): Promise<SourcePatternPreview> {
  const source = await members.from("sources").select("url").eq("tenant_id", tenantId).eq("id", sourceId).maybeSingle();
  if (source.error) throw failure(source.error);
  if (!source.data) throw new AppError("not_found", "This source does not exist in this workspace.");
  const urls: string[] = [];
  while (urls.length < MAX_PAGES) {
    const { data, error } = await members
      .from("pages")
      .select("url")
      .eq("tenant_id", tenantId)
      .eq("source_id", sourceId)
      .neq("status", "gone")
      // What robots.txt forbids is not read whatever the patterns say.
      .or("reason_code.is.null,reason_code.neq.robots_denied")
      .order("url")
      .range(urls.length, urls.length + BATCH - 1);
    if (error) throw failure(error);
    urls.push(...data.map(({ url }) => url));
    if (data.length < BATCH) break;
  }
  const { kept, left, idle } = previewPatterns(urls, { include, exclude, startUrl: source.data.url });
  return {
    known: urls.length,
    kept: kept.length,
    keptExamples: kept.slice(0, EXAMPLES),
    leftOut: left.length,
    leftOutExamples: left.slice(0, EXAMPLES).map(({ url, pattern }) => ({ url, excludedBy: pattern })),
    idle,
  };
}

const failure = (cause: unknown) =>
  new AppError("upstream_failed", "The known pages could not be looked up. Try again in a moment.", { cause });
