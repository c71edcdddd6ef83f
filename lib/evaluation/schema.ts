import { z } from "zod";

export const MAX_QUESTIONS = 2_000;
/** As text: what a server action takes. */
export const MAX_IMPORT_LENGTH = 900_000;
export const MAX_REPEATS = 5;
/** Answers of a run on one screen. */
export const RESULTS_SIZE = 50;
/** Passages that recall and rank are counted over. */
export const RANKED_AT = 10;
const MAX_EXPECTATIONS = 20;

const phrase = (what: string) =>
  z
    .string()
    .transform((text) => text.replace(/\s+/g, " ").trim())
    .pipe(z.string().min(1, `Leave no ${what} empty.`).max(500, `A ${what} has at most 500 characters.`));
const several = (what: string) =>
  z
    .array(phrase(what))
    .max(MAX_EXPECTATIONS, `At most ${MAX_EXPECTATIONS} of each.`)
    .transform((all) => [...new Set(all)]);

export const SetName = z.string().trim().min(1, "Give the set a name.").max(120, "At most 120 characters.");

/** A question and what a right answer to it is. With nothing expected it must be answered, and every citation must hold. */
export const TestQuestion = z
  .object({
    question: z
      .string()
      .transform((text) => text.replace(/\s+/g, " ").trim())
      .pipe(z.string().min(1, "Write the question.").max(2_000, "A question has at most 2,000 characters.")),
    /** Phrases that must all stand in the answer. */
    expectedFacts: several("fact").default([]),
    /** Addresses or titles of pages, one of which must be cited. */
    expectedSources: several("source").default([]),
    /** The agent must say that it does not know. */
    mustRefuse: z.boolean().default(false),
  })
  .refine((q) => !q.mustRefuse || (q.expectedFacts.length === 0 && q.expectedSources.length === 0), {
    path: ["mustRefuse"],
    message: "A question that must be refused can expect neither facts nor sources.",
  });
export type TestQuestion = z.infer<typeof TestQuestion>;

export const Origin = z.enum(["written", "imported", "knowledge", "conversation"]);
export type Origin = z.infer<typeof Origin>;

export interface StoredQuestion extends TestQuestion {
  id: string;
  origin: Origin;
}

export const Repeats = z.number().int().min(1).max(MAX_REPEATS);
export const MinPassRate = z.number().min(0.01).max(1).nullable();
export const RunLabel = z.string().trim().max(120, "At most 120 characters.");

/** What was looked at in an answer. `detail` says what was missing, in words for members. */
export const Check = z.object({
  name: z.enum(["answered", "refused", "facts", "sources", "citations", "support"]),
  ok: z.boolean(),
  detail: z.string(),
});
export type Check = z.infer<typeof Check>;

export const Retrieved = z.object({
  title: z.string(),
  url: z.string().nullable(),
  score: z.number(),
  expected: z.boolean(),
});
export type Retrieved = z.infer<typeof Retrieved>;

const share = z.number().nullable();
/** The figures of a run; null where no question says what to expect. */
export const Summary = z.object({
  questions: z.number(),
  answers: z.number(),
  passRate: share,
  /** Share of questions that passed in every repeat (pass^k), and in at least one. */
  passAll: share,
  passAny: share,
  /** Share of the expected sources among the first ten passages. */
  recall: share,
  /** Mean of 1 ÷ rank of the first expected source. */
  mrr: share,
  /** Share of the answers whose every citation holds and in which nothing is unsupported. */
  grounded: share,
  refusedRightly: share,
  refusedWrongly: share,
  errors: z.number(),
  firstTokenP50Ms: share,
  totalP50Ms: share,
  totalP95Ms: share,
  costMicroUsd: z.number(),
});
export type Summary = z.infer<typeof Summary>;

export type RunStatus = "queued" | "running" | "completed" | "failed" | "cancelled";
export const isOpen = (status: RunStatus): boolean => status === "queued" || status === "running";

export interface EvalRun {
  id: string;
  setId: string;
  label: string;
  repeats: number;
  status: RunStatus;
  /** What it tries: null until it begins. A draft has no number. */
  version: { id: string; number: number | null } | null;
  chatModel: string | null;
  total: number;
  done: number;
  summary: Summary | null;
  errorMessage: string | null;
  createdAt: string;
  finishedAt: string | null;
}

/** The share of questions that passed in every repeat, once all were asked: a part of them is no result of the set. */
export const passedOf = ({ status, summary }: Pick<EvalRun, "status" | "summary">): number | null =>
  status === "completed" ? (summary?.passAll ?? null) : null;

export interface EvalSet {
  id: string;
  agentId: string;
  name: string;
  /** Share that must pass before the agent is published; null: no condition. */
  minPassRate: number | null;
  questionCount: number;
  lastRun: EvalRun | null;
}

export interface EvalResult extends TestQuestion {
  id: string;
  number: number;
  repeat: number;
  done: boolean;
  answer: string;
  answerStatus: string | null;
  citations: { number: number; url: string | null; title: string; heading: string; quote: string }[];
  retrieved: Retrieved[];
  checks: Check[];
  passed: boolean | null;
  recall: number | null;
  reciprocalRank: number | null;
  grounded: boolean | null;
  firstTokenMs: number | null;
  totalMs: number | null;
  costMicroUsd: number;
  errorCode: string | null;
}

/** A question that passes in one of two runs. `reason`: why it does not in the other. */
export interface Changed {
  question: string;
  reason: string;
}

/** What of a result two runs are compared by. */
export type MeasuredResult = Pick<
  EvalResult,
  | "question"
  | "expectedFacts"
  | "expectedSources"
  | "mustRefuse"
  | "done"
  | "passed"
  | "checks"
  | "recall"
  | "reciprocalRank"
  | "totalMs"
  | "firstTokenMs"
  | "costMicroUsd"
>;

/** Of two runs, over the questions that both hold. */
export interface Comparison {
  questions: number;
  /** Only in one of them, because the set was changed in between. */
  unpaired: number;
  gained: Changed[];
  lost: Changed[];
  /** Two-sided, of McNemar's exact test on the questions that passed in one run alone. */
  pValue: number;
  figures: {
    name: string;
    unit: "share" | "ratio" | "ms" | "usd";
    before: number;
    after: number;
    low: number;
    high: number;
  }[];
}

export interface Gate {
  state: "none" | "passed" | "failed" | "untested";
  /** For members: what stands in the way and what to do; empty when nothing does. */
  message: string;
  sets: { setId: string; name: string; minPassRate: number; passRate: number | null; runId: string | null }[];
}
