"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { action } from "@/app/_server/action";
import { platform } from "@/app/_server/platform";
import * as agents from "@/lib/agents";
import { UpdateAgent } from "@/lib/agents/schema";
import * as crawl from "@/lib/crawl";
import { WebsiteAddress } from "@/lib/crawl/schema";

const OneSource = z.object({ sourceId: z.uuid() });

export const addWebsite = action(
  z.object({
    agentId: z.uuid(),
    url: WebsiteAddress,
    maxPages: z.coerce
      .number("Write a number.")
      .int("Write a whole number.")
      .min(1, "At least 1 page.")
      .max(100_000, "At most 100,000 pages.")
      .optional(),
  }),
  "admin",
  async ({ agentId, url, maxPages }, { db, tenantId }) => {
    const { sourceId } = await crawl.addWebsite(await platform().crawl(), db, {
      tenantId,
      agentId,
      url,
      ...(maxPages !== undefined && { maxPages }),
    });
    refresh();
    return { sourceId };
  },
);

export const refreshSource = action(OneSource, "admin", async ({ sourceId }, { db, tenantId }) => {
  await crawl.refreshSource(await platform().crawl(), db, { tenantId, sourceId });
  refresh();
});

export const stopCrawl = action(OneSource, "admin", async ({ sourceId }, { db, tenantId }) => {
  await crawl.stopRun(await platform().crawl(), db, { tenantId, sourceId });
  refresh();
});

export const deleteSource = action(OneSource, "admin", async ({ sourceId }, { db, tenantId }) => {
  await crawl.deleteSource(db, { tenantId, sourceId });
  refresh();
});

export const updateAgent = action(
  UpdateAgent.extend({ agentId: z.uuid() }),
  "admin",
  async ({ agentId, ...patch }, { db, tenantId }) => {
    const agent = await agents.updateAgent(db, { tenantId, agentId, ...patch });
    refresh();
    return agent;
  },
);
