import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listVersions, publishDraft, restoreVersion, saveDraft } from "@/lib/agents";
import { parseEnv } from "@/lib/core/env";
import { createPlatform, type Platform } from "@/lib/platform";
import type { Queues } from "@/lib/queue";
import { workerEnv } from "@/lib/testing/crawl-worker";
import { type FakeModelServer, fakeModelEnv, startFakeModelServer } from "@/lib/testing/fake-model-server";
import { publishPages } from "@/lib/testing/knowledge";
import { signUp, type TestUser, testStack } from "@/lib/testing/stack";
import { changeSettings } from "@/supabase/tests/fixtures";
import {
  addQuestions,
  cancelRun,
  createSet,
  deleteQuestion,
  deleteSet,
  gateFor,
  getRun,
  getSet,
  listMeasured,
  listQuestions,
  listResults,
  listRuns,
  listSets,
  pageOfResults,
  proposeFromConversations,
  proposeFromKnowledge,
  readQuestions,
  runEvaluation,
  startRun,
  sweepEvalRuns,
  updateQuestion,
  updateSet,
} from ".";
import { RESULTS_SIZE } from "./schema";

interface Member {
  user: TestUser;
  tenantId: string;
  agentId: string;
}

let owner: pg.Pool;
let platform: Platform;
let model: FakeModelServer;
let withModel: Platform;
let a: Member;
let b: Member;

const signal = new AbortController().signal;
/** Remembers what would be enqueued; the tests do the work themselves. */
const added: { job: string; payload: unknown }[] = [];
const queues = { add: async (job: { name: string }, payload: unknown) => void added.push({ job: job.name, payload }) };
const nudge = { queues: queues as unknown as Queues };

const PAGES = [
  {
    path: "/warranty",
    title: "Warranty",
    markdown:
      "# Warranty\n\nEvery scale comes with a warranty of two years from the day of delivery.\n\n## Is the battery covered?\n\nThe battery of a scale is covered for six months.",
  },
  {
    path: "/shipping",
    title: "Shipping",
    markdown: "# Shipping\n\nDelivery inside Germany takes 2 to 3 days and costs 4.90 euros.",
  },
];
const question = (text: string, more: object = {}) => ({
  question: text,
  expectedFacts: [],
  expectedSources: [],
  mustRefuse: false,
  ...more,
});
const RIGHT = question("How long is the warranty?", {
  expectedFacts: ["two years"],
  expectedSources: ["https://shop.test/warranty"],
});
const WRONG = question("What does delivery inside Germany cost?", { expectedFacts: ["19 dollars"] });
const REFUSE = question("Who won the football world cup in 1954?", { mustRefuse: true });

beforeAll(async () => {
  const stack = testStack();
  owner = new pg.Pool({ connectionString: stack.adminDatabaseUrl, max: 2 });
  model = await startFakeModelServer({ firstTokenMs: 1, tokenMs: 1, tokens: 10 });
  const env = { SUPABASE_URL: stack.apiUrl, SUPABASE_PUBLISHABLE_KEY: stack.publishableKey };
  platform = createPlatform(parseEnv(workerEnv(stack.databaseUrl, env)));
  withModel = createPlatform(parseEnv(workerEnv(stack.databaseUrl, { ...env, ...fakeModelEnv(model) })));
  [a, b] = [await member("Evaluation A"), await member("Evaluation B")];
});
afterAll(async () => {
  await Promise.all([platform.close(), withModel.close()]);
  await model.close();
  await owner.end();
});

async function member(name: string): Promise<Member> {
  const user = await signUp(undefined, { workspace_name: name });
  const one = async (sql: string, values: unknown[]) => (await owner.query(sql, values)).rows[0];
  const { tenant_id: tenantId } = await one("select tenant_id from members where user_id = $1", [user.userId]);
  const { id: agentId } = await one("insert into agents (tenant_id, name) values ($1, 'Agent') returning id", [
    tenantId,
  ]);
  const { id: sourceId } = await one(
    "insert into sources (tenant_id, agent_id, name, url) values ($1, $2, 'Site', 'https://shop.test/') returning id",
    [tenantId, agentId],
  );
  await publishPages({ db: platform.pool, gateway: platform.gateway }, { tenantId, agentId, sourceId }, PAGES);
  return { user, tenantId, agentId };
}

