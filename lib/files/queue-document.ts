import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import { log } from "@/lib/core/log";
import { persistently } from "@/lib/db/persistently";
import { call } from "@/lib/db/pool";
import type { UploadDeps } from "./deps";
import { ingestDocumentJob } from "./jobs";

const Queued = z.object({ runId: z.uuid(), pageId: z.uuid(), nudge: z.number(), place: z.number() }).nullable();

type Ref = { tenantId: string; sourceId: string; fileId?: string };

/**
 * Has a file, text or list of questions read (again). The caller has shown by a write under row-level security that the member may.
 * @throws AppError "not_found" when the tenant has no such source or confirmed file
 */
export async function queueDocument(
  deps: Pick<UploadDeps, "db" | "queues">,
  ref: Ref,
): Promise<{ runId: string; pageId: string }> {
  const { tenantId } = ref;
  const { runId, pageId, nudge, place } = await markDocument(deps, ref);
  // The row is the truth: a nudge that is lost now is given by the sweep.
  await deps.queues
    .add(ingestDocumentJob, { tenantId, runId, pageId }, nudge > 0 ? { nudge, place } : { place })
    .catch((error: Error) => log.warn({ event: "files.not_queued", tenantId, runId, reason: error.message }));
  return { runId, pageId };
}

/** The row of it alone, for who reads the document himself. Should that break off, the sweep finds the row. */
export async function markDocument(
  { db }: Pick<UploadDeps, "db">,
  { tenantId, sourceId, fileId }: Ref,
): Promise<NonNullable<z.infer<typeof Queued>>> {
  const args = { tenant_id: tenantId, source_id: sourceId, run_id: newId(), file_id: fileId ?? null };
  // It locks the source before the page; who publishes the page meanwhile, the page before the source.
  const queued = Queued.parse(await persistently(() => call(db, "queue_document", args)));
  if (!queued) throw new AppError("not_found", "This source no longer exists.");
  return queued;
}
