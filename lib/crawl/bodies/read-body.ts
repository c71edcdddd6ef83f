import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { AppError } from "@/lib/core/errors";
import { callRows, type Db } from "@/lib/db/pool";
import type { ObjectStorage } from "@/lib/storage";

const expand = promisify(gunzip);
/** The most that a source's limit of a page allows (SourceLimits): what grows beyond it is none of ours. */
const MAX_BYTES = 20 * 1024 * 1024;

interface Row {
  body: Buffer | null;
  object_path: string;
  headers: Record<string, string>;
}

/**
 * What the site sent for a version, from the database or from Storage; null when it was not kept, its object is gone, or cannot be unpacked.
 * @throws AppError "upstream_failed" when Storage cannot be asked
 */
export async function readBody(
  { db, storage }: { db: Db; storage: ObjectStorage | null },
  { tenantId, versionId }: { tenantId: string; versionId: string },
): Promise<{ body: Buffer; headers: Record<string, string> } | null> {
  const [row] = await callRows<Row & Record<string, unknown>>(db, "page_body", {
    tenant_id: tenantId,
    version_id: versionId,
  });
  if (!row) return null;
  const packed = row.body ?? (storage ? await fromStorage(storage, row.object_path) : null);
  const body = packed && (await unpacked(packed));
  return body && { body, headers: row.headers };
}

/** Null for what cannot be unpacked. */
export const unpacked = (packed: Buffer): Promise<Buffer | null> =>
  expand(packed, { maxOutputLength: MAX_BYTES }).catch(() => null);

/** Null when there is no such object. */
export async function fromStorage(storage: ObjectStorage, path: string): Promise<Buffer | null> {
  try {
    return await storage.download(path, MAX_BYTES);
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  }
}
