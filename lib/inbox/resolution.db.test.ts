import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HeldTurn, holdConversation } from "@/lib/testing/conversations";
import { signUp, type TestUser, testStack } from "@/lib/testing/stack";
import { getConversation, listConversations, resolution } from ".";
import { ConversationQuery, type Outcome, type Resolution } from "./schema";

let owner: pg.Pool;
let service: pg.Pool;
let user: TestUser;
let stranger: TestUser;
let tenantId: string;

beforeAll(async () => {
  const stack = testStack();
  owner = new pg.Pool({ connectionString: stack.adminDatabaseUrl, max: 2 });
  service = new pg.Pool({ connectionString: stack.databaseUrl, max: 4 });
  user = await signUp(undefined, { workspace_name: "Resolution" });
  stranger = await signUp(undefined, { workspace_name: "Elsewhere" });
  tenantId = (await owner.query("select tenant_id from members where user_id = $1", [user.userId])).rows[0].tenant_id;
});
afterAll(async () => {
  await owner.end();
  await service.end();
});

async function newAgent(): Promise<{ tenantId: string; agentId: string; publicId: string }> {
  const { rows } = await owner.query(
    "insert into agents (tenant_id, name) values ($1, 'Agent') returning id, public_id",
    [tenantId],
  );
  return { tenantId, agentId: rows[0].id, publicId: rows[0].public_id };
}

const q = (hoursAgo: number, more: Partial<HeldTurn> = {}): HeldTurn => ({ question: "Q", hoursAgo, ...more });
const DAY_MS = 86_400_000;
const span = (fromDays: number, toDays = -1) => ({
  from: new Date(Date.now() - fromDays * DAY_MS),
  to: new Date(Date.now() - toDays * DAY_MS),
});

/** Every edge of docs/resolution.md. */
const CASES: [what: string, turns: HeldTurn[], outcome: Outcome][] = [
  ["rated up and at rest", [q(48, { rating: "up" })], "confirmed"],
  ["rated up a moment ago", [q(0, { rating: "up" })], "confirmed"],
  ["'I don't know' that is rated up", [q(48, { status: "no_answer", rating: "up" })], "confirmed"],
  ["answered, unrated, 25 hours of silence", [q(25)], "assumed"],
  ["answered, unrated, 23 hours of silence", [q(23)], "open"],
  ["rated up, then asked again and answered", [q(50, { rating: "up" }), q(49)], "assumed"],
  ["rated up, then asked again an hour ago", [q(50, { rating: "up" }), q(1)], "open"],
  [
    "rated up, then asked what the agent did not know",
    [q(50, { rating: "up" }), q(49, { status: "no_answer" })],
    "abandoned",
  ],
  ["not known, then asked in other words and answered", [q(50, { status: "no_answer" }), q(49)], "assumed"],
  ["rated down, then asked in other words and answered", [q(50, { rating: "down" }), q(49)], "assumed"],
  ["rated down, then the next one rated up", [q(50, { rating: "down" }), q(49, { rating: "up" })], "confirmed"],
  ["rated down at the end", [q(50), q(49, { rating: "down" })], "abandoned"],
  ["rated down an hour ago", [q(1, { rating: "down" })], "open"],
  ["not known at the end", [q(50), q(49, { status: "no_answer" })], "abandoned"],
  ["not known an hour ago", [q(1, { status: "no_answer" })], "open"],
  ["stopped by the visitor", [q(30, { status: "stopped" })], "abandoned"],
  ["failed", [q(30, { status: "failed" })], "abandoned"],
  ["marked, and nobody complained", [q(30, { checks: [{ start: 0, end: 1, kind: "name", items: ["X"] }] })], "assumed"],
  ["never finished being written", [q(30, { status: null })], "open"],
];

