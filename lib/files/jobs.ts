import { z } from "zod";
import { defineJob } from "@/lib/queue";

/** Reads one file, text or list of questions into passages. */
export const ingestDocumentJob = defineJob({
  name: "ingest-document",
  payload: z.object({ tenantId: z.uuid(), runId: z.uuid(), pageId: z.uuid() }),
  // The run is in the id, because a finished job that is kept would swallow the next reading.
  id: (p) => `ingest-document_${p.runId}_${p.pageId}`,
  // Each has a process of its own beside it.
  concurrency: 2,
});

export const fileJobs = [ingestDocumentJob];
