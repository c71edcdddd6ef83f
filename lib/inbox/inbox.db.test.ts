import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Held, type HeldTurn, holdConversation } from "@/lib/testing/conversations";
import { signUp, type TestUser, testStack } from "@/lib/testing/stack";
import {
  addTag,
  conversationFacets,
  deleteConversation,
  exportConversations,
  getConversation,
  listConversations,
  removeTag,
} from ".";
import { ConversationQuery, type InboxNudge, inboxTopic } from "./schema";

interface Member {
  user: TestUser;
  tenantId: string;
  agentId: string;
  publicId: string;
}

let owner: pg.Pool;
let service: pg.Pool;
let a: Member;
let b: Member;

beforeAll(async () => {
  const stack = testStack();
  owner = new pg.Pool({ connectionString: stack.adminDatabaseUrl, max: 2 });
  service = new pg.Pool({ connectionString: stack.databaseUrl, max: 4 });
  [a, b] = [await member("Inbox A"), await member("Inbox B")];
});
afterAll(async () => {
  await owner.end();
  await service.end();
});

async function member(name: string): Promise<Member> {
  const user = await signUp(undefined, { workspace_name: name });
  const { tenant_id: tenantId } = (await owner.query("select tenant_id from members where user_id = $1", [user.userId]))
    .rows[0];
  return { user, tenantId, ...(await agentOf(tenantId)) };
}

async function agentOf(tenantId: string): Promise<{ agentId: string; publicId: string }> {
  const { rows } = await owner.query(
    'insert into agents (tenant_id, name) values ($1, \'Agent\') returning id as "agentId", public_id as "publicId"',
    [tenantId],
  );
  return rows[0];
}

const hold = (who: Omit<Member, "user">, turns: HeldTurn[], channel?: "playground"): Promise<Held> =>
  holdConversation({ owner, service }, { ...who, ...(channel && { channel }) }, turns);
const inRole = async (role: string) => {
  await owner.query("update members set role = $1 where user_id = $2", [role, a.user.userId]);
  return a.user.client;
};
const query = (over: Partial<ConversationQuery> = {}): ConversationQuery => ({
  ...ConversationQuery.parse({}),
  ...over,
});
const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "done",
    (error) => error.code,
  );

