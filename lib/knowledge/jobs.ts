import { z } from "zod";
import { defineJob } from "@/lib/queue";

/** Embeds an agent's passages with another model, beside the live index, and switches at the end. */
export const buildIndexJob = defineJob({
  name: "build-index",
  payload: z.object({ tenantId: z.uuid(), indexId: z.uuid() }),
  id: (p) => `build-index_${p.indexId}`,
  concurrency: 1,
});

export const knowledgeJobs = [buildIndexJob];
