import type { SupabaseClient } from "@supabase/supabase-js";
import type { ChatDeps } from "@/lib/chat";
import { AppError } from "@/lib/core/errors";
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

const FORBIDDEN = "42501";
const FOREIGN_KEY = "23503";
const UNIQUE = "23505";

/** What a refused write means to the member. @param taken what to say when the name, question or run is there already */
export function writeError(error: { code: string; message: string }, taken = "This exists already."): AppError {
  if (error.code === FORBIDDEN)
    return new AppError("forbidden", "Your role may not change evaluations. Ask an admin of this workspace.", {
      cause: error,
    });
  if (error.code === FOREIGN_KEY)
    return new AppError("not_found", "This agent or test set no longer exists.", { cause: error });
  if (error.code === UNIQUE) return new AppError("conflict", taken, { cause: error });
  return new AppError("internal", "This could not be saved. Try again in a moment.", { cause: error });
}

export const readError = (error: { code: string; message: string }): AppError =>
  new AppError("internal", "The evaluation could not be read. Try again in a moment.", { cause: error });
