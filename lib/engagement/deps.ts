import type { SupabaseClient } from "@supabase/supabase-js";
import type { AppError } from "@/lib/core/errors";
import { type DatabaseError, memberError } from "@/lib/db/member-error";
import type { Db } from "@/lib/db/pool";
import type { Database } from "@/lib/db/types.gen";
import type { Scanner } from "@/lib/files";
import type { LeadDeps } from "@/lib/leads";
import type { ObjectStorage } from "@/lib/storage";

/** A member's own client: row-level security decides. */
export type Members = SupabaseClient<Database>;

/** What the widget's parts need from outside. */
export interface EngagementDeps extends LeadDeps {
  db: Db;
  appOrigin: string;
  limits: { visitorPerMinute: number; addressPerMinute: number } | null;
  /** Null without SUPABASE_SECRET_KEY: then visitors can send no files. */
  storage: ObjectStorage | null;
  scanner: Scanner | null;
  /** Where the browsers of visitors may listen; null: they ask every few seconds. */
  live: { url: string; key: string } | null;
}

/** What a refused write means to the member. */
export const writeError = (
  cause: DatabaseError,
  forbidden = "Your role in this workspace does not allow that.",
): AppError =>
  memberError(cause, {
    forbidden,
    not_found: "This conversation or agent no longer exists.",
    conflict: "The conversation has moved on meanwhile. Look at it again.",
    otherwise: "This could not be saved. Try again in a moment.",
  });

export const readError = (cause: DatabaseError): AppError =>
  memberError(cause, { otherwise: "The conversation could not be read. Try again in a moment." });
