import type { SupabaseClient } from "@supabase/supabase-js";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { Database, Tables } from "@/lib/db/types.gen";
import { databaseError } from "./rows";
import { AgentSettings, type AgentVersion, type VersionState } from "./settings";

type Members = SupabaseClient<Database>;
type AgentRef = { tenantId: string; agentId: string };

/** What the history shows. */
const MAX_VERSIONS = 100;

export interface Versions {
  published: AgentVersion;
  draft: AgentVersion | null;
  /** Those that visitors got before, newest first; the last hundred. */
  retired: AgentVersion[];
}

/** The versions of an agent. @throws AppError not_found */
export async function listVersions(db: Members, { tenantId, agentId }: AgentRef): Promise<Versions> {
  const [rows, people] = await Promise.all([
    db
      .from("agent_versions")
      .select("*")
      .eq("tenant_id", tenantId)
      .eq("agent_id", agentId)
      .order("number", { ascending: false, nullsFirst: true })
      .limit(MAX_VERSIONS),
    db.rpc("agent_version_people", { p_tenant_id: tenantId, p_agent_id: agentId }),
  ]);
  const error = rows.error ?? people.error;
  if (error) throw databaseError(error, "The versions could not be loaded.");
  const emails = new Map((people.data ?? []).map(({ user_id, email }) => [user_id, email]));
  const numbers = new Map((rows.data ?? []).map(({ id, number }) => [id, number]));
  const versions = (rows.data ?? []).map((row) => versionOf(row, emails, numbers));
  const published = versions.find(({ state }) => state === "published");
  if (!published) throw new AppError("not_found", "This agent does not exist in this workspace.");
  return {
    published,
    draft: versions.find(({ state }) => state === "draft") ?? null,
    retired: versions.filter(({ state }) => state === "retired"),
  };
}

const Unmet = z.array(z.object({ name: z.string(), minPassRate: z.number(), passRate: z.number().nullable() }));

const versionOf = (
  row: Tables<"agent_versions">,
  emails: Map<string, string>,
  numbers: Map<string, number | null>,
): AgentVersion => ({
  id: row.id,
  number: row.number,
  state: row.state as VersionState,
  settings: AgentSettings.parse(row.settings),
  note: row.note,
  override: row.override_reason === null ? null : { reason: row.override_reason, unmet: Unmet.parse(row.gate_unmet) },
  restoredFrom: (row.restored_from && numbers.get(row.restored_from)) || null,
  author: (row.author_id && emails.get(row.author_id)) || null,
  publishedBy: (row.published_by && emails.get(row.published_by)) || null,
  publishedAt: row.published_at,
  updatedAt: row.updated_at,
});
