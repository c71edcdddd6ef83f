"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { action } from "@/app/_server/action";
import * as inbox from "@/lib/inbox";
import { Tag } from "@/lib/inbox/schema";

const conversationId = z.uuid();

export const addTag = action(z.object({ conversationId, tag: Tag }), "operator", async (input, { db, tenantId }) => {
  await inbox.addTag(db, { tenantId, ...input });
  refresh();
});

export const removeTag = action(z.object({ conversationId, tag: Tag }), "operator", async (input, { db, tenantId }) => {
  await inbox.removeTag(db, { tenantId, ...input });
  refresh();
});

export const deleteConversation = action(z.object({ conversationId }), "admin", async (input, { db, tenantId }) => {
  await inbox.deleteConversation(db, { tenantId, ...input });
});