/** A set of its own for a test. */
async function setOf(m: Member, questions = [RIGHT, WRONG, REFUSE]): Promise<string> {
  const { setId } = await createSet(m.user.client, { tenantId: m.tenantId, agentId: m.agentId, name: randomUUID() });
  if (questions.length > 0)
    await addQuestions(m.user.client, { tenantId: m.tenantId, setId, questions, origin: "written" });
  return setId;
}

const deps = (of = platform) => ({ chat: of.chat, config: {} });
const start = (m: Member, setId: string, repeats = 1, versionId: string | null = null) =>
  startRun(nudge, m.user.client, { tenantId: m.tenantId, setId, repeats, label: "", versionId });
/** Starts a run and works on it until it is over. */
async function runOf(
  m: Member,
  setId: string,
  { repeats = 1, on = platform, versionId = null }: { repeats?: number; on?: Platform; versionId?: string | null } = {},
) {
  const { runId } = await start(m, setId, repeats, versionId);
  await runEvaluation(deps(on), { tenantId: m.tenantId, runId }, signal);
  return getRun(m.user.client, { tenantId: m.tenantId, runId });
}

describe("a run", () => {
  test("asks every question as often as wanted, through retrieval and answer, and says what passed and why not", async () => {
    const setId = await setOf(a);
    const run = await runOf(a, setId, { repeats: 2 });
    expect(run).toMatchObject({ status: "completed", total: 6, done: 6, chatModel: "local/extractive" });
    expect(run.summary).toMatchObject({
      questions: 3,
      answers: 6,
      passRate: expect.closeTo(2 / 3, 4),
      passAll: expect.closeTo(2 / 3, 4),
      recall: 1,
      mrr: 1,
      grounded: 1,
      refusedRightly: 1,
      refusedWrongly: 0,
      errors: 0,
    });
    const results = await listResults(a.user.client, { tenantId: a.tenantId, runId: run.id });
    expect(results.map(({ number, repeat, passed }) => [number, repeat, passed])).toEqual([
      [1, 1, true],
      [1, 2, true],
      [2, 1, false],
      [2, 2, false],
      [3, 1, true],
      [3, 2, true],
    ]);
    expect(results[0]!.citations[0]).toMatchObject({ title: "Warranty" });
    expect(results[2]!.checks).toContainEqual({
      name: "facts",
      ok: false,
      detail: "The answer does not say “19 dollars”.",
    });
  });

  test("uses none of the tenant's messages, starts no conversation, and bills its model calls as evaluation", async () => {
    const counts = async () =>
      (
        await owner.query(
          `select (select count(*) from messages where tenant_id = $1) as messages, (select count(*) from usage_counters where tenant_id = $1) as usage,
             (select count(*) from conversations where tenant_id = $1) as conversations`,
          [a.tenantId],
        )
      ).rows[0];
    const before = await counts();
    const run = await runOf(a, await setOf(a, [RIGHT]), { on: withModel });
    expect(await counts()).toEqual(before);
    const { rows } = await owner.query(
      "select step, provider, message_id from llm_calls where tenant_id = $1 and run_id = $2 order by provider",
      [a.tenantId, run.id],
    );
    expect(rows).toEqual([
      { step: "eval", provider: "compatible", message_id: null },
      { step: "eval", provider: "local", message_id: null },
    ]);
    expect(run.chatModel).toBe("compatible/fake");
  });

  test("goes on where another left it, and counts nothing twice", async () => {
    const setId = await setOf(a);
    const { runId } = await start(a, setId, 3);
    const ref = { tenantId: a.tenantId, runId };
    const stopping = new AbortController();
    const first = runEvaluation(deps(), ref, stopping.signal);
    await expect.poll(async () => (await getRun(a.user.client, ref)).done, { interval: 5 }).toBeGreaterThan(0);
    stopping.abort(new Error("stopped"));
    await first.catch(() => {});
    await Promise.all([runEvaluation(deps(), ref, signal), runEvaluation(deps(), ref, signal)]);
    expect(await getRun(a.user.client, ref)).toMatchObject({ status: "completed", total: 9, done: 9 });
  });

  test("that lost its job is found by the sweep, and one that is held is not", async () => {
    const { runId } = await start(a, await setOf(a));
    await owner.query("update eval_runs set updated_at = now() - interval '1 hour' where id = $1", [runId]);
    added.length = 0;
    await sweepEvalRuns({ db: platform.pool, ...nudge });
    expect(added).toContainEqual({ job: "run-evaluation", payload: { tenantId: a.tenantId, runId } });
    await owner.query(
      "update eval_runs set updated_at = now() - interval '1 hour', lease_until = now() + interval '1 minute' where id = $1",
      [runId],
    );
    added.length = 0;
    await sweepEvalRuns({ db: platform.pool, ...nudge });
    expect(added).not.toContainEqual({ job: "run-evaluation", payload: { tenantId: a.tenantId, runId } });
  });

  test("is stopped by its members, and keeps what was answered", async () => {
    const { runId } = await start(a, await setOf(a));
    const ref = { tenantId: a.tenantId, runId };
    await cancelRun(nudge, a.user.client, ref);
    await runEvaluation(deps(), ref, signal);
    expect(await getRun(a.user.client, ref)).toMatchObject({ status: "cancelled", done: 0 });
    await expect(cancelRun(nudge, a.user.client, ref)).rejects.toMatchObject({ code: "conflict" });
  });

  test("of a model that refuses the key ends with that reason", async () => {
    model.setMode("unauthorized");
    const run = await runOf(a, await setOf(a), { on: withModel });
    model.setMode("ok");
    expect(run).toMatchObject({ status: "failed" });
    expect(run.errorMessage).toMatch(/key/i);
  });

  test("of a model that is down waits and asks again, three times; then the question has failed", async () => {
    model.setMode("garbage");
    const { runId } = await start(a, await setOf(a, [RIGHT]));
    const ref = { tenantId: a.tenantId, runId };
    for (let attempt = 1; attempt <= 2; attempt++)
      expect(await runEvaluation(deps(withModel), ref, signal)).toEqual({ runAgainInMs: 5_000 * attempt });
    await runEvaluation(deps(withModel), ref, signal);
    model.setMode("ok");
    expect(await getRun(a.user.client, ref)).toMatchObject({
      status: "completed",
      summary: { errors: 1, passRate: 0 },
    });
  });

  test("answers with the agent as it was when the run began", async () => {
    const { runId } = await start(b, await setOf(b, [REFUSE, { ...REFUSE, question: "Who wrote Faust?" }]));
    const ref = { tenantId: b.tenantId, runId };
    // What a worker claims and drops at once is asked again.
    await platform.pool.query("select service.claim_eval_batch($1, $2, gen_random_uuid(), 0, 1)", [b.tenantId, runId]);
    await changeSettings(owner, b.agentId, { fallbackMessage: "Another sentence." });
    await runEvaluation(deps(), ref, signal);
    const results = await listResults(b.user.client, ref);
    expect(results.map(({ passed }) => passed)).toEqual([true, true]);
    expect(results.some(({ answer }) => answer.includes("Another sentence"))).toBe(false);
  });
});

