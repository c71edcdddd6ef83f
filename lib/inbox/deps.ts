import type { SupabaseClient } from "@supabase/supabase-js";
import type { AppError } from "@/lib/core/errors";
import { type DatabaseError, memberError } from "@/lib/db/member-error";
import type { Database } from "@/lib/db/types.gen";

export type Members = SupabaseClient<Database>;

/** Whose conversations. */
export interface AgentRef {
  tenantId: string;
  agentId: string;
}

/** What a refused write means to the member. @param gone what to say when the row that it hangs on is not there */
export const writeError = (cause: DatabaseError, gone = "This conversation no longer exists."): AppError =>
  memberError(cause, {
    forbidden: "Your role may not do this. Ask an admin of this workspace.",
    not_found: gone,
    otherwise: "This could not be saved. Try again in a moment.",
  });

export const readError = (cause: DatabaseError): AppError =>
  memberError(cause, { otherwise: "The conversations could not be read. Try again in a moment." });
