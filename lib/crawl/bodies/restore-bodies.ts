import { log } from "@/lib/core/log";
import { call, callRows, type Db } from "@/lib/db/pool";
import type { ObjectStorage } from "@/lib/storage";
import { fromStorage, unpacked } from "./read-body";

interface Moved {
  page_version_id: string;
  object_path: string;
}

export interface RestoredBodies {
  restored: number;
  /** Without an object in Storage, or with one that is not what was put there. Their pages are fetched whole when they must be read anew. */
  lost: number;
}

/** Bodies of a batch are listed at once, and one is in memory. */
const BATCH = 100;

/**
 * Brings what a tenant's sites sent back from Storage into the database. It may be repeated: what is back is passed over. The objects stay,
 * and go with their rows.
 * @throws AppError "upstream_failed" when Storage cannot be asked; what was restored until then stays
 */
export async function restoreBodies(
  { db, storage }: { db: Db; storage: ObjectStorage },
  { tenantId }: { tenantId: string },
): Promise<RestoredBodies> {
  const result: RestoredBodies = { restored: 0, lost: 0 };
  let after: string | null = null;
  for (;;) {
    const moved: (Moved & Record<string, unknown>)[] = await callRows(db, "moved_bodies", {
      tenant_id: tenantId,
      after,
      limit: BATCH,
    });
    for (const { page_version_id: versionId, object_path } of moved) {
      const packed = await fromStorage(storage, object_path);
      if (!packed || !(await unpacked(packed))) result.lost++;
      else if (await call<boolean>(db, "restore_body", { tenant_id: tenantId, version_id: versionId, body: packed }))
        result.restored++;
    }
    if (moved.length < BATCH) break;
    after = moved.at(-1)!.page_version_id;
  }
  log.info({ event: "crawl.bodies_restored", tenantId, ...result });
  return result;
}
