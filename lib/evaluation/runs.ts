import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { DatabaseError } from "@/lib/db/member-error";
import type { Tables } from "@/lib/db/types.gen";
import { type Members, readError } from "./deps";
import {
  Check,
  type EvalResult,
  type EvalRun,
  type MeasuredResult,
  RESULTS_SIZE,
  Retrieved,
  type RunStatus,
  Summary,
} from "./schema";

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

type RunRef = { tenantId: string; runId: string };

/** What became of each question, in the order of the set, then of the repeats. */
export const listResults = async (members: Members, ref: RunRef): Promise<EvalResult[]> =>
  (await allOf((from, to) => resultsOf(members, ref, "*").range(from, to))).map(resultOf);

/** The same as far as two runs are compared by it: a long run's answers and passages are many times as much. */
export const listMeasured = async (members: Members, ref: RunRef): Promise<MeasuredResult[]> =>
  (
    await allOf((from, to) =>
      resultsOf(
        members,
        ref,
        "question, expected_facts, expected_sources, must_refuse, status, passed, checks, recall, reciprocal_rank, total_ms, first_token_ms, cost_micro_usd",
      ).range(from, to),
    )
  ).map(measuredOf);

/** One screen of what was answered, how much that is in all, and how much of it failed. */
export async function pageOfResults(
  members: Members,
  ref: RunRef,
  { failedOnly, page }: { failedOnly: boolean; page: number },
): Promise<{ results: EvalResult[]; answered: number; failed: number }> {
  const from = (page - 1) * RESULTS_SIZE;
  const done = (columns: "*" | "id") => resultsOf(members, ref, columns, true).eq("status", "done");
  const [screen, answered, failed] = await Promise.all([
    (failedOnly ? done("*").eq("passed", false) : done("*")).range(from, from + RESULTS_SIZE - 1),
    done("id").limit(0),
    done("id").eq("passed", false).limit(0),
  ]);
  const error = answered.error ?? failed.error ?? (screen.error?.code === BEYOND_THE_END ? null : screen.error);
  if (error) throw readError(error);
  const rows = (screen.data ?? []) as unknown as Tables<"eval_results">[];
  return { results: rows.map(resultOf), answered: answered.count ?? 0, failed: failed.count ?? 0 };
}

/** PostgREST's, for a range that begins after the last row. */
const BEYOND_THE_END = "PGRST103";

const resultsOf = <C extends string>(members: Members, { tenantId, runId }: RunRef, columns: C, counted = false) =>
  members
    .from("eval_results")
    .select(columns, counted ? { count: "exact" } : {})
    .eq("tenant_id", tenantId)
    .eq("run_id", runId)
    .order("number")
    .order("repeat");

/** Every row, however many REST gives at once. */
async function allOf<R>(
  read: (from: number, to: number) => PromiseLike<{ data: R[] | null; error: DatabaseError | null }>,
): Promise<R[]> {
  const rows: R[] = [];
  for (;;) {
    const { data, error } = await read(rows.length, rows.length + PAGE - 1);
    if (error || !data) throw readError(error ?? { message: "no rows" });
    rows.push(...data);
    if (data.length < PAGE) return rows;
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

type MeasuredRow = Pick<
  Tables<"eval_results">,
  | "question"
  | "expected_facts"
  | "expected_sources"
  | "must_refuse"
  | "status"
  | "passed"
  | "checks"
  | "recall"
  | "reciprocal_rank"
  | "total_ms"
  | "first_token_ms"
  | "cost_micro_usd"
>;

const measuredOf = (row: MeasuredRow): MeasuredResult => ({
  question: row.question,
  expectedFacts: row.expected_facts,
  expectedSources: row.expected_sources,
  mustRefuse: row.must_refuse,
  done: row.status === "done",
  checks: z.array(Check).parse(row.checks),
  passed: row.passed,
  recall: row.recall,
  reciprocalRank: row.reciprocal_rank,
  firstTokenMs: row.first_token_ms,
  totalMs: row.total_ms,
  costMicroUsd: row.cost_micro_usd,
});

const resultOf = (row: Tables<"eval_results">): EvalResult => ({
  ...measuredOf(row),
  id: row.id,
  number: row.number,
  repeat: row.repeat,
  answer: row.answer,
  answerStatus: row.answer_status,
  citations: CitationsColumn.parse(row.citations),
  retrieved: z.array(Retrieved).parse(row.retrieved),
  grounded: row.grounded,
  errorCode: row.error_code,
});
