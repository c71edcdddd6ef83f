"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { action } from "@/app/_server/action";
import { platform } from "@/app/_server/platform";
import * as agents from "@/lib/agents";
import { AgentName, nameFromUrl } from "@/lib/agents/schema";
import { addWebsite } from "@/lib/crawl";
import { WebsiteAddress } from "@/lib/crawl/schema";

const CreateAgentFromUrl = z.object({
  url: WebsiteAddress,
  name: z.union([z.literal("").transform(() => undefined), AgentName]).optional(),
});

/** An agent, its website, and the first crawl of it; an address that cannot be crawled leaves no agent behind. */
export const createAgentFromUrl = action(CreateAgentFromUrl, "admin", async ({ url, name }, { db, tenantId }) => {
  const host = URL.canParse(url) ? new URL(url).host : null;
  const agent = await agents.createAgent(db, {
    tenantId,
    name: name ?? (host ? nameFromUrl(url) : "Website agent"),
    allowedDomains: host ? [host] : [],
  });
  try {
    await addWebsite(await platform().crawl(), db, { tenantId, agentId: agent.id, url });
  } catch (error) {
    await agents.deleteAgent(db, { tenantId, agentId: agent.id });
    throw error;
  }
  refresh();
  return { agentId: agent.id };
});

export const deleteAgent = action(z.object({ agentId: z.uuid() }), "admin", async ({ agentId }, { db, tenantId }) => {
  await agents.deleteAgent(db, { tenantId, agentId });
  refresh();
});
