import type { SupabaseClient } from "@supabase/supabase-js";
import { fileTypeFromBuffer } from "file-type";
import { databaseError } from "@/lib/agents";
import { AppError } from "@/lib/core/errors";
import { sha256 } from "@/lib/core/ids";
import type { Database } from "@/lib/db/types.gen";
import type { ObjectStorage } from "@/lib/storage";
import type { EmbedDeps } from "./deps";
import { SETTINGS_LIMITS } from "./schema";
import { getWidgetPage } from "./widget-page";

/** Pictures that browsers draw without running anything: no SVG. */
const TYPES: Record<string, string> = { png: "image/png", jpg: "image/jpeg", webp: "image/webp" };
const BUCKET = "sources";

/** What the bytes are, whatever they are called. @throws AppError content_too_large, unsupported_content */
export async function checkAvatar(bytes: Uint8Array): Promise<{ extension: string; type: string }> {
  if (bytes.length > SETTINGS_LIMITS.avatarBytes)
    throw new AppError("content_too_large", "The picture is larger than 128 KB. Use a smaller one.");
  const found = await fileTypeFromBuffer(bytes).catch(() => undefined);
  const type = found && TYPES[found.ext];
  if (!found || !type) throw new AppError("unsupported_content", "Use a PNG, JPEG or WebP picture.");
  return { extension: found.ext, type };
}

type OfAgent = { tenantId: string; agentId: string };

/** Puts a picture into the tenant's folder, as the member, and shows it from now on. Returns its name. */
export async function saveAvatar(
  db: SupabaseClient<Database>,
  { tenantId, agentId, bytes }: OfAgent & { bytes: Uint8Array<ArrayBuffer> },
): Promise<string> {
  const { extension, type } = await checkAvatar(bytes);
  const name = `${sha256(bytes)}.${extension}`;
  const path = `${tenantId}/avatars/${agentId}/${name}`;
  const { error } = await db.storage.from(BUCKET).upload(path, new Blob([bytes]), { contentType: type, upsert: true });
  if (error) throw new AppError("upstream_failed", "The picture could not be stored. Try again.", { cause: error });
  await setAvatarPath(db, { tenantId, agentId, path });
  return name;
}

/** Shows no picture from now on; the object goes with a later sweep. */
export const removeAvatar = (db: SupabaseClient<Database>, agent: OfAgent): Promise<void> =>
  setAvatarPath(db, { ...agent, path: null });

async function setAvatarPath(
  db: SupabaseClient<Database>,
  { tenantId, agentId, path }: OfAgent & { path: string | null },
): Promise<void> {
  const { data, error } = await db
    .from("widget_settings")
    .update({ avatar_path: path })
    .eq("tenant_id", tenantId)
    .eq("agent_id", agentId)
    .select("agent_id");
  if (error) throw databaseError(error, "The picture could not be saved.");
  if (data.length === 0)
    throw new AppError("not_found", "This agent does not exist, or your role does not allow changing it.");
}

/** The picture of an agent by its name, for anybody: it stands on public pages. @throws AppError not_found */
export async function openAvatar(
  deps: Pick<EmbedDeps, "db"> & { storage?: ObjectStorage | null },
  publicId: string,
  name: string,
): Promise<{ bytes: Buffer; type: string }> {
  const missing = () => new AppError("not_found", "There is no such picture.");
  const path = (await getWidgetPage(deps, publicId))?.avatarPath;
  const type = TYPES[name.split(".").at(-1) ?? ""];
  if (!path || path.split("/").at(-1) !== name || !type || !deps.storage) throw missing();
  return { bytes: await deps.storage.download(path, SETTINGS_LIMITS.avatarBytes), type };
}
