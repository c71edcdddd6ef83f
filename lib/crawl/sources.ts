import type { SupabaseClient } from "@supabase/supabase-js";
import { AppError } from "@/lib/core/errors";
import { type DatabaseError, memberError } from "@/lib/db/member-error";
import type { Database } from "@/lib/db/types.gen";
import { cancelRun, holdRun, releaseRun } from "./control-run";
import type { CrawlDeps } from "./deps";
import { retry } from "./retry-pages";
import { isCrawled, type RefreshSchedule, SourceKind } from "./schema";
import { startRun } from "./start-run";

type Members = SupabaseClient<Database>;
type SourceRef = { tenantId: string; sourceId: string };

const DEADLOCK = "40P01";

/** Crawls a source again: unchanged pages cost a conditional request, vanished ones leave the knowledge at the end. */
export async function refreshSource(deps: CrawlDeps, members: Members, ref: SourceRef): Promise<{ runId: string }> {
  await authorise(members, ref, { refresh_requested_at: new Date().toISOString() }, "refresh");
  const { runId } = await startRun(deps, ref, { limited: true });
  return { runId };
}

/** Stops the crawl of a source that is under way or paused. */
export async function stopRun(deps: CrawlDeps, members: Members, ref: SourceRef): Promise<void> {
  const { last_run_id: runId } = await authorise(members, ref, { refresh_requested_at: null }, "stop");
  if (runId) await cancelRun(deps, { tenantId: ref.tenantId, runId });
}

/**
 * Pauses the crawl of a source: nothing is fetched until it is resumed, and what is published stays.
 * @throws AppError "conflict" when none is under way
 */
export async function pauseRun(deps: CrawlDeps, members: Members, ref: SourceRef): Promise<void> {
  const { last_run_id: runId, kind } = await authorise(members, ref, { refresh_requested_at: null }, "pause");
  if (!isCrawled(SourceKind.parse(kind)) || !runId || !(await holdRun(deps, { tenantId: ref.tenantId, runId })))
    throw new AppError("conflict", "No crawl of this source is under way, so there is nothing to pause.");
}

/** Goes on with a paused crawl where it was. @throws AppError "conflict" when none is paused */
export async function resumeRun(deps: CrawlDeps, members: Members, ref: SourceRef): Promise<void> {
  const { last_run_id: runId } = await authorise(members, ref, { refresh_requested_at: null }, "resume");
  if (!runId || !(await releaseRun(deps, { tenantId: ref.tenantId, runId })))
    throw new AppError("conflict", "The crawl of this source is not paused, so there is nothing to resume.");
}

/**
 * Reads pages of a source again that did not make it, and no others.
 * @param pageIds failed, excluded, duplicate or gone pages; all failed ones unless given
 * @returns how many; 0 when there are none
 */
export async function retryPages(
  deps: CrawlDeps,
  members: Members,
  { pageIds, ...ref }: SourceRef & { pageIds?: string[] },
): Promise<{ pages: number; runId: string | null }> {
  await authorise(members, ref, { refresh_requested_at: new Date().toISOString() }, "refresh");
  return retry(deps, { ...ref, ...(pageIds && { pageIds }) });
}

/** Sets how often a source is crawled again by itself; the first time comes one interval from now. */
export async function setSchedule(
  members: Members,
  { schedule, ...ref }: SourceRef & { schedule: RefreshSchedule },
): Promise<{ nextRunAt: string | null }> {
  const row = await authorise(members, ref, { refresh_schedule: schedule }, "schedule");
  return { nextRunAt: row.next_run_at };
}

type SourcePatch = Database["public"]["Tables"]["sources"]["Update"];

/** A write to the source's row under row-level security, which is what shows that the member may do it. */
async function authorise(members: Members, { tenantId, sourceId }: SourceRef, patch: SourcePatch, verb: string) {
  const { data, error } = await members
    .from("sources")
    .update(patch)
    .eq("tenant_id", tenantId)
    .eq("id", sourceId)
    .select("kind, last_run_id, next_run_at")
    .maybeSingle();
  if (error) throw writeError(error);
  if (!data) throw new AppError("not_found", `This source no longer exists, or your role may not ${verb} it.`);
  return data;
}

/**
 * Deletes a source with all that came from it: pages, versions, chunks, and their share of the statistics.
 * Tried again when it and a worker that is storing a page of it wait for one another: the database then lets one of them fail.
 */
export async function deleteSource(members: Members, { tenantId, sourceId }: SourceRef, triesLeft = 3): Promise<void> {
  const { data, error } = await members
    .from("sources")
    .delete()
    .eq("tenant_id", tenantId)
    .eq("id", sourceId)
    .select("id")
    .maybeSingle();
  if (error?.code === DEADLOCK && triesLeft > 1) return deleteSource(members, { tenantId, sourceId }, triesLeft - 1);
  if (error) throw writeError(error);
  if (!data) throw new AppError("not_found", "This source no longer exists, or your role may not delete it.");
}

export const writeError = (cause: DatabaseError): AppError =>
  memberError(cause, {
    forbidden: "Your role may not change sources. Ask an admin of this workspace.",
    bad_request: "This setting does not fit this kind of source.",
    otherwise: "The source could not be saved. Try again in a moment.",
  });