describe("bad input", () => {
  test("an empty set is refused before it costs anything, and one that was emptied meanwhile ends with the reason", async () => {
    const setId = await setOf(a, []);
    await expect(start(a, setId)).rejects.toMatchObject({ code: "bad_request" });
    await addQuestions(a.user.client, { tenantId: a.tenantId, setId, questions: [RIGHT], origin: "written" });
    const { runId } = await start(a, setId);
    await owner.query("delete from eval_questions where set_id = $1", [setId]);
    await runEvaluation(deps(), { tenantId: a.tenantId, runId }, signal);
    expect(await getRun(a.user.client, { tenantId: a.tenantId, runId })).toMatchObject({
      status: "failed",
      errorMessage: "The set holds no questions. Add some and run it again.",
    });
  });

  test("a second run of a set waits for the end of the first", async () => {
    const setId = await setOf(a);
    await start(a, setId);
    await expect(start(a, setId)).rejects.toMatchObject({ code: "conflict" });
  });

  test("duplicates are left out and counted; the limit counts what is there already", async () => {
    const setId = await setOf(a, []);
    const ref = { tenantId: a.tenantId, setId, origin: "imported" as const };
    const questions = readQuestions("question\nA?\nB?\nA?\n");
    expect(await addQuestions(a.user.client, { ...ref, questions })).toEqual({ added: 2, duplicates: 1 });
    expect(await addQuestions(a.user.client, { ...ref, questions })).toEqual({ added: 0, duplicates: 3 });
    const many = Array.from({ length: 1_999 }, (_, i) => question(`q${i}?`));
    await expect(addQuestions(a.user.client, { ...ref, questions: many })).rejects.toThrow("at most 2,000 questions");
    expect(await addQuestions(a.user.client, { ...ref, questions: many.slice(0, 1_998) })).toMatchObject({
      added: 1_998,
    });
    expect(await listQuestions(a.user.client, ref)).toHaveLength(2_000);
  });
});

