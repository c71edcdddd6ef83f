import type { SupabaseClient } from "@supabase/supabase-js";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { Database } from "@/lib/db/types.gen";
import { databaseError } from "./rows";
import { CrawlRun, type Source } from "./schema";
import { LIVE_PAGES, RUN_COLUMNS, SOURCE_COLUMNS, sourceFromRow } from "./source-rows";

type Db = SupabaseClient<Database>;

/** Sources of an agent, oldest first, each with its latest run. */
export async function listSources(
  db: Db,
  { tenantId, agentId }: { tenantId: string; agentId: string },
): Promise<Source[]> {
  const { data, error } = await db
    .from("sources")
    .select(SOURCE_COLUMNS)
    .not(LIVE_PAGES, "is", null)
    .eq("tenant_id", tenantId)
    .eq("agent_id", agentId)
    .order("created_at")
    .limit(200);
  if (error) throw databaseError(error, "The sources could not be loaded.");
  const runs = await latestRuns(db, { tenantId, sources: data });
  return data.map((row) => sourceFromRow(row, runs.get(row.last_run_id ?? "")));
}

/** The runs that sources name as their last, by id; asked for in batches, because the ids stand in a URL. */
export async function latestRuns(
  db: Db,
  { tenantId, sources }: { tenantId: string; sources: { last_run_id: string | null }[] },
): Promise<Map<string, unknown>> {
  const ids = sources.flatMap((source) => source.last_run_id ?? []);
  const batches = Array.from({ length: Math.ceil(ids.length / 100) }, (_, i) => ids.slice(i * 100, i * 100 + 100));
  const results = await Promise.all(
    batches.map((batch) => db.from("crawl_runs").select(RUN_COLUMNS).eq("tenant_id", tenantId).in("id", batch)),
  );
  const error = results.find((result) => result.error)?.error;
  if (error) throw databaseError(error, "The progress could not be loaded.");
  return new Map(results.flatMap((result) => (result.data ?? []).map((run) => [run.id, run] as const)));
}

/** @throws AppError "not_found" for a source of another agent or tenant as for one that never was */
export async function getSource(
  db: Db,
  { tenantId, agentId, sourceId }: { tenantId: string; agentId: string; sourceId: string },
): Promise<Source> {
  const missing = () => new AppError("not_found", "This source does not exist in this workspace.");
  if (!z.uuid().safeParse(sourceId).success || !z.uuid().safeParse(agentId).success) throw missing();
  const { data, error } = await db
    .from("sources")
    .select(SOURCE_COLUMNS)
    .not(LIVE_PAGES, "is", null)
    .eq("tenant_id", tenantId)
    .eq("agent_id", agentId)
    .eq("id", sourceId)
    .maybeSingle();
  if (error) throw databaseError(error, "The source could not be loaded.");
  if (!data) throw missing();
  const run = data.last_run_id ? await getRun(db, { tenantId, runId: data.last_run_id }).catch(ignoreMissing) : null;
  return { ...sourceFromRow(data, null), run };
}

/** @throws AppError "not_found" unless all of them are sources of this agent that the member sees */
export async function assertSources(
  db: Db,
  { tenantId, agentId, sourceIds }: { tenantId: string; agentId: string; sourceIds: string[] },
): Promise<void> {
  const { count, error } = await db
    .from("sources")
    .select("id", { count: "exact", head: true })
    .eq("tenant_id", tenantId)
    .eq("agent_id", agentId)
    .in("id", sourceIds);
  if (error) throw databaseError(error, "The sources could not be loaded.");
  if (count !== new Set(sourceIds).size)
    throw new AppError("not_found", "A source to search in does not exist any more. Reload the page and choose again.");
}

/** @throws AppError "not_found" */
export async function getRun(db: Db, { tenantId, runId }: { tenantId: string; runId: string }): Promise<CrawlRun> {
  const { data, error } = await db
    .from("crawl_runs")
    .select(RUN_COLUMNS)
    .eq("tenant_id", tenantId)
    .eq("id", runId)
    .maybeSingle();
  if (error) throw databaseError(error, "The progress could not be loaded.");
  if (!data) throw new AppError("not_found", "This crawl does not exist in this workspace.");
  return CrawlRun.parse(data);
}

function ignoreMissing(error: unknown): null {
  if (error instanceof AppError && error.code === "not_found") return null;
  throw error;
}
