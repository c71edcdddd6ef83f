"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { action } from "@/app/_server/action";
import { platform } from "@/app/_server/platform";
import { WebsiteAddress } from "@/lib/crawl/schema";
import * as embed from "@/lib/embed";
import { UpdateWidgetSettings } from "@/lib/embed/schema";

const OneAgent = z.object({ agentId: z.uuid() });

export const checkInstall = action(
  OneAgent.extend({ url: WebsiteAddress }),
  "operator",
  async ({ agentId, url }, { db, tenantId }) => {
    const { env, pool, chat } = platform();
    const deps: embed.InstallCheckDeps = {
      db: pool,
      appOrigin: chat.appOrigin,
      supabaseUrl: chat.live?.url ?? null,
      userAgent: env.CRAWLER_USER_AGENT,
      allowHosts: env.CRAWL_ALLOW_HOSTS,
      limitChecks: env.RATE_LIMIT_ENABLED,
    };
    return embed.checkInstall(deps, db, { tenantId, agentId, url });
  },
);

export const saveSharing = action(
  OneAgent.extend(UpdateWidgetSettings.pick({ shareEnabled: true, shareIndexed: true, shareTitle: true }).shape),
  "admin",
  async ({ agentId, ...settings }, { db, tenantId }) => {
    await embed.updateWidgetSettings(db, { tenantId, agentId, ...settings });
    refresh();
  },
);
