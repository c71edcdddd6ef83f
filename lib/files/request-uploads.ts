import { AppError } from "@/lib/core/errors";
import { type Members, type UploadDeps, writeError } from "./deps";
import { type AllowedUpload, MAX_FILES_AT_ONCE, MAX_FILES_OF_SOURCE, type UploadRequest } from "./schema";

/**
 * Allows a browser to put files into Storage: one row and one signed link each, under a path that only the database decides.
 * @param members the member's own client: row-level security decides whether they may
 * @param sourceId adds to this source; without it a new one is made
 * @throws AppError conflict (not set up, one at a time), content_too_large, bad_request, not_found, forbidden
 */
export async function requestUploads(
  deps: Pick<UploadDeps, "storage" | "config">,
  members: Members,
  {
    tenantId,
    agentId,
    sourceId,
    files,
  }: { tenantId: string; agentId: string; sourceId?: string; files: UploadRequest[] },
): Promise<{ sourceId: string; uploads: AllowedUpload[] }> {
  check(deps, files);
  const target = sourceId ?? (await addFileSource(members, { tenantId, agentId, files }));
  if (sourceId) await checkSource(members, { tenantId, agentId, sourceId }, files.length);
  const { data: rows, error } = await members
    .from("files")
    .insert(
      files.map(({ name, sizeBytes }) => ({ tenant_id: tenantId, source_id: target, name, size_bytes: sizeBytes })),
    )
    .select("id, name, object_path");
  if (error) throw writeError(error);
  const uploads = await Promise.all(
    rows.map(async ({ id, name, object_path }) => {
      const { data, error: refused } = await members.storage.from("sources").createSignedUploadUrl(object_path);
      if (refused)
        throw new AppError("upstream_failed", "The file storage did not answer. Try again in a minute.", {
          cause: refused,
        });
      return { fileId: id, name, url: data.signedUrl };
    }),
  );
  return { sourceId: target, uploads };
}

function check({ storage, config }: Pick<UploadDeps, "storage" | "config">, files: UploadRequest[]): void {
  if (!storage)
    throw new AppError(
      "conflict",
      "Uploads are not set up on this server. Ask whoever runs it to set SUPABASE_SECRET_KEY.",
    );
  if (files.length === 0) throw new AppError("bad_request", "Choose a file.");
  if (files.length > 1 && !config.bulkUpload)
    throw new AppError("conflict", "Several files at once are switched off on this server. Upload one at a time.");
  if (files.length > MAX_FILES_AT_ONCE)
    throw new AppError("bad_request", `At most ${MAX_FILES_AT_ONCE} files at once. Upload the others after these.`);
  const empty = files.find(({ sizeBytes }) => sizeBytes === 0);
  if (empty) throw new AppError("bad_request", `${empty.name} is empty.`);
  const large = files.find(({ sizeBytes }) => sizeBytes > config.maxFileBytes);
  if (large)
    throw new AppError(
      "content_too_large",
      `${large.name} is larger than ${Math.floor(config.maxFileBytes / 1024 / 1024)} MB. Split it, or upload it in a smaller form.`,
    );
}

async function addFileSource(
  members: Members,
  { tenantId, agentId, files }: { tenantId: string; agentId: string; files: UploadRequest[] },
): Promise<string> {
  const name = files.length === 1 ? files[0]!.name : `${files[0]!.name.slice(0, 150)} and ${files.length - 1} more`;
  const { data, error } = await members
    .from("sources")
    .insert({ tenant_id: tenantId, agent_id: agentId, kind: "file", name })
    .select("id")
    .single();
  if (error) throw writeError(error);
  return data.id;
}

async function checkSource(
  members: Members,
  ref: { tenantId: string; agentId: string; sourceId: string },
  more: number,
): Promise<void> {
  const { data, error } = await members
    .from("sources")
    .select("id, files(count)")
    .eq("tenant_id", ref.tenantId)
    .eq("agent_id", ref.agentId)
    .eq("id", ref.sourceId)
    .eq("kind", "file")
    .maybeSingle();
  if (error) throw writeError(error);
  if (!data) throw new AppError("not_found", "This source no longer exists.");
  if ((data.files[0]?.count ?? 0) + more > MAX_FILES_OF_SOURCE)
    throw new AppError(
      "conflict",
      `A source holds at most ${MAX_FILES_OF_SOURCE.toLocaleString("en")} files. Add a new source for the others.`,
    );
}
