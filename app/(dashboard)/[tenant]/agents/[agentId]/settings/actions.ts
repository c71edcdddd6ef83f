"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { action } from "@/app/_server/action";
import { platform } from "@/app/_server/platform";
import * as agents from "@/lib/agents";
import { PublishDraft, RestoreVersion, SaveDraft } from "@/lib/agents/schema";
import * as knowledge from "@/lib/knowledge";

const agentId = z.uuid();

export const saveDraft = action(SaveDraft.extend({ agentId }), "admin", async (input, { db, tenantId }) => {
  await agents.saveDraft(db, { tenantId, ...input });
  refresh();
});

export const discardDraft = action(
  PublishDraft.pick({ seen: true }).extend({ agentId }),
  "admin",
  async (input, { db, tenantId }) => {
    await agents.discardDraft(db, { tenantId, ...input });
    refresh();
  },
);

export const publishDraft = action(PublishDraft.extend({ agentId }), "admin", async (input, { db, tenantId }) => {
  await agents.publishDraft(db, { tenantId, ...input });
  refresh();
});

export const restoreVersion = action(RestoreVersion.extend({ agentId }), "admin", async (input, { db, tenantId }) => {
  const { published } = await agents.restoreVersion(db, { tenantId, ...input });
  refresh();
  return { number: published.number! };
});

export const changeModel = action(
  z.object({ agentId, model: z.string().min(3).max(210) }),
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
