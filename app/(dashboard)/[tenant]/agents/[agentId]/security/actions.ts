"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { action } from "@/app/_server/action";
import { platform } from "@/app/_server/platform";
import * as embed from "@/lib/embed";
import { UpdateWidgetSettings } from "@/lib/embed/schema";

const OneAgent = z.object({ agentId: z.uuid() });

/** The secret goes to the browser this once. */
export const createIdentityKey = action(OneAgent, "admin", async ({ agentId }, { db, tenantId }) => {
  const { secret } = await embed.createIdentityKey(db, platform().cipher, { tenantId, agentId });
  refresh();
  return { secret };
});

export const revokeIdentityKey = action(
  OneAgent.extend({ keyId: z.uuid() }),
  "admin",
  async ({ agentId, keyId }, { db, tenantId }) => {
    await embed.revokeIdentityKey(db, { tenantId, agentId, keyId });
    refresh();
  },
);

export const saveProtection = action(
  OneAgent.extend(
    UpdateWidgetSettings.pick({ identityRequired: true, challengeMode: true, dailyTokenBudget: true }).shape,
  ),
  "admin",
  async ({ agentId, ...settings }, { db, tenantId }) => {
    await embed.updateWidgetSettings(db, { tenantId, agentId, ...settings });
    refresh();
  },
);