describe("a run of more answers than a screen holds", () => {
  test("is read page by page, what failed apart, and compared without its answers", async () => {
    const setId = await setOf(a);
    const { id: runId } = await runOf(a, setId);
    const ref = { tenantId: a.tenantId, runId };
    await owner.query(
      `insert into eval_results (tenant_id, run_id, number, repeat, question, expected_facts, expected_sources, must_refuse, status, passed)
       select $1, $2, n, 1, 'Q' || n, '{}', '{}', false, case when n = 1100 then 'queued' else 'done' end, n % 10 <> 0
       from generate_series(11, 1100) n`,
      [a.tenantId, runId],
    );
    const screen = (page: number, failedOnly = false) => pageOfResults(a.user.client, ref, { failedOnly, page });
    const counts = { answered: 3 + 1_089, failed: 1 + 108 };
    const first = await screen(1);
    expect(first).toMatchObject(counts);
    expect(first.results).toHaveLength(RESULTS_SIZE);
    expect(first.results[0]!.question).toBe(RIGHT.question);
    const last = await screen(Math.ceil(counts.answered / RESULTS_SIZE));
    expect(last.results.at(-1)!.question).toBe("Q1099");
    expect((await screen(1, true)).results.map(({ question: text }) => text).slice(0, 3)).toEqual([
      WRONG.question,
      "Q20",
      "Q30",
    ]);
    expect(await screen(1_000)).toEqual({ ...counts, results: [] });
    const measured = await listMeasured(a.user.client, ref);
    expect(measured).toHaveLength(3 + 1_090);
    expect(measured.filter(({ passed }) => passed === false)).toHaveLength(counts.failed + 1);
    expect(measured[0]).not.toHaveProperty("answer");
  });
});

