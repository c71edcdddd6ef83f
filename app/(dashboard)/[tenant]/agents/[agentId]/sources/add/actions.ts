"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { action } from "@/app/_server/action";
import { platform } from "@/app/_server/platform";
import * as files from "@/lib/files";
import { MAX_FILES_AT_ONCE, MAX_IMPORT_LENGTH, Pair, PastedText, SourceName, UploadRequest } from "@/lib/files/schema";

const OneFile = z.object({ fileId: z.uuid() });
const OnePair = z.object({ pairId: z.uuid() });

export const requestUploads = action(
  z.object({
    agentId: z.uuid(),
    sourceId: z.uuid().optional(),
    files: z.array(UploadRequest).min(1).max(MAX_FILES_AT_ONCE, `At most ${MAX_FILES_AT_ONCE} files at once.`),
  }),
  "admin",
  async ({ agentId, sourceId, files: asked }, { db, tenantId }) =>
    files.requestUploads(await platform().files(), db, {
      tenantId,
      agentId,
      files: asked,
      ...(sourceId !== undefined && { sourceId }),
    }),
);

export const confirmUpload = action(OneFile, "admin", async ({ fileId }, { db, tenantId }) => {
  const { sourceId } = await files.confirmUpload(await platform().files(), db, { tenantId, fileId });
  return { sourceId };
});

export const readFileAgain = action(OneFile, "admin", async ({ fileId }, { db, tenantId }) => {
  await files.confirmUpload(await platform().files(), db, { tenantId, fileId });
  refresh();
});

export const setFilePublic = action(
  OneFile.extend({ isPublic: z.boolean() }),
  "admin",
  async ({ fileId, isPublic }, { db, tenantId }) => {
    await files.setFilePublic(db, { tenantId, fileId, isPublic });
    refresh();
  },
);

export const deleteFile = action(OneFile, "admin", async ({ fileId }, { db, tenantId }) => {
  await files.deleteFile(db, { tenantId, fileId });
  refresh();
});

export const addText = action(
  z.object({ agentId: z.uuid(), name: SourceName, text: PastedText }),
  "admin",
  async ({ agentId, name, text }, { db, tenantId }) => {
    const { sourceId } = await files.addText(await platform().files(), db, { tenantId, agentId, name, text });
    return { sourceId };
  },
);

export const updateText = action(
  z.object({ sourceId: z.uuid(), name: SourceName, text: PastedText }),
  "admin",
  async ({ sourceId, name, text }, { db, tenantId }) => {
    await files.updateText(await platform().files(), db, { tenantId, sourceId, name, text });
    refresh();
    return { sourceId };
  },
);

export const addPairs = action(
  z.object({ agentId: z.uuid(), name: SourceName, pairs: z.array(Pair).min(1) }),
  "admin",
  async ({ agentId, name, pairs }, { db, tenantId }) => {
    const { sourceId } = await files.addPairs(await platform().files(), db, { tenantId, agentId, name, pairs });
    return { sourceId };
  },
);

export const savePair = action(
  Pair.extend({ sourceId: z.uuid() }),
  "admin",
  async ({ sourceId, ...pair }, { db, tenantId }) => {
    await files.savePairs(await platform().files(), db, { tenantId, sourceId, pairs: [pair] });
    refresh();
    return { sourceId };
  },
);

export const updatePair = action(OnePair.extend(Pair.shape), "admin", async (pair, { db, tenantId }) => {
  await files.updatePair(await platform().files(), db, { tenantId, ...pair });
  refresh();
});

export const deletePair = action(OnePair, "admin", async ({ pairId }, { db, tenantId }) => {
  await files.deletePair(await platform().files(), db, { tenantId, pairId });
  refresh();
});

/** Pairs from the text of a CSV or JSON file, into a new list or one that is there. */
export const importPairs = action(
  z.object({
    agentId: z.uuid(),
    sourceId: z.uuid().optional(),
    name: SourceName,
    text: z.string().max(MAX_IMPORT_LENGTH, "This file is too large to import. Split it."),
  }),
  "admin",
  async ({ agentId, sourceId, name, text }, { db, tenantId }) => {
    const deps = await platform().files();
    const pairs = files.readPairs(text);
    if (sourceId === undefined) return files.addPairs(deps, db, { tenantId, agentId, name, pairs });
    await files.savePairs(deps, db, { tenantId, sourceId, pairs });
    refresh();
    return { sourceId };
  },
);
