"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { action } from "@/app/_server/action";
import { platform } from "@/app/_server/platform";
import * as evaluation from "@/lib/evaluation";
import {
  MAX_IMPORT_LENGTH,
  MAX_QUESTIONS,
  MinPassRate,
  Repeats,
  RunLabel,
  SetName,
  TestQuestion,
} from "@/lib/evaluation/schema";

const setId = z.uuid();
const agentId = z.uuid();
const From = z.enum(["knowledge", "conversation"]);

export const createSet = action(z.object({ agentId, name: SetName }), "admin", (input, { db, tenantId }) =>
  evaluation.createSet(db, { tenantId, ...input }),
);

export const updateSet = action(
  z.object({ setId, name: SetName.optional(), minPassRate: MinPassRate.optional() }),
  "admin",
  async ({ setId, name, minPassRate }, { db, tenantId }) => {
    await evaluation.updateSet(db, {
      tenantId,
      setId,
      ...(name === undefined ? {} : { name }),
      ...(minPassRate === undefined ? {} : { minPassRate }),
    });
    refresh();
  },
);

export const deleteSet = action(z.object({ setId }), "admin", (input, { db, tenantId }) =>
  evaluation.deleteSet(db, { tenantId, ...input }),
);

export const addQuestion = action(
  z.object({ setId, question: TestQuestion }),
  "admin",
  async ({ setId, question }, { db, tenantId }) => {
    const result = await evaluation.addQuestions(db, { tenantId, setId, questions: [question], origin: "written" });
    refresh();
    return result;
  },
);

export const importQuestions = action(
  z.object({
    setId,
    text: z.string().max(MAX_IMPORT_LENGTH, "This file is too large. Divide it into several."),
  }),
  "admin",
  async ({ setId, text }, { db, tenantId }) => {
    const questions = evaluation.readQuestions(text);
    const result = await evaluation.addQuestions(db, { tenantId, setId, questions, origin: "imported" });
    refresh();
    return result;
  },
);

export const proposeQuestions = action(
  z.object({ agentId, setId, from: From }),
  "admin",
  ({ from, ...ref }, { db, tenantId }) =>
    (from === "knowledge" ? evaluation.proposeFromKnowledge : evaluation.proposeFromConversations)(db, {
      tenantId,
      ...ref,
    }),
);

export const addProposals = action(
  z.object({ setId, from: From, questions: z.array(TestQuestion).max(MAX_QUESTIONS) }),
  "admin",
  async ({ setId, from, questions }, { db, tenantId }) => {
    const result = await evaluation.addQuestions(db, { tenantId, setId, questions, origin: from });
    refresh();
    return result;
  },
);

export const updateQuestion = action(
  z.object({ questionId: z.uuid(), question: TestQuestion }),
  "admin",
  async (input, { db, tenantId }) => {
    await evaluation.updateQuestion(db, { tenantId, ...input });
    refresh();
  },
);

export const deleteQuestion = action(z.object({ questionId: z.uuid() }), "admin", async (input, { db, tenantId }) => {
  await evaluation.deleteQuestion(db, { tenantId, ...input });
  refresh();
});

export const startRun = action(
  z.object({ setId, repeats: Repeats, label: RunLabel, versionId: z.uuid() }),
  "admin",
  async (input, { db, tenantId }) => evaluation.startRun(await platform().queues(), db, { tenantId, ...input }),
);

export const cancelRun = action(z.object({ runId: z.uuid() }), "admin", async (input, { db, tenantId }) => {
  await evaluation.cancelRun(await platform().queues(), db, { tenantId, ...input });
  refresh();
});