describe("proposals", () => {
  test("from the knowledge are its headings, each with its page, and none that the set has", async () => {
    const setId = await setOf(a, []);
    const ref = { tenantId: a.tenantId, agentId: a.agentId, setId };
    const proposed = await proposeFromKnowledge(a.user.client, ref);
    expect(proposed).toContainEqual(
      question("Is the battery covered?", { expectedSources: ["https://shop.test/warranty"] }),
    );
    // The written question, then the pages' own titles.
    expect(proposed.map(({ question: text }) => text)).toEqual([
      "Is the battery covered?",
      expect.not.stringContaining("?"),
      expect.not.stringContaining("?"),
    ]);
    expect(await proposeFromKnowledge(a.user.client, ref)).toEqual(proposed);
    await addQuestions(a.user.client, { ...ref, questions: proposed, origin: "knowledge" });
    await expect(proposeFromKnowledge(a.user.client, ref)).rejects.toMatchObject({ code: "not_found" });
  });

  test("from conversations are what visitors asked, each once, with the pages that were cited", async () => {
    const setId = await setOf(a, []);
    for (let twice = 0; twice < 2; twice++) {
      const conversation = randomUUID();
      const [asked, answered] = [randomUUID(), randomUUID()];
      await owner.query(
        `with c as (insert into conversations (id, tenant_id, agent_id, channel, visitor_hash) values ($1, $2, $3, 'widget', repeat('0', 64)))
         insert into messages (id, tenant_id, conversation_id, role, content, status) values ($4, $2, $1, 'visitor', 'How  long?', 'complete')`,
        [conversation, a.tenantId, a.agentId, asked],
      );
      await owner.query(
        "insert into messages (id, tenant_id, conversation_id, role, question_id, content, status) values ($1, $2, $3, 'assistant', $4, 'Two years [1].', 'complete')",
        [answered, a.tenantId, conversation, asked],
      );
      await owner.query(
        "insert into citations (tenant_id, message_id, number, chunk_id, page_id, url, title) values ($1, $2, 1, gen_random_uuid(), gen_random_uuid(), 'https://shop.test/warranty#:~:text=two', 'Warranty')",
        [a.tenantId, answered],
      );
    }
    const ref = { tenantId: a.tenantId, agentId: a.agentId, setId };
    expect(await proposeFromConversations(a.user.client, ref)).toEqual([
      question("How long?", { expectedSources: ["https://shop.test/warranty"] }),
    ]);
  });
});

describe("the gate", () => {
  const gate = async () => {
    const { published } = await listVersions(a.user.client, a);
    return gateFor(a.user.client, { ...a, version: published });
  };

  test("asks for a run, of the agent as it is, that passes as much as its set requires", async () => {
    const setId = await setOf(a);
    const ref = { tenantId: a.tenantId, setId };
    expect((await gate()).state).toBe("none");
    await updateSet(a.user.client, { ...ref, minPassRate: 0.6 });
    expect((await gate()).state).toBe("untested");
    await runOf(a, setId);
    expect(await gate()).toMatchObject({ state: "passed", sets: [{ setId, passRate: expect.closeTo(2 / 3, 4) }] });
    await updateSet(a.user.client, { ...ref, minPassRate: 0.9 });
    expect(await gate()).toMatchObject({ state: "failed", message: expect.stringContaining("66.6%") });
    await changeSettings(owner, a.agentId, { instructions: "Be short." });
    expect((await gate()).state).toBe("untested");
    await updateSet(a.user.client, { ...ref, minPassRate: null });
    expect((await gate()).state).toBe("none");
  });
});

