import type { SupabaseClient } from "@supabase/supabase-js";
import { AppError } from "@/lib/core/errors";
import type { FieldCipher } from "@/lib/core/field-cipher";
import type { Db } from "@/lib/db/pool";
import type { Database } from "@/lib/db/types.gen";

/** A member's own client: row-level security decides. */
export type Members = SupabaseClient<Database>;

export interface LeadDeps {
  db: Db;
  /** Null without FIELD_ENCRYPTION_KEYS. */
  cipher: FieldCipher | null;
}

/** @throws AppError "conflict" where nothing can be encrypted: then no contact details are kept at all */
export function needCipher(cipher: FieldCipher | null): FieldCipher {
  if (cipher) return cipher;
  throw new AppError(
    "conflict",
    "Contact details cannot be kept on this server. Ask whoever runs it to set FIELD_ENCRYPTION_KEYS.",
  );
}

/** A lead opens in its own row alone. */
export const leadContext = (tenantId: string, conversationId: string): string => `${tenantId}:leads:${conversationId}`;
