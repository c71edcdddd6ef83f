import type { SupabaseClient } from "@supabase/supabase-js";
import type { AppError } from "@/lib/core/errors";
import { type DatabaseError, memberError } from "@/lib/db/member-error";
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

/** What a refused write means to the member. */
export const writeError = (cause: DatabaseError): AppError =>
  memberError(cause, {
    forbidden: "Your role may not change sources. Ask an admin of this workspace.",
    not_found: "This agent or source no longer exists.",
    otherwise: "This could not be saved. Try again in a moment.",
  });
