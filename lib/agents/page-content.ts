import type { SupabaseClient } from "@supabase/supabase-js";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { Database } from "@/lib/db/types.gen";
import { databaseError } from "./rows";
import { PASSAGES_PER_SCREEN, type PageContent, type Passage } from "./schema";
import { PAGE_COLUMNS, pageFromRow } from "./source-rows";

type Db = SupabaseClient<Database>;
type PageRef = { tenantId: string; sourceId: string; pageId: string };

const CONTENT_COLUMNS = `${PAGE_COLUMNS}, live_version_id` as const;
const Metadata = z
  .object({ kind: z.string().nullish(), publishedAt: z.string().nullish(), notes: z.array(z.string()).nullish() })
  .catch({});

/**
 * A page of a source with what was extracted from it, as visitors are answered from it now; `content` is null when that is nothing.
 * @throws AppError "not_found" for a page of another source or tenant as for one that never was
 */
export async function getPage(db: Db, { tenantId, sourceId, pageId }: PageRef): Promise<PageContent> {
  const missing = () => new AppError("not_found", "This page does not exist in this workspace.");
  if (!z.uuid().safeParse(pageId).success) throw missing();
  const { data, error } = await db
    .from("pages")
    .select(CONTENT_COLUMNS)
    .eq("tenant_id", tenantId)
    .eq("source_id", sourceId)
    .eq("id", pageId)
    .maybeSingle();
  if (error) throw databaseError(error, "The page could not be loaded.");
  if (!data) throw missing();
  const page = pageFromRow(data);
  if (!data.live_version_id) return { ...page, content: null };
  const version = await db
    .from("page_versions")
    .select("id, markdown, language, description, metadata, created_at")
    .eq("tenant_id", tenantId)
    .eq("id", data.live_version_id)
    .maybeSingle();
  if (version.error) throw databaseError(version.error, "What was read could not be loaded.");
  if (!version.data) return { ...page, content: null };
  const { kind, publishedAt, notes } = Metadata.parse(version.data.metadata);
  return {
    ...page,
    content: {
      versionId: version.data.id,
      markdown: version.data.markdown,
      language: version.data.language,
      description: version.data.description,
      kind: kind ?? null,
      publishedAt: publishedAt ?? null,
      notes: notes ?? [],
      readAt: version.data.created_at,
    },
  };
}

/** One screen of a version's passages (`PASSAGES_PER_SCREEN`), in the order of the page. */
export async function listPassages(
  db: Db,
  { tenantId, versionId, screen }: { tenantId: string; versionId: string; screen: number },
): Promise<Passage[]> {
  const from = (screen - 1) * PASSAGES_PER_SCREEN;
  const { data, error } = await db
    .from("chunks")
    .select("id, position, kind, heading_path, anchor, content, token_count")
    .eq("tenant_id", tenantId)
    .eq("page_version_id", versionId)
    .order("position")
    .range(from, from + PASSAGES_PER_SCREEN - 1);
  if (error) throw databaseError(error, "The passages could not be loaded.");
  return data.map((row) => ({
    id: row.id,
    position: row.position,
    kind: row.kind,
    headingPath: row.heading_path,
    anchor: row.anchor,
    content: row.content,
    tokenCount: row.token_count,
  }));
}
