"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { action } from "@/app/_server/action";
import { platform } from "@/app/_server/platform";
import * as knowledge from "@/lib/knowledge";

export const changeModel = action(
  z.object({ agentId: z.uuid(), model: z.string().min(3).max(210) }),
  "admin",
  async ({ agentId, model }, { db, tenantId }) => {
    await knowledge.changeModel(await platform().crawl(), db, { tenantId, agentId, model });
    refresh();
  },
);

export const cancelModelChange = action(
  z.object({ indexId: z.uuid() }),
  "admin",
  async ({ indexId }, { db, tenantId }) => {
    await knowledge.cancelModelChange(await platform().crawl(), db, { tenantId, indexId });
    refresh();
  },
);
