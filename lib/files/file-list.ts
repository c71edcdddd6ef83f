import { AppError } from "@/lib/core/errors";
import { type Members, writeError } from "./deps";
import type { FileStatus, SourceFile } from "./schema";

const LISTED = 1_000;

/** The files of a source, latest upload first, with what became of them. */
export async function listFiles(
  members: Members,
  { tenantId, sourceId }: { tenantId: string; sourceId: string },
): Promise<SourceFile[]> {
  const { data, error } = await members
    .from("files")
    .select(
      "id, name, size_bytes, is_public, confirmed_at, kind, place_count, notes, created_at, page:pages(status, reason, chunk_count)",
    )
    .eq("tenant_id", tenantId)
    .eq("source_id", sourceId)
    .order("created_at", { ascending: false })
    .order("name")
    .limit(LISTED);
  if (error) throw writeError(error);
  return data.map((row) => ({
    id: row.id,
    name: row.name,
    sizeBytes: row.size_bytes,
    status: row.confirmed_at === null ? "uploading" : (STATUS[row.page?.status ?? "queued"] ?? "queued"),
    reason: row.page?.reason ?? null,
    kind: row.kind,
    placeCount: row.place_count,
    notes: row.notes,
    isPublic: row.is_public,
    chunkCount: row.page?.chunk_count ?? 0,
    createdAt: row.created_at,
  }));
}

const STATUS: Record<string, FileStatus> = {
  queued: "queued",
  fetching: "reading",
  embedding: "reading",
  published: "ready",
  failed: "failed",
  excluded: "left_out",
  duplicate: "left_out",
  gone: "left_out",
};

/** Whether visitors may open a file from a citation. @throws AppError not_found | forbidden */
export async function setFilePublic(
  members: Members,
  { tenantId, fileId, isPublic }: { tenantId: string; fileId: string; isPublic: boolean },
): Promise<void> {
  const { data, error } = await members
    .from("files")
    .update({ is_public: isPublic })
    .eq("tenant_id", tenantId)
    .eq("id", fileId)
    .select("id")
    .maybeSingle();
  if (error) throw writeError(error);
  if (!data) throw new AppError("not_found", "This file no longer exists, or your role may not change it.");
}

/** Deletes a file with all that was made of it; the sweep removes its object. @throws AppError not_found | forbidden */
export async function deleteFile(
  members: Members,
  { tenantId, fileId }: { tenantId: string; fileId: string },
): Promise<void> {
  const { data, error } = await members
    .from("files")
    .delete()
    .eq("tenant_id", tenantId)
    .eq("id", fileId)
    .select("id")
    .maybeSingle();
  if (error) throw writeError(error);
  if (!data) throw new AppError("not_found", "This file no longer exists, or your role may not delete it.");
}
