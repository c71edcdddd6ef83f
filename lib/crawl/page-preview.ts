import type { SupabaseClient } from "@supabase/supabase-js";
import { AppError } from "@/lib/core/errors";
import type { Database } from "@/lib/db/types.gen";

/** A page as visitors are answered from it. */
export interface PagePreview {
  url: string;
  title: string | null;
  language: string | null;
  /** As extracted; null when nothing of the page is published: `status` and `reason` say why. */
  markdown: string | null;
  status: string;
  reason: string | null;
  chunks: { id: string; headingPath: string[]; anchor: string | null; content: string; tokenCount: number }[];
}

const MAX_CHUNKS = 1_000;

/**
 * What was made of a page: its text and its passages, in order.
 * @param members the member's own client: row-level security decides what they see
 * @throws AppError "not_found" for a page of another source or tenant as for one that never was
 */
export async function getPagePreview(
  members: SupabaseClient<Database>,
  { tenantId, sourceId, pageId }: { tenantId: string; sourceId: string; pageId: string },
): Promise<PagePreview> {
  const page = await members
    .from("pages")
    .select("url, title, language, status, reason, live_version_id")
    .eq("tenant_id", tenantId)
    .eq("source_id", sourceId)
    .eq("id", pageId)
    .maybeSingle();
  if (page.error) throw failure(page.error);
  if (!page.data) throw new AppError("not_found", "This page does not exist in this workspace.");
  const { live_version_id: versionId, ...facts } = page.data;
  if (!versionId) return { ...facts, markdown: null, chunks: [] };
  const [version, chunks] = await Promise.all([
    members.from("page_versions").select("markdown").eq("tenant_id", tenantId).eq("id", versionId).maybeSingle(),
    members
      .from("chunks")
      .select("id, heading_path, anchor, content, token_count")
      .eq("tenant_id", tenantId)
      .eq("page_version_id", versionId)
      .order("position")
      .limit(MAX_CHUNKS),
  ]);
  const error = version.error ?? chunks.error;
  if (error) throw failure(error);
  return {
    ...facts,
    markdown: version.data?.markdown ?? null,
    chunks: (chunks.data ?? []).map((chunk) => ({
      id: chunk.id,
      headingPath: chunk.heading_path,
      anchor: chunk.anchor,
      content: chunk.content,
      tokenCount: chunk.token_count,
    })),
  };
}

const failure = (cause: unknown) =>
  new AppError("internal", "The page could not be loaded. Try again in a moment.", { cause });
