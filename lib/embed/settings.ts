import type { SupabaseClient } from "@supabase/supabase-js";
import { z } from "zod";
import { databaseError } from "@/lib/agents";
import { AppError } from "@/lib/core/errors";
import type { Database } from "@/lib/db/types.gen";
import {
  CHALLENGE_MODES,
  POSITIONS,
  THEMES,
  UpdateWidgetSettings,
  type WidgetSettings,
  WidgetVariables,
} from "./schema";

type Db = SupabaseClient<Database>;
type OfAgent = { tenantId: string; agentId: string };

const COLUMNS =
  "theme, position, avatar_path, launcher_text, variables, white_label, consent_text, consent_label, identity_required, challenge_mode, daily_token_budget, share_enabled, share_indexed, share_title, agents(tenants(may_white_label))";

const Row = z
  .object({
    theme: z.enum(THEMES),
    position: z.enum(POSITIONS),
    avatar_path: z.string().nullable(),
    launcher_text: z.string(),
    variables: WidgetVariables.catch({}),
    white_label: z.boolean(),
    consent_text: z.string().nullable(),
    consent_label: z.string(),
    identity_required: z.boolean(),
    challenge_mode: z.enum(CHALLENGE_MODES),
    daily_token_budget: z.number().nullable(),
    share_enabled: z.boolean(),
    share_indexed: z.boolean(),
    share_title: z.string(),
    agents: z.object({ tenants: z.object({ may_white_label: z.boolean() }) }),
  })
  .transform(
    (row): WidgetSettings => ({
      theme: row.theme,
      position: row.position,
      avatar: row.avatar_path?.split("/").at(-1) ?? null,
      launcherText: row.launcher_text,
      variables: row.variables,
      whiteLabel: row.white_label,
      mayWhiteLabel: row.agents.tenants.may_white_label,
      consentText: row.consent_text,
      consentLabel: row.consent_label,
      identityRequired: row.identity_required,
      challengeMode: row.challenge_mode,
      dailyTokenBudget: row.daily_token_budget,
      shareEnabled: row.share_enabled,
      shareIndexed: row.share_indexed,
      shareTitle: row.share_title,
    }),
  );

/** @throws AppError "not_found" for an agent of another tenant as for one that never was */
export async function getWidgetSettings(db: Db, { tenantId, agentId }: OfAgent): Promise<WidgetSettings> {
  const { data, error } = await db
    .from("widget_settings")
    .select(COLUMNS)
    .eq("tenant_id", tenantId)
    .eq("agent_id", agentId)
    .maybeSingle();
  if (error) throw databaseError(error, "The widget's settings could not be loaded.");
  if (!data) throw new AppError("not_found", "This agent does not exist in this workspace.");
  return Row.parse(data);
}

/** Changes the given fields and leaves the others. @throws AppError "not_found" when the agent is gone or the role is below admin */
export async function updateWidgetSettings(
  db: Db,
  { tenantId, agentId, ...patch }: OfAgent & UpdateWidgetSettings,
): Promise<WidgetSettings> {
  const values = UpdateWidgetSettings.parse(patch);
  const columns = {
    ...(values.theme !== undefined && { theme: values.theme }),
    ...(values.position !== undefined && { position: values.position }),
    ...(values.launcherText !== undefined && { launcher_text: values.launcherText }),
    ...(values.variables !== undefined && { variables: values.variables }),
    ...(values.whiteLabel !== undefined && { white_label: values.whiteLabel }),
    ...(values.consentText !== undefined && { consent_text: values.consentText }),
    ...(values.consentLabel !== undefined && { consent_label: values.consentLabel }),
    ...(values.identityRequired !== undefined && { identity_required: values.identityRequired }),
    ...(values.challengeMode !== undefined && { challenge_mode: values.challengeMode }),
    ...(values.dailyTokenBudget !== undefined && { daily_token_budget: values.dailyTokenBudget }),
    ...(values.shareEnabled !== undefined && { share_enabled: values.shareEnabled }),
    ...(values.shareIndexed !== undefined && { share_indexed: values.shareIndexed }),
    ...(values.shareTitle !== undefined && { share_title: values.shareTitle }),
  };
  const { data, error } = await db
    .from("widget_settings")
    .update(columns)
    .eq("tenant_id", tenantId)
    .eq("agent_id", agentId)
    .select(COLUMNS)
    .maybeSingle();
  if (error) throw databaseError(error, "The change could not be saved.");
  if (!data) throw new AppError("not_found", "This agent does not exist, or your role does not allow changing it.");
  return Row.parse(data);
}
/** Tokens that visitors used up today; 0 without a budget. */
export async function tokensToday(db: Db, { tenantId, agentId }: OfAgent): Promise<number> {
  const { data, error } = await db
    .from("token_days")
    .select("used")
    .eq("tenant_id", tenantId)
    .eq("agent_id", agentId)
    .eq("day", new Date().toISOString().slice(0, 10))
    .maybeSingle();
  if (error) throw databaseError(error, "Today's use could not be loaded.");
  return data?.used ?? 0;
}

export interface Sighting {
  host: string;
  allowed: boolean;
  lastSeenAt: string;
}

/** Hosts whose pages asked for the widget in the last 90 days, the latest first. */
export async function listSightings(db: Db, { tenantId, agentId }: OfAgent): Promise<Sighting[]> {
  const { data, error } = await db
    .from("widget_sightings")
    .select("host, allowed, last_seen_at")
    .eq("tenant_id", tenantId)
    .eq("agent_id", agentId)
    .order("last_seen_at", { ascending: false })
    .limit(100);
  if (error) throw databaseError(error, "The pages that use the widget could not be loaded.");
  return data.map((row) => ({ host: row.host, allowed: row.allowed, lastSeenAt: row.last_seen_at }));
}