describe("publishing", () => {
  test("goes through the gate, whichever way: a draft needs a run of its own settings, an old version too", async () => {
    const m = await member("Evaluation gate");
    const ref = { tenantId: m.tenantId, agentId: m.agentId };
    const client = m.user.client;
    const setId = await setOf(m);
    await updateSet(client, { tenantId: m.tenantId, setId, minPassRate: 0.6 });
    const first = await listVersions(client, ref);
    const { draft } = await saveDraft(client, { ...ref, ...first.published.settings, tone: "brief", seen: null });
    const publish = () => publishDraft(client, { ...ref, seen: draft!.updatedAt });
    await expect(publish()).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("evaluation") });
    const rest = await client.from("agent_versions").update({ state: "published" }).eq("id", draft!.id).select("id");
    expect(rest.error).not.toBeNull();

    // A run of what is published proves nothing of the draft.
    expect((await runOf(m, setId)).version).toEqual({ id: first.published.id, number: 1 });
    await expect(publish()).rejects.toMatchObject({ code: "conflict" });
    expect((await runOf(m, setId, { versionId: draft!.id })).version).toEqual({ id: draft!.id, number: null });
    expect(await gateFor(client, { ...ref, version: draft! })).toMatchObject({ state: "passed" });
    expect((await publish()).published).toMatchObject({ number: 2, settings: { tone: "brief" } });

    // What no answer depends on needs no new run; a minimum that is not reached stops everything, going back too.
    const { published } = await listVersions(client, ref);
    const welcome = { ...published.settings, welcomeMessage: "Hello." };
    const next = await saveDraft(client, { ...ref, ...welcome, seen: null });
    expect((await publishDraft(client, { ...ref, seen: next.draft!.updatedAt })).published.number).toBe(3);
    await updateSet(client, { tenantId: m.tenantId, setId, minPassRate: 0.9 });
    await expect(restoreVersion(client, { ...ref, versionId: first.published.id })).rejects.toMatchObject({
      code: "conflict",
    });
    await updateSet(client, { tenantId: m.tenantId, setId, minPassRate: 0.6 });
    expect((await restoreVersion(client, { ...ref, versionId: first.published.id })).published.number).toBe(4);
  });

  test("past the gate takes a reason, which the history keeps with what was not reached; one that is not needed is not kept", async () => {
    const m = await member("Evaluation override");
    const ref = { tenantId: m.tenantId, agentId: m.agentId };
    const client = m.user.client;
    const setId = await setOf(m);
    const first = await listVersions(client, ref);
    const saved = async (tone: "brief" | "formal" | "friendly") =>
      (await saveDraft(client, { ...ref, ...first.published.settings, tone, seen: null })).draft!.updatedAt;
    const free = await publishDraft(client, { ...ref, seen: await saved("brief"), override: "Nobody asked" });
    expect(free.published).toMatchObject({ number: 2, override: null });

    await updateSet(client, { tenantId: m.tenantId, setId, minPassRate: 0.9 });
    const seen = await saved("formal");
    for (const override of ["", " \n ", undefined])
      await expect(
        publishDraft(client, { ...ref, seen, ...(override !== undefined && { override }) }),
      ).rejects.toMatchObject({
        code: "conflict",
      });
    await expect(publishDraft(client, { ...ref, seen, override: "x".repeat(301) })).rejects.toThrow(/at most 300/);
    const { published } = await publishDraft(client, { ...ref, seen, override: "  Prices are wrong. " });
    const unmet = { name: expect.any(String), minPassRate: 0.9 };
    expect(published).toMatchObject({
      number: 3,
      override: { reason: "Prices are wrong.", unmet: [{ ...unmet, passRate: null }] },
    });

    await runOf(m, setId, { versionId: first.published.id });
    const again = { ...ref, versionId: first.published.id };
    await expect(restoreVersion(client, again)).rejects.toMatchObject({ code: "conflict" });
    const restored = await restoreVersion(client, { ...again, override: "Version 3 is worse" });
    expect(restored.published.override).toMatchObject({
      reason: "Version 3 is worse",
      unmet: [{ ...unmet, passRate: expect.closeTo(2 / 3, 4) }],
    });
    expect(restored.retired.map(({ number, override }) => [number, override?.reason ?? null])).toEqual([
      [3, "Prices are wrong."],
      [2, null],
      [1, null],
    ]);
  });

  test("past the gate is for admins, and what was not reached is nobody's to write; a draft carries no reason in advance", async () => {
    const m = await member("Evaluation override rights");
    const ref = { tenantId: m.tenantId, agentId: m.agentId };
    const client = m.user.client;
    await updateSet(client, { tenantId: m.tenantId, setId: await setOf(m), minPassRate: 0.9 });
    const { published } = await listVersions(client, ref);
    const { draft } = await saveDraft(client, { ...ref, ...published.settings, tone: "brief", seen: null });
    const write = (values: { state?: string; override_reason?: string }, as = client) =>
      as.from("agent_versions").update(values).eq("id", draft!.id).select("override_reason");
    expect((await write({ override_reason: "In advance" })).data).toEqual([{ override_reason: null }]);
    expect((await write({ state: "published" })).error?.code).toBe("PT409");
    expect((await client.from("agent_versions").update({ gate_unmet: [] }).eq("id", draft!.id)).error?.code).toBe(
      "42501",
    );
    expect((await write({ state: "published", override_reason: "Mine" }, b.user.client)).data).toEqual([]);
    for (const role of ["operator", "viewer"]) {
      await owner.query("update members set role = $2 where tenant_id = $1", [m.tenantId, role]);
      expect((await write({ state: "published", override_reason: "Mine" })).data, role).toEqual([]);
    }
    await owner.query("update members set role = 'admin' where tenant_id = $1", [m.tenantId]);
    expect((await write({ state: "published", override_reason: "Mine" })).data).toEqual([{ override_reason: "Mine" }]);
  });

  test("a run cannot try a version of another agent, nor of another tenant", async () => {
    const { published } = await listVersions(b.user.client, b);
    await expect(start(a, await setOf(a), 1, published.id)).rejects.toMatchObject({ code: "not_found" });
  });
});

