"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { action } from "@/app/_server/action";
import { platform } from "@/app/_server/platform";
import * as agents from "@/lib/agents";
import { UpdateAgent } from "@/lib/agents/schema";
import * as crawl from "@/lib/crawl";
import { PageAddresses, PageLimit, SourcePatterns, SourceSettings, WebsiteAddress } from "@/lib/crawl/schema";

const OneSource = z.object({ sourceId: z.uuid() });
const ToAdd = z.object({ agentId: z.uuid(), maxPages: PageLimit.optional() });

export const addWebsite = action(
  ToAdd.extend({ url: WebsiteAddress }),
  "admin",
  async ({ maxPages, ...input }, { db, tenantId }) => {
    const source = { tenantId, ...input, ...(maxPages !== undefined && { maxPages }) };
    const { sourceId } = await crawl.addWebsite(await platform().crawl(), db, source);
    refresh();
    return { sourceId };
  },
);

export const addSitemap = action(
  ToAdd.extend({ url: WebsiteAddress }),
  "admin",
  async ({ maxPages, ...input }, { db, tenantId }) => {
    const source = { tenantId, ...input, ...(maxPages !== undefined && { maxPages }) };
    const { sourceId } = await crawl.addSitemap(await platform().crawl(), db, source);
    refresh();
    return { sourceId };
  },
);

export const addUrls = action(
  ToAdd.extend({ urls: PageAddresses }),
  "admin",
  async ({ agentId, urls }, { db, tenantId }) => {
    const { sourceId } = await crawl.addUrls(await platform().crawl(), db, { tenantId, agentId, urls });
    refresh();
    return { sourceId };
  },
);

export const refreshSource = action(OneSource, "admin", async ({ sourceId }, { db, tenantId }) => {
  await crawl.refreshSource(await platform().crawl(), db, { tenantId, sourceId });
  refresh();
});

export const pauseCrawl = action(OneSource, "admin", async ({ sourceId }, { db, tenantId }) => {
  await crawl.pauseRun(await platform().crawl(), db, { tenantId, sourceId });
  refresh();
});

export const resumeCrawl = action(OneSource, "admin", async ({ sourceId }, { db, tenantId }) => {
  await crawl.resumeRun(await platform().crawl(), db, { tenantId, sourceId });
  refresh();
});

export const stopCrawl = action(OneSource, "admin", async ({ sourceId }, { db, tenantId }) => {
  await crawl.stopRun(await platform().crawl(), db, { tenantId, sourceId });
  refresh();
});

/** Without `pageIds` all that failed. */
export const retryPages = action(
  OneSource.extend({ pageIds: z.array(z.uuid()).min(1).max(100).optional() }),
  "admin",
  async ({ sourceId, pageIds }, { db, tenantId }) => {
    await crawl.retryPages(await platform().crawl(), db, { tenantId, sourceId, ...(pageIds && { pageIds }) });
    refresh();
  },
);

export const updateSource = action(
  OneSource.extend(SourceSettings.shape),
  "admin",
  async ({ sourceId, ...settings }, { db, tenantId }) => {
    await crawl.updateSource(db, { tenantId, sourceId, ...settings });
    refresh();
  },
);

export const previewPatterns = action(
  OneSource.extend(SourcePatterns.shape),
  "viewer",
  async ({ sourceId, ...patterns }, { db, tenantId }) =>
    crawl.previewSourcePatterns(db, { tenantId, sourceId, ...patterns }),
);

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
