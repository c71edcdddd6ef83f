import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { type FakeModelServer, fakeModelEnv, startFakeModelServer } from "@/lib/testing/fake-model-server";
import { publishPages } from "@/lib/testing/knowledge";
import { chatDeps, readStream, textOf, widgetCall } from "@/lib/testing/widget-client";
import { addTenant, type Tenant } from "@/supabase/tests/fixtures";
import { type ChatDeps, DEFAULT_BUDGET } from "..";

let db: TestDatabase;
let model: FakeModelServer;
let tenant: Tenant;
const ANSWER =
  "Delivery inside Germany takes up to three days [1]. Parcels leave the warehouse on the same evening [1]. Ask us if you are in a hurry.";
const REFUSED = "Parcels leave the warehouse on the same evening [1].";
let verdict: string;
let whenAnswered = () => {};
let whenJudged = () => {};

beforeAll(async () => {
  db = await createTestDatabase();
  model = await startFakeModelServer({
    firstTokenMs: 1,
    tokenMs: 0,
    answer: (body) => {
      const isJudge = body.includes("You check the answers");
      (isJudge ? whenJudged : whenAnswered)();
      return isJudge ? verdict : ANSWER;
    },
  });
  tenant = await addTenant(db.owner);
  await publishPages({ db: db.service, gateway: deps().gateway }, tenant, [
    {
      path: "/shipping",
      title: "Shipping",
      markdown:
        "# Shipping\n\nParcels leave our warehouse within one working day. Delivery inside Germany takes up to three days and costs 4.90 euros.",
    },
  ]);
});
afterAll(async () => {
  await model.close();
  await db.drop();
});
beforeEach(() => {
  model.setMode("ok");
  verdict = '{"verdicts": [{"id": 1, "supported": true}, {"id": 2, "supported": false}]}';
  whenAnswered = () => {};
  whenJudged = () => {};
});

const deps = (over: Partial<ChatDeps> = { judgeModel: "compatible/judge" }): ChatDeps =>
  chatDeps(db.service, fakeModelEnv(model), { budget: { ...DEFAULT_BUDGET, stepMs: 180_000 }, ...over });

async function ask(with_ = deps()) {
  const body = { conversationId: randomUUID(), messageId: randomUUID(), text: "How long does delivery take?" };
  const events = await readStream(await widgetCall(with_, { publicId: tenant.publicId, body }));
  const start = events[0]!;
  if (start.event !== "start") throw new Error("no start");
  const id = start.data.answerId;
  const { rows } = await db.owner.query("select status, content, checks from messages where id = $1", [id]);
  const calls = await db.owner.query("select model, outcome from llm_calls where message_id = $1 and step = 'judge'", [
    id,
  ]);
  const checks = events.findLast((event) => event.event === "checks")?.data.checks ?? [];
  return { events, checks, stored: rows[0], judged: calls.rows };
}

test("a cited sentence that its source does not support is marked after the text, stored so, and the call is metered", async () => {
  const { events, checks, stored, judged } = await ask();
  expect(textOf(events)).toBe(ANSWER);
  expect(checks).toEqual([
    { start: ANSWER.indexOf(REFUSED), end: ANSWER.indexOf(REFUSED) + REFUSED.length, kind: "judge", items: [] },
  ]);
  expect(events.map(({ event }) => event).slice(-3)).toEqual(["citations", "checks", "done"]);
  expect(stored).toMatchObject({ status: "complete", content: ANSWER, checks });
  expect(judged).toEqual([{ model: "judge", outcome: "ok" }]);
});

test("text and citations have left before the judge is asked", async () => {
  const seen: string[] = [];
  let before = "";
  whenJudged = () => {
    before = seen.join("");
  };
  const body = { conversationId: randomUUID(), messageId: randomUUID(), text: "How long does delivery take?" };
  const response = await widgetCall(deps(), { publicId: tenant.publicId, body });
  if (!("stream" in response)) throw new Error("refused");
  await response.stream((chunk) => void seen.push(chunk), new AbortController().signal);
  expect(before).toContain("in a hurry.");
  expect(before).toContain("event: citations");
  expect(before).not.toContain("event: done");
});

test("it reads the cited sentences and their sources, as data, and nothing else", async () => {
  await ask();
  const { messages } = model.requests.findLast(({ json }) => json.model === "judge")!.json as {
    messages: { content: string }[];
  };
  const { statements, sources } = JSON.parse(messages.at(-1)!.content);
  expect(statements).toHaveLength(2);
  expect(statements[1]).toEqual({ id: 2, statement: REFUSED, sources: [1] });
  expect(sources).toMatchObject([{ number: 1, title: "Shipping" }]);
});

test("without one configured nobody is asked", async () => {
  const { checks, judged, events } = await ask(deps({ judgeModel: null }));
  expect(judged).toEqual([]);
  expect(checks).toEqual([]);
  expect(events.at(-1)).toMatchObject({ event: "done", data: { status: "complete" } });
});

test.each([
  "",
  "I think it is fine.",
  "{",
  '{"verdicts": "no"}',
  '{"verdicts": [{"id": "2", "supported": false}]}',
  '{"verdicts": [{"id": 9, "supported": false}, {"id": 0, "supported": false}]}',
])("a judge that says %s leaves the answer as it is", async (said) => {
  verdict = said;
  const { checks, stored, events } = await ask();
  expect(checks).toEqual([]);
  expect(stored).toMatchObject({ status: "complete", content: ANSWER });
  expect(events.at(-1)).toMatchObject({ event: "done", data: { status: "complete" } });
});

test.each(["fail", "unauthorized", "cut"])(
  "a judge that ends with %s leaves the answer as it is, metered as failed",
  async (mode) => {
    const { checks, stored, judged } = await ask(deps({ judgeModel: `compatible/judge.${mode}` }));
    expect(checks).toEqual([]);
    expect(stored.status).toBe("complete");
    expect(judged).toMatchObject([{ outcome: "error" }]);
  },
);

test("a judge that never ends is given the time of a step", async () => {
  const budget = { ...DEFAULT_BUDGET, stepMs: 180_000 };
  const body = { conversationId: randomUUID(), messageId: randomUUID(), text: "How long does delivery take?" };
  const with_ = deps({ judgeModel: "compatible/judge.hang", budget });
  const events = await readStream(await widgetCall(with_, { publicId: tenant.publicId, body }), (seen) => {
    // What is before may be slow on a busy machine.
    if (seen.at(-1)!.event === "citations") budget.stepMs = 50;
    return false;
  });
  expect(textOf(events)).toBe(ANSWER);
  expect(events.at(-1)).toMatchObject({ event: "done", data: { status: "complete" } });
});

test("when the request's budget is used up nobody is asked", async () => {
  const budget = { ...DEFAULT_BUDGET, stepMs: 180_000 };
  whenAnswered = () => {
    budget.tokens = 0;
  };
  const { judged, stored } = await ask(deps({ judgeModel: "compatible/judge", budget }));
  expect(stored.status).toBe("complete");
  expect(judged).toEqual([]);
});
