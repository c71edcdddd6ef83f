import { z } from "zod";
import { AnsweringConfig, rehearse } from "@/lib/chat";
import { crashPoint } from "@/lib/core/crash-point";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import { log } from "@/lib/core/log";
import { call, json } from "@/lib/db/pool";
import { type RunAgain, runAgainIn } from "@/lib/queue";
import type { EvaluationDeps } from "./deps";
import { TestQuestion } from "./schema";
import { score } from "./score";

const Claim = z.discriminatedUnion("state", [
  z.object({ state: z.enum(["over", "held"]) }),
  z.object({
    state: z.literal("work"),
    agentId: z.uuid(),
    config: AnsweringConfig,
    questions: z.array(z.intersection(TestQuestion, z.object({ resultId: z.uuid(), attempt: z.number() }))),
  }),
]);
type Batch = Extract<z.infer<typeof Claim>, { state: "work" }>;
type RunRef = { tenantId: string; runId: string };
type Deps = Omit<EvaluationDeps, "queues">;

/** Questions asked at once: what a crash may cost, and what a provider is asked for beside visitors. */
const BATCH = 4;
/** Longer than an answer may take. */
const LEASE_MS = 180_000;
/** Then another run has a turn. */
const TURN_MS = 60_000;
const ATTEMPTS = 3;
const PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 5 * 60_000;

/**
 * Puts the questions of a run that are not settled to its agent. Each is settled as it is answered, so a run whose worker died goes on where it
 * was. A model that will refuse the next question too ends the run with that reason; one that is busy is asked again later, three times.
 */
export async function runEvaluation(deps: Deps, ref: RunRef, signal: AbortSignal): Promise<RunAgain | undefined> {
  const run = { tenant_id: ref.tenantId, run_id: ref.runId, lease: newId() };
  const startedAt = performance.now();
  let again: RunAgain = runAgainIn(0);
  try {
    while (performance.now() - startedAt < TURN_MS) {
      signal.throwIfAborted();
      const claim = Claim.parse(
        await call(deps.chat.db, "claim_eval_batch", { ...run, lease_ms: LEASE_MS, limit: BATCH }),
      );
      crashPoint(deps, "eval_claim");
      if (claim.state !== "work") return;
      const pauses = await Promise.all(claim.questions.map((question) => ask(deps, run, claim, question, signal)));
      const pauseMs = Math.max(...pauses);
      if (pauseMs > 0) {
        again = runAgainIn(pauseMs);
        break;
      }
    }
    await release(deps, run);
    return again;
  } catch (error) {
    await release(deps, run).catch(() => {});
    if (signal.aborted || !(error instanceof AppError) || error.policy.retry) throw error;
    log.error({ event: "evaluation.run_failed", ...ref, code: error.code });
    await call<void>(deps.chat.db, "fail_eval_run", {
      tenant_id: ref.tenantId,
      run_id: ref.runId,
      code: error.code,
      message: error.message,
    });
    return;
  }
}

type Run = { tenant_id: string; run_id: string; lease: string };

/** @returns how long to wait before it is asked again, 0 when it is settled. @throws AppError when no question can be answered */
async function ask(
  deps: Deps,
  run: Run,
  { agentId, config }: Batch,
  question: Batch["questions"][number],
  signal: AbortSignal,
): Promise<number> {
  const answer = await rehearse(
    deps.chat,
    { tenantId: run.tenant_id, agentId, agent: config, runId: run.run_id, question: question.question },
    signal,
  );
  signal.throwIfAborted();
  const { error } = answer;
  if (error && question.attempt < ATTEMPTS && isPassing(error.code)) {
    await call<void>(deps.chat.db, "record_llm_calls", { calls: json(answer.calls) });
    return Math.min(error.retryAfterMs ?? PAUSE_MS * question.attempt, LONGEST_PAUSE_MS);
  }
  crashPoint(deps, "eval_answer");
  const { passed, checks, retrieved, recall, reciprocalRank, grounded } = score(question, answer);
  await call<boolean>(deps.chat.db, "store_eval_result", {
    ...run,
    result_id: question.resultId,
    chat_model: answer.chatModel,
    calls: json(answer.calls),
    result: json({
      answer: answer.text,
      answerStatus: answer.status,
      citations: answer.citations,
      retrieved,
      checks,
      passed,
      recall,
      reciprocalRank,
      grounded,
      firstTokenMs: answer.trace?.timings.firstTokenMs ?? null,
      totalMs: answer.trace?.timings.totalMs ?? null,
      costMicroUsd: answer.calls.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0),
      errorCode: error?.code ?? null,
    }),
  });
  crashPoint(deps, "eval_store");
  if (error?.code === "model_misconfigured" || error?.code === "config_invalid")
    throw new AppError(error.code, error.message);
  return 0;
}

/** Faults that may be gone the next time. */
const isPassing = (code: string): boolean =>
  ["upstream_busy", "upstream_failed", "timeout", "rate_limited"].includes(code);

const release = (deps: Deps, run: Run) => call<void>(deps.chat.db, "release_eval_run", run);
