import type { SupabaseClient } from "@supabase/supabase-js";
import { AppError } from "@/lib/core/errors";
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

const FORBIDDEN = "42501";
const FOREIGN_KEY = "23503";
const WRONG_STATE = "ALH01";

/** What a refused write means to the member. */
export function writeError(cause: { code: string; message: string }): AppError {
  switch (cause.code) {
    case FORBIDDEN:
      return new AppError("forbidden", "Your role in this workspace does not allow that.", { cause });
    case FOREIGN_KEY:
      return new AppError("not_found", "This conversation or agent no longer exists.", { cause });
    case WRONG_STATE:
      return new AppError("conflict", "The conversation has moved on meanwhile. Look at it again.", { cause });
    default:
      return new AppError("upstream_failed", "This could not be saved. Try again in a moment.", { cause });
  }
}

export const readError = (cause: { code?: string; message: string }): AppError =>
  new AppError("upstream_failed", "The conversation could not be read. Try again in a moment.", { cause });