describe("the list of conversations", () => {
  let held: Record<string, string>;
  let agent: Omit<Member, "user">;

  beforeAll(async () => {
    agent = { tenantId: a.tenantId, ...(await agentOf(a.tenantId)) };
    const of = async (turns: HeldTurn[], channel?: "playground") => (await hold(agent, turns, channel)).conversationId;
    held = {
      good: await of([{ question: "How long is the warranty?", hoursAgo: 50, rating: "up" }]),
      unknown: await of([
        { question: "Do you ship to Norway?", status: "no_answer", hoursAgo: 40 },
        { question: "50% off_now?", hoursAgo: 39 },
      ]),
      bad: await of([
        { question: "Wie lange dauert es?", language: "de", hoursAgo: 30, rating: "down", reason: "wrong" },
      ]),
      marked: await of([
        { question: "Price?", hoursAgo: 1, checks: [{ start: 0, end: 3, kind: "figure", items: ["9"] }] },
      ]),
      failed: await of([{ question: "Broken?", status: "failed", hoursAgo: 60 }]),
      tried: await of([{ question: "Only a try" }], "playground"),
    };
    await addTag(await inRole("operator"), { tenantId: a.tenantId, conversationId: held.bad!, tag: "refund" });
  });

  const found = async (over: Partial<ConversationQuery>) => {
    const { rows, total } = await listConversations(await inRole("viewer"), agent, query(over));
    expect(total).toBe(rows.length);
    return rows.map(({ id }) => Object.keys(held).find((name) => held[name] === id));
  };

  test("shows the one spoken in last first, to every member", async () => {
    expect(await found({})).toEqual(["tried", "marked", "bad", "unknown", "good", "failed"]);
  });

  test.each<[Partial<ConversationQuery>, string[]]>([
    [{ q: "NORWAY" }, ["unknown"]],
    [{ q: "50% off_" }, ["unknown"]],
    [{ q: "%" }, ["unknown"]],
    [{ q: "_" }, ["unknown"]],
    [{ q: "\\" }, []],
    [{ q: "'; drop table messages; --" }, []],
    [{ answer: "unanswered" }, ["unknown"]],
    [{ answer: "marked" }, ["marked"]],
    [{ answer: "failed" }, ["failed"]],
    [{ answer: "complete" }, ["tried", "bad", "good"]],
    [{ rating: "up" }, ["good"]],
    [{ rating: "down" }, ["bad"]],
    [{ language: "de" }, ["bad"]],
    [{ tag: "refund" }, ["bad"]],
    [{ channel: "playground" }, ["tried"]],
    [{ outcome: "confirmed" }, ["good"]],
    [{ outcome: "assumed" }, ["unknown"]],
    [{ outcome: "abandoned" }, ["bad", "failed"]],
    [{ outcome: "open" }, ["marked"]],
    [{ rating: "down", language: "en" }, []],
    [{ from: "2000-01-01", to: "2000-01-02" }, []],
    [{ from: new Date(Date.now() - 86_400_000 * 3).toISOString().slice(0, 10), rating: "up" }, ["good"]],
  ])("filtered by %o has %o", async (over, names) => {
    expect(await found(over)).toEqual(names);
  });

  test("counts what was asked, unanswered, marked and rated", async () => {
    const { rows } = await listConversations(a.user.client, agent, query({ q: "norway" }));
    expect(rows[0]).toMatchObject({
      question: "Do you ship to Norway?",
      lastQuestion: "50% off_now?",
      questions: 2,
      unanswered: 1,
      failed: 0,
      up: 0,
      down: 0,
      language: "en",
    });
  });

  test("comes screen by screen, with the total on each", async () => {
    const screens = await Promise.all(
      [1, 2, 3].map((page) => listConversations(a.user.client, agent, query({ page }), 2)),
    );
    expect(screens.map(({ total }) => total)).toEqual([6, 6, 6]);
    expect(new Set(screens.flatMap(({ rows }) => rows.map(({ id }) => id))).size).toBe(6);
  });

  test("offers languages and tags that are there", async () => {
    expect(await conversationFacets(a.user.client, agent)).toEqual({ languages: ["de", "en"], tags: ["refund"] });
  });

  test("is empty for another workspace's member, for a stranger's ids and for nonsense in the address", async () => {
    expect((await listConversations(b.user.client, agent, query())).rows).toEqual([]);
    expect(await conversationFacets(b.user.client, agent)).toEqual({ languages: [], tags: [] });
    expect((await listConversations(a.user.client, { ...agent, tenantId: b.tenantId }, query())).rows).toEqual([]);
    expect(
      ConversationQuery.parse({ q: ["x"], channel: "x", answer: "1", rating: "", from: "31.12.", page: "-1", tag: "" }),
    ).toEqual(ConversationQuery.parse({}));
  });
});

describe("a conversation", () => {
  test("is read with sources, marks, rating, model, time and cost; never by another workspace, nor under another agent", async () => {
    const { conversationId } = await hold(a, [
      { question: "One?", answer: "It is [1].", rating: "down", reason: "incomplete", comment: "Which one?" },
    ]);
    const ref = { tenantId: a.tenantId, agentId: a.agentId, conversationId };
    const read = await getConversation(await inRole("viewer"), ref);
    expect(read.messages.map(({ role, text }) => [role, text])).toEqual([
      ["visitor", "One?"],
      ["assistant", "It is [1]."],
    ]);
    expect(read.messages[1]).toMatchObject({
      questionId: read.messages[0]!.id,
      citations: [{ number: 1, title: "A" }],
      rating: { rating: "down", reason: "incomplete", comment: "Which one?" },
      details: { model: "local/test", timings: { totalMs: 34 }, usage: { costMicroUsd: 42 } },
    });
    const sibling = await agentOf(a.tenantId);
    expect(await refusal(getConversation(b.user.client, ref))).toBe("not_found");
    expect(await refusal(getConversation(b.user.client, { ...ref, tenantId: b.tenantId }))).toBe("not_found");
    expect(await refusal(getConversation(a.user.client, { ...ref, agentId: sibling.agentId }))).toBe("not_found");
  });

  test("is tagged by operators, at most 20 times, and not by viewers or others", async () => {
    const { conversationId } = await hold(a, [{ question: "Tag me" }]);
    const tag = (name: string) => ({ tenantId: a.tenantId, conversationId, tag: name });
    expect(await refusal(addTag(await inRole("viewer"), tag("x")))).toBe("forbidden");
    const operator = await inRole("operator");
    for (let i = 0; i < 20; i++) await addTag(operator, tag(`tag ${i}`));
    expect(await refusal(addTag(operator, tag("one more")))).toBe("bad_request");
    await removeTag(operator, tag("tag 3"));
    await addTag(operator, tag("tag 4"));
    expect(await refusal(removeTag(operator, tag("tag 3")))).toBe("not_found");
    expect(await refusal(addTag(b.user.client, tag("theirs")))).toBe("forbidden");
    expect(await refusal(addTag(b.user.client, { ...tag("theirs"), tenantId: b.tenantId }))).toBe("not_found");
    const { tags } = await getConversation(operator, { ...a, conversationId });
    expect(tags).toHaveLength(19);
  });

  test("is deleted by admins with all that hangs on it; what it used stays counted", async () => {
    const { conversationId, turns } = await hold(a, [{ question: "Forget me", rating: "up" }]);
    const used = async () =>
      (await owner.query("select used from usage_counters where tenant_id = $1", [a.tenantId])).rows[0].used;
    const before = await used();
    const ref = { tenantId: a.tenantId, conversationId };
    expect(await refusal(deleteConversation(await inRole("operator"), ref))).toBe("not_found");
    expect(await refusal(deleteConversation(b.user.client, ref))).toBe("not_found");
    await deleteConversation(await inRole("admin"), ref);
    const left = await owner.query("select 1 from messages where conversation_id = $1", [conversationId]);
    const rated = await owner.query("select 1 from ratings where message_id = $1", [turns[0]!.answerId]);
    expect([left.rowCount, rated.rowCount, await used()]).toEqual([0, 0, before]);
  });
});

