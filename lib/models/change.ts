import type { SupabaseClient } from "@supabase/supabase-js";
import { AppError } from "@/lib/core/errors";
import { type DatabaseError, memberError } from "@/lib/db/member-error";
import type { Database } from "@/lib/db/types.gen";
import { rowOfFacts } from "./rows";
import { AddModel, ChangeModel, modelName, RemoveModel } from "./schema";

type Admin = SupabaseClient<Database>;

/** @throws AppError conflict when it is there already, forbidden for who is no platform admin */
export async function addModel(db: Admin, input: AddModel): Promise<void> {
  const { provider, model, ...facts } = AddModel.parse(input);
  const own =
    facts.kind === "embedding"
      ? { dimensions: facts.dimensions, request_dimensions: facts.requestDimensions }
      : { dimensions: null };
  const { error } = await db.from("models").insert({ provider, model, kind: facts.kind, ...rowOfFacts(facts), ...own });
  if (error?.code === "23505")
    throw new AppError("conflict", `${modelName({ provider, model })} is in the list already. Edit it there.`);
  if (error) throw writeError(error);
}

/**
 * All but what a model is: kind, dimensions and name stay as they were when it was added.
 * @throws AppError conflict when it is not as it was seen any more; so it is for who is no platform admin
 */
export async function changeModel(db: Admin, input: ChangeModel): Promise<void> {
  const { provider, model, seen, ...facts } = ChangeModel.parse(input);
  const { data, error } = await db
    .from("models")
    .update(rowOfFacts(facts))
    .match({ provider, model, kind: facts.kind, updated_at: seen })
    .select("model");
  if (error) throw writeError(error);
  if (data.length === 0) throw moved();
}

/** Its calls of before keep their price. @throws AppError conflict as `changeModel`, or for a local model */
export async function removeModel(db: Admin, input: RemoveModel): Promise<void> {
  const { provider, model, seen } = RemoveModel.parse(input);
  if (provider === "local")
    throw new AppError("conflict", "The local models are part of the product. Disable it instead.");
  const { data, error } = await db.from("models").delete().match({ provider, model, updated_at: seen }).select("model");
  if (error) throw writeError(error);
  if (data.length === 0) throw moved();
}

const moved = () =>
  new AppError("conflict", "Somebody changed this model meanwhile. Reload the page to see it; yours is not saved.");

const writeError = (cause: DatabaseError): AppError =>
  memberError(cause, {
    forbidden: "Models are changed by platform admins only.",
    otherwise: "The model could not be saved. Try again in a minute.",
  });
