import type { SupabaseClient } from "@supabase/supabase-js";
import { AppError } from "@/lib/core/errors";
import type { Database } from "@/lib/db/types.gen";
import { SourceSettings } from "./schema";
import { writeError } from "./sources";

/**
 * Changes how a source is crawled: from the next crawl on, except for the schedule, which counts from now.
 * @throws AppError "not_found" when it is gone or this member may not change it
 */
export async function updateSource(
  members: SupabaseClient<Database>,
  { tenantId, sourceId, ...settings }: { tenantId: string; sourceId: string } & SourceSettings,
): Promise<void> {
  const values = SourceSettings.parse(settings);
  const { data, error } = await members
    .from("sources")
    .update({
      name: values.name,
      max_pages: values.maxPages,
      max_depth: values.maxDepth,
      include_patterns: values.includePatterns,
      exclude_patterns: values.excludePatterns,
      refresh_schedule: values.refreshSchedule,
      read_documents: values.readDocuments,
    })
    .eq("tenant_id", tenantId)
    .eq("id", sourceId)
    .select("id")
    .maybeSingle();
  if (error) throw writeError(error);
  if (!data) throw new AppError("not_found", "This source no longer exists, or your role may not change it.");
}
