import { z } from "zod";
import { defineJob } from "@/lib/queue";

/** Puts an agent's questions that were not answered well to the gaps they belong to. */
export const clusterGapsJob = defineJob({
  name: "cluster-gaps",
  payload: z.object({ tenantId: z.uuid(), agentId: z.uuid() }),
  // The sweep alone adds it, each time under another number.
  id: (p) => `cluster-gaps_${p.agentId}`,
  concurrency: 1,
});

export const inboxJobs = [clusterGapsJob];
