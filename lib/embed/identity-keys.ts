import { randomBytes } from "node:crypto";
import type { SupabaseClient } from "@supabase/supabase-js";
import { databaseError } from "@/lib/agents";
import { AppError } from "@/lib/core/errors";
import type { FieldCipher } from "@/lib/core/field-cipher";
import { newId } from "@/lib/core/ids";
import type { Database } from "@/lib/db/types.gen";
import { sealIdentitySecret } from "./identity-secret";
import { IDENTITY_LIMITS, type IdentityKey } from "./schema";

type Db = SupabaseClient<Database>;
type OfAgent = { tenantId: string; agentId: string };

/** Keys that hold or held lately, newest first; none for members below admin. */
export async function listIdentityKeys(db: Db, { tenantId, agentId }: OfAgent): Promise<IdentityKey[]> {
  const { data, error } = await db
    .from("identity_keys")
    .select("id, hint, created_at, expires_at")
    .eq("tenant_id", tenantId)
    .eq("agent_id", agentId)
    .order("id", { ascending: false });
  if (error) throw databaseError(error, "The identity keys could not be loaded.");
  return data.map((row) => ({ id: row.id, hint: row.hint, createdAt: row.created_at, expiresAt: row.expires_at }));
}

/**
 * Makes a key. Keys that were there hold for a day more, so that the customer's server can change over.
 * @returns the secret, which is never shown again
 * @throws AppError "forbidden" for members below admin, "config_invalid" without FIELD_ENCRYPTION_KEYS
 */
export async function createIdentityKey(
  db: Db,
  cipher: FieldCipher | null,
  { tenantId, agentId }: OfAgent,
): Promise<{ id: string; secret: string }> {
  const id = newId();
  const secret = `ids_${randomBytes(32).toString("base64url")}`;
  const sealed = sealIdentitySecret(cipher, id, secret);
  const older = (await listIdentityKeys(db, { tenantId, agentId })).filter(({ expiresAt }) => expiresAt === null);
  const { error } = await db
    .from("identity_keys")
    .insert({ id, tenant_id: tenantId, agent_id: agentId, sealed: sealed, hint: secret.slice(-4) });
  if (error) throw databaseError(error, "The key could not be created.");
  if (older.length > 0) {
    const expires = new Date(Date.now() + IDENTITY_LIMITS.overlapHours * 3_600_000).toISOString();
    const expired = await db
      .from("identity_keys")
      .update({ expires_at: expires })
      .eq("tenant_id", tenantId)
      .in(
        "id",
        older.map((key) => key.id),
      );
    if (expired.error) throw databaseError(expired.error, "The older key could not be given an end.");
  }
  return { id, secret };
}

/** A key stops to hold at once. @throws AppError "not_found" when it is gone, or may not be removed */
export async function revokeIdentityKey(
  db: Db,
  { tenantId, agentId, keyId }: OfAgent & { keyId: string },
): Promise<void> {
  const { data, error } = await db
    .from("identity_keys")
    .delete()
    .eq("tenant_id", tenantId)
    .eq("agent_id", agentId)
    .eq("id", keyId)
    .select("id");
  if (error) throw databaseError(error, "The key could not be revoked.");
  if (data.length === 0) throw new AppError("not_found", "This key is gone, or your role does not allow revoking it.");
}
