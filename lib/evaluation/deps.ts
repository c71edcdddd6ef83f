import type { SupabaseClient } from "@supabase/supabase-js";
import type { ChatDeps } from "@/lib/chat";
import type { AppError } from "@/lib/core/errors";
import { type DatabaseError, memberError } from "@/lib/db/member-error";
import type { Database } from "@/lib/db/types.gen";
import type { Queues } from "@/lib/queue";

export type Members = SupabaseClient<Database>;

/** What evaluation needs from outside. */
export interface EvaluationDeps {
  chat: ChatDeps;
  queues: Queues;
  config: {
    /** Set in tests only: the name of the step after which the process ends itself. */
    crashAt?: string | undefined;
  };
}

/** What a refused write means to the member. @param taken what to say when the name, question or run is there already */
export const writeError = (cause: DatabaseError, taken = "This exists already."): AppError =>
  memberError(cause, {
    forbidden: "Your role may not change evaluations. Ask an admin of this workspace.",
    not_found: "This agent or test set no longer exists.",
    conflict: taken,
    otherwise: "This could not be saved. Try again in a moment.",
  });

export const readError = (cause: DatabaseError): AppError =>
  memberError(cause, { otherwise: "The evaluation could not be read. Try again in a moment." });
