import { runEvaluation } from "@/lib/evaluation";
import { Check, Summary } from "@/lib/evaluation/schema";
import { addTestSource, crawlSource } from "@/lib/testing/crawl-runs";
import { startCrawlWorker } from "@/lib/testing/crawl-worker";
import type { TestDatabase } from "@/lib/testing/database";
import { questions } from "@/lib/testing/sample-site/manifest";
import { startSampleSite } from "@/lib/testing/sample-site/server";

const CRAWL_LIMIT_MS = 180_000;

/**
 * What the sample shop's questions must reach at least, without any model key. Somewhat below what was measured when they were set: they
 * are to fail when something breaks, not when a word changes.
 */
export const THRESHOLDS = { passRate: 0.45, recall: 0.85, mrr: 0.65, grounded: 0.9, refusedRightly: 0.66 } as const;
export type Figure = keyof typeof THRESHOLDS;

export interface SampleEvaluation {
  chatModel: string;
  summary: Summary;
  failed: { question: string; reasons: string[] }[];
  /** Figures below their thresholds. */
  below: Figure[];
}

/** Crawls the sample shop into an empty database, then puts its questions to the agent as a member's run would. */
export async function evaluateSampleSite(
  db: Pick<TestDatabase, "owner" | "url">,
  {
    repeats = 1,
    env = {},
    thresholds = THRESHOLDS as Record<Figure, number>,
    say = (_line: string) => {},
  }: {
    repeats?: number;
    env?: Record<string, string>;
    thresholds?: Record<Figure, number>;
    say?: (line: string) => void;
  } = {},
): Promise<SampleEvaluation> {
  const site = await startSampleSite();
  const worker = await startCrawlWorker(db.url, { env: { ...env, CRAWL_ALLOW_HOSTS: new URL(site.url).host } });
  try {
    say("Reading the sample shop");
    const source = await addTestSource(db, `${site.url}/`);
    const crawl = await crawlSource(db, worker.deps, source, CRAWL_LIMIT_MS);
    say(`${crawl.published} pages read; asking ${questions.length} questions`);
    const runId = await addRun(db, source, { origin: site.url, repeats });
    const run = { tenantId: source.tenantId, runId };
    const evaluation = { chat: worker.platform.chat, config: {} };
    while (await runEvaluation(evaluation, run, new AbortController().signal)) say("Asking on");
    return await readRun(db, runId, thresholds);
  } finally {
    await worker.close();
    await site.stop();
  }
}

async function addRun(
  { owner }: Pick<TestDatabase, "owner">,
  { tenantId, agentId }: { tenantId: string; agentId: string },
  { origin, repeats }: { origin: string; repeats: number },
): Promise<string> {
  const { rows: sets } = await owner.query(
    "insert into public.eval_sets (tenant_id, agent_id, name) values ($1, $2, 'Sample shop') returning id",
    [tenantId, agentId],
  );
  for (const { question, expectedPath, expectedFacts } of questions)
    await owner.query(
      "insert into public.eval_questions (tenant_id, set_id, question, expected_facts, expected_sources, must_refuse) values ($1, $2, $3, $4, $5, $6)",
      [
        tenantId,
        sets[0].id,
        question,
        expectedFacts,
        expectedPath ? [origin + expectedPath] : [],
        expectedPath === null,
      ],
    );
  const { rows } = await owner.query(
    "insert into public.eval_runs (tenant_id, agent_id, set_id, repeats) values ($1, $2, $3, $4) returning id",
    [tenantId, agentId, sets[0].id, repeats],
  );
  return rows[0].id;
}

async function readRun(
  { owner }: Pick<TestDatabase, "owner">,
  runId: string,
  thresholds: Record<Figure, number>,
): Promise<SampleEvaluation> {
  const { rows } = await owner.query(
    "select status, summary, chat_model, error_message from public.eval_runs where id = $1",
    [runId],
  );
  if (rows[0].status !== "completed") throw new Error(`The run ended as ${rows[0].status}: ${rows[0].error_message}`);
  const summary = Summary.parse(rows[0].summary);
  const failed = await owner.query(
    "select question, checks from public.eval_results where run_id = $1 and not passed order by number, repeat",
    [runId],
  );
  return {
    chatModel: rows[0].chat_model,
    summary,
    failed: failed.rows.map(({ question, checks }) => ({
      question,
      reasons: Check.array()
        .parse(checks)
        .filter(({ ok }) => !ok)
        .map(({ detail }) => detail),
    })),
    below: (Object.keys(thresholds) as Figure[]).filter((figure) => (summary[figure] ?? 0) < thresholds[figure]),
  };
}
