import { AppError } from "@/lib/core/errors";
import { type Members, type UploadDeps, writeError } from "./deps";
import { queueDocument } from "./queue-document";

/**
 * The browser has put a file into Storage: it is looked at there, and read. Saying it again reads it again.
 * @throws AppError not_found, forbidden; conflict when the object is not there; content_too_large when it is larger than was said
 */
export async function confirmUpload(
  deps: UploadDeps,
  members: Members,
  { tenantId, fileId }: { tenantId: string; fileId: string },
): Promise<{ sourceId: string; runId: string; pageId: string }> {
  const { data: file, error } = await members
    .from("files")
    .select("source_id, object_path, size_bytes")
    .eq("tenant_id", tenantId)
    .eq("id", fileId)
    .maybeSingle();
  if (error) throw writeError(error);
  if (!file) throw new AppError("not_found", "This file no longer exists. Upload it again.");
  const sizeBytes = await storedSize(members, file.object_path);
  if (sizeBytes === null) throw new AppError("conflict", "The file has not arrived. Upload it again.");
  if (sizeBytes > deps.config.maxFileBytes || sizeBytes > file.size_bytes)
    throw new AppError(
      "content_too_large",
      "What was uploaded is larger than the file that was announced. Upload it again.",
    );
  const { data: confirmed, error: refused } = await members
    .from("files")
    .update({ confirmed_at: new Date().toISOString() })
    .eq("tenant_id", tenantId)
    .eq("id", fileId)
    .select("id")
    .maybeSingle();
  if (refused) throw writeError(refused);
  if (!confirmed) throw new AppError("forbidden", "Your role may not change sources. Ask an admin of this workspace.");
  const queued = await queueDocument(deps, { tenantId, sourceId: file.source_id, fileId });
  return { sourceId: file.source_id, ...queued };
}

/** Null when there is no such object. The folder is listed under the member's rights: nothing is fetched. */
async function storedSize(members: Members, path: string): Promise<number | null> {
  const at = path.lastIndexOf("/");
  const { data, error } = await members.storage
    .from("sources")
    .list(path.slice(0, at), { search: path.slice(at + 1), limit: 1 });
  if (error)
    throw new AppError("upstream_failed", "The file storage did not answer. Try again in a minute.", { cause: error });
  const size: unknown = data[0]?.metadata?.size;
  return typeof size === "number" ? size : data[0] ? 0 : null;
}