describe("how a conversation ended", () => {
  test.each(CASES)("%s", async (_what, turns, outcome) => {
    const agent = await newAgent();
    const { conversationId } = await holdConversation({ owner, service }, agent, turns);
    const counts = await resolution(user.client, agent, span(7));
    expect(counts.conversations).toBe(1);
    expect(counts[outcome]).toBe(1);
    expect((await getConversation(user.client, { ...agent, conversationId })).outcome).toBe(outcome);
  });

  test("all of them together add up, and every answer is counted once", async () => {
    const agent = await newAgent();
    for (const [, turns] of CASES) await holdConversation({ owner, service }, agent, turns);
    const counts = await resolution(user.client, agent, span(7));
    const of = (outcome: Outcome) => CASES.filter(([, , each]) => each === outcome).length;
    const answers = CASES.flatMap(([, turns]) => turns);
    const status = (wanted: HeldTurn["status"]) =>
      answers.filter((turn) => (turn.status === undefined ? "complete" : turn.status) === wanted).length;
    expect(counts).toEqual({
      conversations: CASES.length,
      open: of("open"),
      confirmed: of("confirmed"),
      assumed: of("assumed"),
      escalated: 0,
      abandoned: of("abandoned"),
      answers: answers.length,
      complete: status("complete"),
      noAnswer: status("no_answer"),
      stopped: status("stopped"),
      failed: status("failed"),
      up: answers.filter(({ rating }) => rating === "up").length,
      down: answers.filter(({ rating }) => rating === "down").length,
    } satisfies Resolution);
  });

  const survey = (conversationId: string, score: number, hoursAgo: number) =>
    owner.query(
      "insert into conversation_surveys (tenant_id, conversation_id, score, created_at) values ($1, $2, $3, now() - $4 * interval '1 hour')",
      [tenantId, conversationId, score, hoursAgo],
    );

  test.each<[what: string, turns: HeldTurn[], score: number, hoursAgo: number, outcome: Outcome]>([
    ["4 of 5", [q(48)], 4, 47, "confirmed"],
    ["5 of 5, an hour after the answer", [q(2)], 5, 1, "confirmed"],
    ["5 of 5 although the agent did not know", [q(48, { status: "no_answer" })], 5, 47, "confirmed"],
    ["3 of 5, which says nothing", [q(48)], 3, 47, "assumed"],
    ["2 of 5", [q(48)], 2, 47, "abandoned"],
    ["1 of 5, a moment ago", [q(1)], 1, 0, "open"],
    ["5 of 5, but another answer came after it", [q(48), q(40)], 5, 44, "assumed"],
    ["1 of 5 after the answer was rated up", [q(48, { rating: "up" })], 1, -0.01, "abandoned"],
  ])("a survey of %s", async (_what, turns, score, hoursAgo, outcome) => {
    const agent = await newAgent();
    const { conversationId } = await holdConversation({ owner, service }, agent, turns);
    await survey(conversationId, score, hoursAgo);
    expect((await getConversation(user.client, { ...agent, conversationId })).outcome).toBe(outcome);
  });

  test.each(["waiting", "human", "closed", "agent"])(
    "a hand-over that is %s by now is an escalation, whatever else was said",
    async (state) => {
      const agent = await newAgent();
      const { conversationId } = await holdConversation({ owner, service }, agent, [q(48, { rating: "up" })]);
      await service.query("select service.hand_over($1, $2, 'visitor')", [tenantId, conversationId]);
      if (state !== "waiting")
        await owner.query("update handovers set state = 'human', operator_name = 'Ada' where conversation_id = $1", [
          conversationId,
        ]);
      if (state === "closed" || state === "agent")
        await owner.query("update handovers set state = $2 where conversation_id = $1", [conversationId, state]);
      expect(await resolution(user.client, agent, span(7))).toMatchObject({
        conversations: 1,
        escalated: 1,
        confirmed: 0,
      });
      expect((await getConversation(user.client, { ...agent, conversationId })).outcome).toBe("escalated");
    },
  );

  test("a rating that is taken back changes it", async () => {
    const agent = await newAgent();
    const { turns } = await holdConversation({ owner, service }, agent, [q(48, { rating: "up" })]);
    await owner.query("delete from ratings where message_id = $1", [turns[0]!.answerId]);
    expect(await resolution(user.client, agent, span(7))).toMatchObject({ confirmed: 0, assumed: 1, up: 0 });
  });

  test("counts in the span in which it began, not in the one in which it went on", async () => {
    const agent = await newAgent();
    await holdConversation({ owner, service }, agent, [q(24 * 10), q(30, { rating: "up" })]);
    expect((await resolution(user.client, agent, span(7))).conversations).toBe(0);
    expect(await resolution(user.client, agent, span(14, 7))).toMatchObject({
      conversations: 1,
      confirmed: 1,
      answers: 2,
    });
    // The list, by the same days, holds what was counted.
    const listed = (days: number) =>
      listConversations(
        user.client,
        agent,
        ConversationQuery.parse({ outcome: "confirmed", from: span(days).from.toISOString().slice(0, 10) }),
      );
    expect(await listed(7)).toMatchObject({ total: 0 });
    expect(await listed(14)).toMatchObject({ total: 1 });
  });

  test("is not judged in the playground, nor without conversations", async () => {
    const agent = await newAgent();
    await holdConversation({ owner, service }, { ...agent, channel: "playground" }, [q(48, { rating: "up" })]);
    const counts = await resolution(user.client, agent, span(7));
    expect(Object.values(counts).every((count) => count === 0)).toBe(true);
  });

  test("is nothing to another workspace's member", async () => {
    const agent = await newAgent();
    await holdConversation({ owner, service }, agent, [q(48)]);
    expect((await resolution(stranger.client, agent, span(7))).conversations).toBe(0);
    expect((await resolution(user.client, agent, span(7))).conversations).toBe(1);
  });
});
