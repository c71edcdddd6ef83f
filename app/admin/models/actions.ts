"use server";

import { refresh } from "next/cache";
import { platformAction } from "@/app/_server/action";
import { platform } from "@/app/_server/platform";
import * as models from "@/lib/models";
import { AddModel, ChangeModel, RemoveModel } from "@/lib/models/schema";

/** In force in this process at once, in the others within seconds. */
async function takeOver(): Promise<void> {
  await platform().models.refresh();
  refresh();
}

export const addModel = platformAction(AddModel, async (input, { db }) => {
  await models.addModel(db, input);
  await takeOver();
});

export const changeModel = platformAction(ChangeModel, async (input, { db }) => {
  await models.changeModel(db, input);
  await takeOver();
});

export const removeModel = platformAction(RemoveModel, async (input, { db }) => {
  await models.removeModel(db, input);
  await takeOver();
});
