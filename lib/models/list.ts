import type { SupabaseClient } from "@supabase/supabase-js";
import { AppError } from "@/lib/core/errors";
import type { Database, Json } from "@/lib/db/types.gen";
import { modelFromRow } from "./rows";
import type { Model, ModelChange } from "./schema";

type Admin = SupabaseClient<Database>;

const CHANGES_SHOWN = 50;

/** All models in their order, and the latest changes. Who is no platform admin sees none of either. */
export async function listModels(db: Admin): Promise<{ models: Model[]; changes: ModelChange[] }> {
  const [models, changes, people] = await Promise.all([
    db.from("models").select("*").order("position").order("provider").order("model"),
    db.from("model_changes").select("*").order("id", { ascending: false }).limit(CHANGES_SHOWN),
    db.rpc("model_editors"),
  ]);
  const error = models.error ?? changes.error ?? people.error;
  if (error) throw new AppError("upstream_failed", "The models could not be read.", { cause: error });
  const emails = new Map(people.data?.map(({ user_id, email }) => [user_id, email]));
  const nameOf = (id: string | null) => (id === null ? null : (emails.get(id) ?? null));
  return {
    models: (models.data ?? []).map(({ updated_at, updated_by, ...row }) => ({
      ...modelFromRow(row),
      updatedAt: updated_at,
      updatedBy: nameOf(updated_by),
    })),
    changes: (changes.data ?? []).map(({ id, provider, model, before, after, changed_at, changed_by }) => ({
      id,
      provider: provider as ModelChange["provider"],
      model,
      before: factsOf(before),
      after: factsOf(after),
      changedAt: changed_at,
      changedBy: nameOf(changed_by),
    })),
  };
}

/** Of a row as the record of changes keeps it. */
const factsOf = (row: Json | null): ModelChange["before"] =>
  row === null ? null : modelFromRow(row as Parameters<typeof modelFromRow>[0]);
