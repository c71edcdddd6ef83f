"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { action } from "@/app/_server/action";
import * as agents from "@/lib/agents";
import { AccentColor, AgentName, WidgetLanguage } from "@/lib/agents/schema";
import * as embed from "@/lib/embed";
import { SETTINGS_LIMITS, UpdateWidgetSettings } from "@/lib/embed/schema";

const OneAgent = z.object({ agentId: z.uuid() });

/** Name, colour and language are the agent's own, the rest is its widget's; saved together because they are seen together. */
export const saveAppearance = action(
  OneAgent.extend({
    name: AgentName,
    accentColor: AccentColor,
    language: WidgetLanguage,
    ...UpdateWidgetSettings.pick({
      theme: true,
      position: true,
      launcherText: true,
      variables: true,
      whiteLabel: true,
      consentText: true,
      consentLabel: true,
    }).required().shape,
  }),
  "admin",
  async ({ agentId, name, accentColor, language, ...settings }, { db, tenantId }) => {
    await agents.updateAgent(db, { tenantId, agentId, name, accentColor, language });
    await embed.updateWidgetSettings(db, { tenantId, agentId, ...settings });
    refresh();
  },
);

export const saveAvatar = action(
  OneAgent.extend({
    data: z
      .base64()
      .max(Math.ceil(SETTINGS_LIMITS.avatarBytes / 3) * 4, "The picture is too large. Use a smaller one."),
  }),
  "admin",
  async ({ agentId, data }, { db, tenantId }) => {
    const bytes = new Uint8Array(Buffer.from(data, "base64"));
    const avatar = await embed.saveAvatar(db, { tenantId, agentId, bytes });
    refresh();
    return { avatar };
  },
);

export const removeAvatar = action(OneAgent, "admin", async ({ agentId }, { db, tenantId }) => {
  await embed.removeAvatar(db, { tenantId, agentId });
  refresh();
});
