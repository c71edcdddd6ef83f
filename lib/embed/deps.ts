import type { FieldCipher } from "@/lib/core/field-cipher";
import type { Db } from "@/lib/db/pool";
import type { ObjectStorage } from "@/lib/storage";

/** What the widget's surroundings need from outside. */
export interface EmbedDeps {
  db: Db;
  /** Null without FIELD_ENCRYPTION_KEYS: then no user can be vouched for. */
  cipher: FieldCipher | null;
  /** Null without SUPABASE_SECRET_KEY: then no picture is shown. */
  storage: ObjectStorage | null;
  /** The product's own origin. */
  appOrigin: string;
}
