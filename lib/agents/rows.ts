import type { AppError } from "@/lib/core/errors";
import { type DatabaseError, memberError } from "@/lib/db/member-error";
import type { Tables } from "@/lib/db/types.gen";
import { type Agent, AgentSettings, WidgetLanguage } from "./schema";

export const AGENT_COLUMNS =
  "id, public_id, name, accent_color, language, allowed_domains, created_at, updated_at, agent_versions(id, number, settings)";

type AgentRow = Pick<
  Tables<"agents">,
  "id" | "public_id" | "name" | "accent_color" | "language" | "allowed_domains" | "created_at" | "updated_at"
> & { agent_versions: Pick<Tables<"agent_versions">, "id" | "number" | "settings">[] };

/** @param row with its published version, and no other */
export function agentFromRow(row: AgentRow): Agent {
  const published = row.agent_versions[0]!;
  return {
    id: row.id,
    publicId: row.public_id,
    name: row.name,
    accentColor: row.accent_color,
    language: WidgetLanguage.catch("en").parse(row.language),
    allowedDomains: row.allowed_domains,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    published: {
      versionId: published.id,
      number: published.number!,
      settings: AgentSettings.parse(published.settings),
    },
  };
}

/** What PostgREST said, as an error with words for the person who asked. */
export const databaseError = (cause: DatabaseError, otherwise: string): AppError =>
  memberError(cause, {
    forbidden: "Your role in this workspace does not allow that.",
    not_found: "What this belongs to no longer exists. Reload the page.",
    conflict: "That already exists.",
    otherwise,
  });
