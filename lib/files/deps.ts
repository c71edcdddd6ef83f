import type { SupabaseClient } from "@supabase/supabase-js";
import { AppError } from "@/lib/core/errors";
import type { Db } from "@/lib/db/pool";
import type { Database } from "@/lib/db/types.gen";
import type { Gateway } from "@/lib/llm";
import type { Queues } from "@/lib/queue";
import type { ObjectStorage } from "@/lib/storage";
import type { Scanner } from "./scan";

export type Members = SupabaseClient<Database>;

/** What files need from outside. */
export interface FilesDeps {
  db: Db;
  queues: Queues;
  gateway: Gateway;
  /** Null without SUPABASE_SECRET_KEY: then files cannot be uploaded. */
  storage: ObjectStorage | null;
  config: {
    maxFileBytes: number;
    /** Several files at once. */
    bulkUpload: boolean;
    scanner: Scanner | null;
    crashAt?: string | undefined;
  };
}

/** The part of it that a request needs. */
export type UploadDeps = Pick<FilesDeps, "db" | "queues" | "storage" | "config">;

const FORBIDDEN = "42501";
const FOREIGN_KEY = "23503";

/** What a refused write means to the member. */
export function writeError(error: { code: string; message: string }): AppError {
  if (error.code === FORBIDDEN)
    return new AppError("forbidden", "Your role may not change sources. Ask an admin of this workspace.", {
      cause: error,
    });
  if (error.code === FOREIGN_KEY)
    return new AppError("not_found", "This agent or source no longer exists.", { cause: error });
  return new AppError("internal", "This could not be saved. Try again in a moment.", { cause: error });
}
