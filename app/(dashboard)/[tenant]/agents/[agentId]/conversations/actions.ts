"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { action } from "@/app/_server/action";
import { platform } from "@/app/_server/platform";
import * as engagement from "@/lib/engagement";
import { OperatorName, OperatorText } from "@/lib/engagement/schema";
import * as inbox from "@/lib/inbox";
import { Correction, GapStatus, Tag } from "@/lib/inbox/schema";

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

/** As long as somebody waits in front of a screen. */
const CORRECTION_TIMEOUT_MS = 20_000;

export const correctAnswer = action(
  z.object({ agentId: z.uuid(), messageId: z.uuid(), ...Correction.shape }),
  "operator",
  async (input, { db, tenantId }) => {
    const files = await platform().files();
    const done = await inbox.correctAnswer(
      files,
      db,
      { tenantId, ...input },
      AbortSignal.timeout(CORRECTION_TIMEOUT_MS),
    );
    refresh();
    return done;
  },
);

export const setGapStatus = action(
  z.object({ gapId: z.uuid(), status: GapStatus }),
  "operator",
  async (input, { db, tenantId }) => {
    await inbox.setGapStatus(db, { tenantId, ...input });
    refresh();
  },
);

export const takeOverConversation = action(
  z.object({ conversationId, name: OperatorName }),
  "operator",
  async (input, { db, tenantId }) => {
    await engagement.takeOver(db, { tenantId, ...input });
    refresh();
  },
);

export const releaseConversation = action(
  z.object({ conversationId, to: z.enum(["agent", "closed"]) }),
  "operator",
  async (input, { db, tenantId }) => {
    await engagement.release(db, { tenantId, ...input });
    refresh();
  },
);

export const replyToVisitor = action(
  z.object({ conversationId, text: OperatorText }),
  "operator",
  async (input, { db, tenantId }) => {
    await engagement.reply(db, { tenantId, ...input });
    refresh();
  },
);
