import type { PostgrestError } from "@supabase/supabase-js";
import { AppError } from "@/lib/core/errors";
import type { Database } from "@/lib/db/types.gen";
import type { Agent } from "./schema";

export const AGENT_COLUMNS =
  "id, public_id, name, welcome_message, suggested_questions, fallback_message, instructions, confidence_threshold, accent_color, allowed_domains, created_at, updated_at";

type AgentRow = Pick<
  Database["public"]["Tables"]["agents"]["Row"],
  | "id"
  | "public_id"
  | "name"
  | "welcome_message"
  | "suggested_questions"
  | "fallback_message"
  | "instructions"
  | "confidence_threshold"
  | "accent_color"
  | "allowed_domains"
  | "created_at"
  | "updated_at"
>;

export const agentFromRow = (row: AgentRow): Agent => ({
  id: row.id,
  publicId: row.public_id,
  name: row.name,
  welcomeMessage: row.welcome_message,
  suggestedQuestions: row.suggested_questions,
  fallbackMessage: row.fallback_message,
  instructions: row.instructions,
  confidenceThreshold: row.confidence_threshold,
  accentColor: row.accent_color,
  allowedDomains: row.allowed_domains,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

/** What PostgREST said, as an error with words for the person who asked. */
export function databaseError(error: PostgrestError, message: string): AppError {
  if (error.code === "42501")
    return new AppError("forbidden", "Your role in this workspace does not allow that.", { cause: error });
  if (error.code === "23505") return new AppError("conflict", "That already exists.", { cause: error });
  return new AppError("upstream_failed", message, { cause: error });
}
