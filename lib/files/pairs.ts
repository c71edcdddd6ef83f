import { AppError } from "@/lib/core/errors";
import { type Members, type UploadDeps, writeError } from "./deps";
import { queueDocument } from "./queue-document";
import { MAX_PAIRS, type Pair } from "./schema";

type Deps = Pick<UploadDeps, "db" | "queues">;
type SourceRef = { tenantId: string; sourceId: string };

export interface StoredPair extends Pair {
  id: string;
}

const UNIQUE = "23505";
const UPDATES_AT_ONCE = 10;

/** Adds a list of questions with their answers to an agent. @throws AppError forbidden, not_found, bad_request */
export async function addPairs(
  deps: Deps,
  members: Members,
  { tenantId, agentId, name, pairs }: { tenantId: string; agentId: string; name: string; pairs: Pair[] },
): Promise<{ sourceId: string; runId: string }> {
  const { data, error } = await members
    .from("sources")
    .insert({ tenant_id: tenantId, agent_id: agentId, kind: "qa", name })
    .select("id")
    .single();
  if (error) throw writeError(error);
  const { runId } = await savePairs(deps, members, { tenantId, sourceId: data.id, pairs });
  return { sourceId: data.id, runId };
}

/** Adds pairs to a list; a question that it has already gets the new answer. @throws AppError forbidden, not_found, bad_request */
export async function savePairs(
  deps: Deps,
  members: Members,
  { tenantId, sourceId, pairs }: SourceRef & { pairs: Pair[] },
): Promise<{ runId: string; saved: number }> {
  // The same question twice in one import: the last answer counts.
  const rows = [...new Map(pairs.map((pair) => [pair.question, pair])).values()];
  if (rows.length === 0) throw new AppError("bad_request", "Write at least one question with its answer.");
  const known = new Map((await listPairs(members, { tenantId, sourceId })).map((pair) => [pair.question, pair]));
  const added = rows.filter(({ question }) => !known.has(question));
  if (known.size + added.length > MAX_PAIRS)
    throw new AppError(
      "bad_request",
      `A list holds at most ${MAX_PAIRS.toLocaleString("en")} questions. Add a new one for the others.`,
    );
  if (added.length > 0) {
    const { error } = await members
      .from("qa_pairs")
      .insert(added.map(({ question, answer }) => ({ tenant_id: tenantId, source_id: sourceId, question, answer })));
    if (error) throw writeError(error);
  }
  const changed = rows.filter(({ question, answer }) => known.has(question) && known.get(question)!.answer !== answer);
  for (let i = 0; i < changed.length; i += UPDATES_AT_ONCE)
    await Promise.all(
      changed
        .slice(i, i + UPDATES_AT_ONCE)
        .map(({ question, answer }) => changeAnswer(members, { tenantId, pairId: known.get(question)!.id, answer })),
    );
  const { runId } = await queueDocument(deps, { tenantId, sourceId });
  return { runId, saved: rows.length };
}

async function changeAnswer(
  members: Members,
  { tenantId, pairId, answer }: { tenantId: string; pairId: string; answer: string },
): Promise<void> {
  const { error } = await members.from("qa_pairs").update({ answer }).eq("tenant_id", tenantId).eq("id", pairId);
  if (error) throw writeError(error);
}

/** @throws AppError not_found, forbidden; conflict when the list has the question already */
export async function updatePair(
  deps: Deps,
  members: Members,
  { tenantId, pairId, question, answer }: { tenantId: string; pairId: string } & Pair,
): Promise<{ runId: string }> {
  const { data, error } = await members
    .from("qa_pairs")
    .update({ question, answer })
    .eq("tenant_id", tenantId)
    .eq("id", pairId)
    .select("source_id")
    .maybeSingle();
  if (error?.code === UNIQUE)
    throw new AppError("conflict", "This list has this question already. Change that one instead.", { cause: error });
  if (error) throw writeError(error);
  if (!data) throw new AppError("not_found", "This question no longer exists, or your role may not change it.");
  const { runId } = await queueDocument(deps, { tenantId, sourceId: data.source_id });
  return { runId };
}

/** @throws AppError not_found, forbidden */
export async function deletePair(
  deps: Deps,
  members: Members,
  { tenantId, pairId }: { tenantId: string; pairId: string },
): Promise<{ runId: string }> {
  const { data, error } = await members
    .from("qa_pairs")
    .delete()
    .eq("tenant_id", tenantId)
    .eq("id", pairId)
    .select("source_id")
    .maybeSingle();
  if (error) throw writeError(error);
  if (!data) throw new AppError("not_found", "This question no longer exists, or your role may not delete it.");
  const { runId } = await queueDocument(deps, { tenantId, sourceId: data.source_id });
  return { runId };
}

/** The pairs of a list, oldest first. */
export async function listPairs(members: Members, { tenantId, sourceId }: SourceRef): Promise<StoredPair[]> {
  const { data, error } = await members
    .from("qa_pairs")
    .select("id, question, answer")
    .eq("tenant_id", tenantId)
    .eq("source_id", sourceId)
    .order("number")
    .limit(MAX_PAIRS);
  if (error) throw writeError(error);
  return data;
}
