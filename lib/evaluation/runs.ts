import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { Tables } from "@/lib/db/types.gen";
import { type Members, readError } from "./deps";
import { Check, type EvalResult, type EvalRun, Retrieved, type RunStatus, Summary } from "./schema";

/** Of one set; the chart shows as many. */
const MAX_RUNS = 50;
/** What REST gives at once. */
const PAGE = 1_000;

/** The runs of a set, newest first. */
export async function listRuns(
  members: Members,
  { tenantId, setId }: { tenantId: string; setId: string },
): Promise<EvalRun[]> {
  const { data, error } = await members
    .from("eval_runs")
    .select("*")
    .eq("tenant_id", tenantId)
    .eq("set_id", setId)
    .order("created_at", { ascending: false })
    .limit(MAX_RUNS);
  if (error) throw readError(error);
  return data.map(runOf);
}

/** @throws AppError not_found */
export async function getRun(
  members: Members,
  { tenantId, runId }: { tenantId: string; runId: string },
): Promise<EvalRun> {
  const missing = () => new AppError("not_found", "This run no longer exists.");
  if (!z.uuid().safeParse(runId).success) throw missing();
  const { data, error } = await members
    .from("eval_runs")
    .select("*")
    .eq("tenant_id", tenantId)
    .eq("id", runId)
    .maybeSingle();
  if (error) throw readError(error);
  if (!data) throw missing();
  return runOf(data);
}

/** What became of each question, in the order of the set, then of the repeats. */
export async function listResults(
  members: Members,
  { tenantId, runId }: { tenantId: string; runId: string },
): Promise<EvalResult[]> {
  const rows: Tables<"eval_results">[] = [];
  for (;;) {
    const { data, error } = await members
      .from("eval_results")
      .select("*")
      .eq("tenant_id", tenantId)
      .eq("run_id", runId)
      .order("number")
      .order("repeat")
      .range(rows.length, rows.length + PAGE - 1);
    if (error) throw readError(error);
    rows.push(...data);
    if (data.length < PAGE) return rows.map(resultOf);
  }
}

const RunVersion = z
  .object({ versionId: z.uuid(), version: z.number().nullable() })
  .transform(({ versionId, version }) => ({ id: versionId, number: version }));

export const runOf = (row: Tables<"eval_runs">): EvalRun => ({
  id: row.id,
  setId: row.set_id,
  label: row.label,
  repeats: row.repeats,
  status: row.status as RunStatus,
  version: row.config === null ? null : RunVersion.parse(row.config),
  chatModel: row.chat_model,
  total: row.total,
  done: row.done,
  summary: row.summary === null ? null : Summary.parse(row.summary),
  errorMessage: row.error_message,
  createdAt: row.created_at,
  finishedAt: row.finished_at,
});

const CitationsColumn = z.array(
  z.object({
    number: z.number(),
    url: z.string().nullable(),
    title: z.string(),
    heading: z.string(),
    quote: z.string(),
  }),
);

const resultOf = (row: Tables<"eval_results">): EvalResult => ({
  id: row.id,
  number: row.number,
  repeat: row.repeat,
  question: row.question,
  expectedFacts: row.expected_facts,
  expectedSources: row.expected_sources,
  mustRefuse: row.must_refuse,
  done: row.status === "done",
  answer: row.answer,
  answerStatus: row.answer_status,
  citations: CitationsColumn.parse(row.citations),
  retrieved: z.array(Retrieved).parse(row.retrieved),
  checks: z.array(Check).parse(row.checks),
  passed: row.passed,
  recall: row.recall,
  reciprocalRank: row.reciprocal_rank,
  grounded: row.grounded,
  firstTokenMs: row.first_token_ms,
  totalMs: row.total_ms,
  costMicroUsd: row.cost_micro_usd,
  errorCode: row.error_code,
});
