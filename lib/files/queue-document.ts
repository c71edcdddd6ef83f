import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import { log } from "@/lib/core/log";
import { persistently } from "@/lib/db/persistently";
import { call } from "@/lib/db/pool";
import type { UploadDeps } from "./deps";
import { ingestDocumentJob } from "./jobs";

const Queued = z.object({ runId: z.uuid(), pageId: z.uuid(), nudge: z.number(), place: z.number() }).nullable();

/**
 * Has a file, text or list of questions read (again). The caller has shown by a write under row-level security that the member may.
 * @throws AppError "not_found" when the tenant has no such source or confirmed file
 */
export async function queueDocument(
  deps: Pick<UploadDeps, "db" | "queues">,
  { tenantId, sourceId, fileId }: { tenantId: string; sourceId: string; fileId?: string },
): Promise<{ runId: string; pageId: string }> {
  const args = { tenant_id: tenantId, source_id: sourceId, run_id: newId(), file_id: fileId ?? null };
  // It locks the source before the page; who publishes the page meanwhile, the page before the source.
  const queued = Queued.parse(await persistently(() => call(deps.db, "queue_document", args)));
  if (!queued) throw new AppError("not_found", "This source no longer exists.");
  const { runId, pageId, nudge, place } = queued;
  // The row is the truth: a nudge that is lost now is given by the sweep.
  await deps.queues
    .add(ingestDocumentJob, { tenantId, runId, pageId }, nudge > 0 ? { nudge, place } : { place })
    .catch((error: Error) => log.warn({ event: "files.not_queued", tenantId, runId, reason: error.message }));
  return { runId, pageId };
}
