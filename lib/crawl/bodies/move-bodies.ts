import { log } from "@/lib/core/log";
import { call, callRows } from "@/lib/db/pool";
import { type CrawlDeps, crashPoint } from "../deps";

interface Cold {
  tenant_id: string;
  page_version_id: string;
  body: Buffer;
  object_path: string;
  fetched_at: Date;
}

/** Bodies of a batch are in memory at once. */
const BATCH = 20;
const MAX_BATCHES = 10;

/**
 * Moves bodies older than `hotDays` to Storage, uploaded before the copy here goes: whoever dies between leaves both, and the next one uploads
 * again. What belongs to a version that goes meanwhile is removed by the sweep of dead objects. Returns how many were moved.
 */
export async function moveBodies(
  {
    db,
    storage,
    config,
  }: Pick<CrawlDeps, "db" | "storage"> & { config: Pick<CrawlDeps["config"], "hotDays" | "crashAt"> },
  { maxBatches = MAX_BATCHES } = {},
): Promise<number> {
  if (!storage) return 0;
  let moved = 0;
  for (let batch = 0; batch < maxBatches; batch++) {
    const cold = await callRows<Cold & Record<string, unknown>>(db, "take_cold_bodies", {
      older_than: `${config.hotDays} days`,
      limit: BATCH,
    });
    for (const { tenant_id, page_version_id, body, object_path, fetched_at } of cold) {
      await storage.upload(object_path, body, { contentType: "application/gzip" });
      crashPoint({ config }, "move-upload");
      const marked = await call<boolean>(db, "mark_body_moved", { tenant_id, version_id: page_version_id, fetched_at });
      crashPoint({ config }, "move-mark");
      if (marked) moved++;
    }
    if (cold.length < BATCH) break;
  }
  if (moved > 0) log.info({ event: "crawl.bodies_moved", count: moved });
  return moved;
}
