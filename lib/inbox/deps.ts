import type { SupabaseClient } from "@supabase/supabase-js";
import { AppError } from "@/lib/core/errors";
import type { Database } from "@/lib/db/types.gen";

export type Members = SupabaseClient<Database>;

/** Whose conversations. */
export interface AgentRef {
  tenantId: string;
  agentId: string;
}

const FORBIDDEN = "42501";
const FOREIGN_KEY = "23503";

/** What a refused write means to the member. @param gone what to say when the row that it hangs on is not there */
export function writeError(
  error: { code: string; message: string },
  gone = "This conversation no longer exists.",
): AppError {
  if (error.code === FORBIDDEN)
    return new AppError("forbidden", "Your role may not do this. Ask an admin of this workspace.", { cause: error });
  if (error.code === FOREIGN_KEY) return new AppError("not_found", gone, { cause: error });
  return new AppError("internal", "This could not be saved. Try again in a moment.", { cause: error });
}

export const readError = (error: { code: string; message: string }): AppError =>
  new AppError("internal", "The conversations could not be read. Try again in a moment.", { cause: error });
