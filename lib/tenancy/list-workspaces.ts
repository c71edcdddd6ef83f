import type { SupabaseClient } from "@supabase/supabase-js";
import { AppError } from "@/lib/core/errors";
import type { Database } from "@/lib/db/types.gen";
import type { Workspace } from "./schema";

/**
 * The tenants a user belongs to, by name.
 * @param db a client under the user's own session: row-level security leaves only their tenants
 * @throws AppError "upstream_failed" when the database does not answer
 */
export async function listWorkspaces(
  db: SupabaseClient<Database>,
  { userId }: { userId: string },
): Promise<Workspace[]> {
  const [tenants, memberships] = await Promise.all([
    db.from("tenants").select("id, slug, name").order("name"),
    db.from("members").select("tenant_id, role").eq("user_id", userId),
  ]);
  const error = tenants.error ?? memberships.error;
  if (error) throw new AppError("upstream_failed", "Your workspaces could not be loaded.", { cause: error });

  const roles = new Map((memberships.data ?? []).map((row) => [row.tenant_id, row.role]));
  return (tenants.data ?? []).flatMap((tenant) => {
    const role = roles.get(tenant.id);
    return role ? [{ ...tenant, role }] : [];
  });
}