test("an address with what is no id leads to nothing, as one with an unknown id does", async () => {
  for (const id of ["", "new", "-".repeat(36), randomUUID()]) {
    const notFound = { code: "not_found" };
    await expect(getSet(a.user.client, { tenantId: a.tenantId, agentId: a.agentId, setId: id })).rejects.toMatchObject(
      notFound,
    );
    await expect(getRun(a.user.client, { tenantId: a.tenantId, runId: id })).rejects.toMatchObject(notFound);
  }
});

describe("another tenant", () => {
  test("sees nothing of a set and its runs, and changes nothing, whatever ids it names", async () => {
    const setId = await setOf(a);
    const run = await runOf(a, setId);
    const [stored] = await listQuestions(a.user.client, { tenantId: a.tenantId, setId });
    const client = b.user.client;
    for (const tenantId of [a.tenantId, b.tenantId]) {
      const ref = { tenantId, agentId: a.agentId, setId };
      const runRef = { tenantId, runId: run.id };
      const gone = { code: expect.stringMatching(/^(not_found|forbidden)$/) };
      expect(await listSets(client, ref)).toEqual([]);
      expect(await listRuns(client, ref)).toEqual([]);
      expect(await listQuestions(client, ref)).toEqual([]);
      expect(await listResults(client, runRef)).toEqual([]);
      expect(await listMeasured(client, runRef)).toEqual([]);
      expect(await pageOfResults(client, runRef, { failedOnly: false, page: 1 })).toMatchObject({ answered: 0 });
      const { published } = await listVersions(a.user.client, a);
      expect((await gateFor(client, { ...ref, version: published })).sets).toEqual([]);
      await expect(getSet(client, ref)).rejects.toMatchObject(gone);
      await expect(getRun(client, runRef)).rejects.toMatchObject(gone);
      await expect(createSet(client, { ...ref, name: "Intruder" })).rejects.toMatchObject(gone);
      await expect(updateSet(client, { ...ref, minPassRate: 1 })).rejects.toMatchObject(gone);
      await expect(deleteSet(client, ref)).rejects.toMatchObject(gone);
      await expect(
        addQuestions(client, { ...ref, questions: [question("Intruder?")], origin: "written" }),
      ).rejects.toMatchObject(gone);
      await expect(updateQuestion(client, { tenantId, questionId: stored!.id, question: WRONG })).rejects.toMatchObject(
        gone,
      );
      await expect(deleteQuestion(client, { tenantId, questionId: stored!.id })).rejects.toMatchObject(gone);
      await expect(startRun(nudge, client, { ...ref, repeats: 1, label: "" })).rejects.toMatchObject(gone);
      await expect(cancelRun(nudge, client, runRef)).rejects.toMatchObject(gone);
      await expect(proposeFromKnowledge(client, ref)).rejects.toMatchObject(gone);
      await expect(proposeFromConversations(client, ref)).rejects.toMatchObject(gone);
    }
    expect((await getSet(a.user.client, { ...a, setId })).questionCount).toBe(3);
  });

  test("cannot run a set against an agent that is not its set's, nor work on a run under its own name", async () => {
    const setId = await setOf(a);
    const { rows } = await owner.query("insert into agents (tenant_id, name) values ($1, 'Second') returning id", [
      a.tenantId,
    ]);
    const { error } = await a.user.client
      .from("eval_runs")
      .insert({ tenant_id: a.tenantId, agent_id: rows[0].id, set_id: setId });
    expect(error?.code).toBe("23503");
    const { runId } = await start(a, setId);
    await runEvaluation(deps(), { tenantId: b.tenantId, runId }, signal);
    expect(await getRun(a.user.client, { tenantId: a.tenantId, runId })).toMatchObject({ status: "queued", done: 0 });
  });
});
