"use server";

import { z } from "zod";
import { action } from "@/app/_server/action";
import * as engagement from "@/lib/engagement";
import { EngagementSettings } from "@/lib/engagement/schema";

export const saveEngagement = action(
  EngagementSettings.extend({ agentId: z.uuid() }),
  "admin",
  async (input, { db, tenantId }) => engagement.updateEngagement(db, { tenantId, ...input }),
);
