"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { action } from "@/app/_server/action";
import * as leads from "@/lib/leads";

export const deleteLead = action(z.object({ conversationId: z.uuid() }), "admin", async (input, { db, tenantId }) => {
  await leads.deleteLead(db, { tenantId, ...input });
  refresh();
});
