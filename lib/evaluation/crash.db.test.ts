import { expect, onTestFinished, test } from "vitest";
import { parseEnv } from "@/lib/core/env";
import { createPlatform } from "@/lib/platform";
import { workerEnv } from "@/lib/testing/crawl-worker";
import { createTestDatabase } from "@/lib/testing/database";
import { publishPages } from "@/lib/testing/knowledge";
import { startWorkerProcess } from "@/lib/testing/worker-process";
import { addTenant } from "@/supabase/tests/fixtures";
import { runEvaluationJob } from ".";

const QUESTIONS = ["How long is the warranty?", "How long may I send it back?", "Is delivery free?", "A?", "B?", "C?"];

test.for(["eval_claim", "eval_answer", "eval_store"])(
  "a worker killed after the step “%s” of a run loses nothing and counts nothing twice",
  async (step) => {
    const db = await createTestDatabase();
    onTestFinished(() => db.drop());
    const tenant = await addTenant(db.owner);
    const one = async (sql: string, values: unknown[]) => (await db.owner.query(sql, values)).rows[0];
    const platform = createPlatform(parseEnv(workerEnv(db.url)));
    await publishPages({ db: platform.pool, gateway: platform.gateway }, tenant, [
      { path: "/warranty", title: "Warranty", markdown: "# Warranty\n\nThe warranty is two years long." },
    ]);
    const { id: setId } = await one(
      "insert into eval_sets (tenant_id, agent_id, name) values ($1, $2, 'Set') returning id",
      [tenant.tenantId, tenant.agentId],
    );
    await db.owner.query("insert into eval_questions (tenant_id, set_id, question) select $1, $2, unnest($3::text[])", [
      tenant.tenantId,
      setId,
      QUESTIONS,
    ]);
    const { id: runId } = await one(
      "insert into eval_runs (tenant_id, agent_id, set_id, repeats) values ($1, $2, $3, 2) returning id",
      [tenant.tenantId, tenant.agentId, setId],
    );
    const doomed = startWorkerProcess(db.url, { CRASH_AT: step });
    onTestFinished(() => void doomed.child.kill("SIGKILL"));
    await (await platform.queues()).queues.add(runEvaluationJob, { tenantId: tenant.tenantId, runId });
    await platform.close();
    expect(await doomed.ended).toEqual({ code: null, signal: "SIGKILL" });

    // What would take minutes of waiting: the lease of the dead ends, and what it touched counts as idle.
    await db.owner.query(
      "update eval_runs set lease_until = now() - interval '1 second', updated_at = now() - interval '1 hour'",
    );
    const rescuer = startWorkerProcess(db.url);
    onTestFinished(async () => {
      rescuer.child.kill("SIGKILL");
      await rescuer.ended;
    });
    await expect
      .poll(() => one("select status, total, done, (summary ->> 'answers')::int as answers from eval_runs", []))
      .toEqual({ status: "completed", total: 12, done: 12, answers: 12 });
  },
);