describe("an export", () => {
  const file = async (
    client: TestUser["client"],
    ref: { tenantId: string; agentId: string },
    format: "csv" | "json",
  ) => {
    let text = "";
    for await (const piece of exportConversations(client, ref, query(), format)) text += piece;
    return text;
  };

  test("holds every message that the filters let through, as JSON and as CSV without formulas", async () => {
    const agent = { tenantId: a.tenantId, ...(await agentOf(a.tenantId)) };
    await hold(agent, [
      { question: '=HYPERLINK("https://evil.test")', answer: 'Say "hi",\nplease', rating: "up", comment: "+1" },
    ]);
    for (let i = 0; i < 51; i++) await hold(agent, [{ question: `Question ${i}` }]);
    const client = await inRole("operator");
    const rows = JSON.parse(await file(client, agent, "json"));
    expect(rows).toHaveLength(104);
    expect(new Set(rows.map((row: { message_id: string }) => row.message_id)).size).toBe(104);
    expect(rows.at(-1)).toMatchObject({ rating: "up", rating_comment: "+1", cost_usd: 0.000042, outcome: "confirmed" });
    const csv = await file(client, agent, "csv");
    expect(csv).toContain(`"'=HYPERLINK(""https://evil.test"")"`);
    expect(csv).toContain(`"Say ""hi"",\nplease"`);
    expect(csv).toContain(",+1,");
    expect(csv.split("\r\n")).toHaveLength(106);
  });

  test("is empty, yet whole, where nothing fits, and for another workspace's member", async () => {
    const agent = { tenantId: a.tenantId, ...(await agentOf(a.tenantId)) };
    expect(JSON.parse(await file(a.user.client, agent, "json"))).toEqual([]);
    expect(JSON.parse(await file(b.user.client, a, "json"))).toEqual([]);
  });
});

describe("news of conversations", () => {
  test("reach members of the workspace without a text, and nobody else", async () => {
    await a.user.client.realtime.setAuth(a.user.accessToken);
    await b.user.client.realtime.setAuth(b.user.accessToken);
    const heard: InboxNudge[] = [];
    const state = (client: TestUser["client"], topic: string) =>
      new Promise<string>((resolve) => {
        client
          .channel(topic, { config: { private: true } })
          .on("broadcast", { event: "changed" }, ({ payload }) => heard.push(payload as InboxNudge))
          .subscribe((status) => status !== "CLOSED" && resolve(status));
      });
    expect(await state(a.user.client, inboxTopic(a.tenantId))).toBe("SUBSCRIBED");
    expect(await state(b.user.client, inboxTopic(a.tenantId))).toBe("CHANNEL_ERROR");
    const agent = { tenantId: a.tenantId, ...(await agentOf(a.tenantId)) };
    await hold(agent, [{ question: "Are you there?" }]);
    await expect.poll(() => heard.length).toBeGreaterThan(0);
    expect(Object.keys(heard[0]!).filter((key) => key !== "id")).toEqual(["agentId"]);
    expect(heard[0]!.agentId).toBe(agent.agentId);
    await Promise.all([a.user.client.removeAllChannels(), b.user.client.removeAllChannels()]);
  });
});
