import { z } from "zod";
import { CHUNKER_VERSION } from "@/lib/knowledge";
import { defineJob } from "@/lib/queue";

/** Goes up when the parsers give other text for the same file, so that files are read anew. */
export const DOCUMENT_READER = `files.1.${CHUNKER_VERSION}`;

/** Reads one file, text, list of questions or linked document into passages. */
export const ingestDocumentJob = defineJob({
  name: "ingest-document",
  payload: z.object({ tenantId: z.uuid(), runId: z.uuid(), pageId: z.uuid() }),
  // The run is in the id, because a finished job that is kept would swallow the next reading.
  id: (p) => `ingest-document_${p.runId}_${p.pageId}`,
  // Each has a process of its own beside it.
  concurrency: 2,
});

export const fileJobs = [ingestDocumentJob];
