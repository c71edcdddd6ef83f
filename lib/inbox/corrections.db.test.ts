import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Asker, openTurn } from "@/lib/chat";
import { parseEnv } from "@/lib/core/env";
import { sha256 } from "@/lib/core/ids";
import { type FilesDeps, listPairs } from "@/lib/files";
import { createPlatform, type Platform } from "@/lib/platform";
import { type HeldTurn, holdConversation } from "@/lib/testing/conversations";
import { workerEnv } from "@/lib/testing/crawl-worker";
import { publishPages } from "@/lib/testing/knowledge";
import { signUp, type TestUser, testStack } from "@/lib/testing/stack";
import { correctAnswer, getConversation } from ".";

interface Agent {
  tenantId: string;
  agentId: string;
  publicId: string;
}

let owner: pg.Pool;
let service: pg.Pool;
let platform: Platform;
let files: FilesDeps;
let user: TestUser;
let stranger: TestUser;
let tenantId: string;

const signal = new AbortController().signal;
const QUESTION = "How long is the warranty?";
const RIGHT = "Since March the warranty is five years, and seven for the battery.";

beforeAll(async () => {
  const stack = testStack();
  owner = new pg.Pool({ connectionString: stack.adminDatabaseUrl, max: 2 });
  service = new pg.Pool({ connectionString: stack.databaseUrl, max: 4 });
  const env = { SUPABASE_URL: stack.apiUrl, SUPABASE_PUBLISHABLE_KEY: stack.publishableKey };
  platform = createPlatform(parseEnv(workerEnv(stack.databaseUrl, env)));
  files = await platform.files();
  user = await signUp(undefined, { workspace_name: "Corrections" });
  stranger = await signUp(undefined, { workspace_name: "Not these" });
  tenantId = (await owner.query("select tenant_id from members where user_id = $1", [user.userId])).rows[0].tenant_id;
});
afterAll(async () => {
  await platform.close();
  await owner.end();
  await service.end();
});

/** An agent that knows one page, which is wrong. */
async function newAgent(): Promise<Agent> {
  const agent = (
    await owner.query(
      'insert into agents (tenant_id, name) values ($1, \'Agent\') returning id as "agentId", public_id as "publicId"',
      [tenantId],
    )
  ).rows[0];
  const source = (
    await owner.query(
      "insert into sources (tenant_id, agent_id, name, url) values ($1, $2, 'Site', 'https://shop.test/') returning id",
      [tenantId, agent.agentId],
    )
  ).rows[0];
  await publishPages(
    { db: service, gateway: platform.gateway },
    { tenantId, agentId: agent.agentId, sourceId: source.id },
    [
      {
        path: "/warranty",
        title: "Warranty",
        markdown: "# Warranty\n\nEvery scale comes with a warranty of two years from the day of delivery.",
      },
    ],
  );
  return { tenantId, ...agent };
}

async function ask(agent: Agent, text: string): Promise<{ answer: string; answerId: string; sources: string[] }> {
  const asker: Asker = {
    publicId: agent.publicId,
    channel: "playground",
    tenantId,
    origin: null,
    visitorHash: sha256("member"),
    addressHash: null,
  };
  const turn = await openTurn(platform.chat, asker, { conversationId: randomUUID(), messageId: randomUUID(), text });
  let raw = "";
  await turn.stream((chunk) => {
    raw += chunk;
  }, signal);
  const data = [...raw.matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(([, event, json]) => ({
    event,
    data: JSON.parse(json!),
  }));
  return {
    answer: data.map(({ event, data: { text } }) => (event === "delta" ? text : "")).join(""),
    answerId: turn.answerId,
    sources: data
      .flatMap(({ event, data: { citations } }) => (event === "citations" ? citations : []))
      .map(({ title }) => title),
  };
}

const inRole = async (role: string) => {
  await owner.query("update members set role = $1 where user_id = $2", [role, user.userId]);
  return user.client;
};
const correct = async (
  agent: Agent,
  messageId: string,
  over: { question?: string; answer?: string; client?: TestUser["client"]; files?: FilesDeps } = {},
) =>
  correctAnswer(
    over.files ?? files,
    over.client ?? (await inRole("operator")),
    { tenantId, agentId: agent.agentId, messageId, question: over.question ?? QUESTION, answer: over.answer ?? RIGHT },
    signal,
  );
const hold = (agent: Agent, turns: HeldTurn[]) => holdConversation({ owner, service }, agent, turns);
const sourcesOf = async (agent: Agent) =>
  (
    await owner.query("select id, name, kind from sources where agent_id = $1 and kind = 'qa' order by name", [
      agent.agentId,
    ])
  ).rows;
const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "done",
    (error) => error.code,
  );

describe("a corrected answer", () => {
  test("is what the very next question gets, first and cited, in other words too", async () => {
    const agent = await newAgent();
    const wrong = await ask(agent, QUESTION);
    expect(wrong.answer).toContain("two years");
    expect(await correct(agent, wrong.answerId)).toMatchObject({ isSearchable: true });
    for (const question of [QUESTION, "how long is the warranty", "What warranty do I get?"]) {
      const right = await ask(agent, question);
      expect(right.answer, question).toContain("five years");
      expect(right.sources[0], question).toBe("Corrections");
    }
    // The page still says otherwise; who asks the very question hears the correction alone.
    expect((await ask(agent, "how long is the WARRANTY")).answer).not.toContain("two years");
  });

  test("can be corrected again; the list keeps one pair of it, and the transcript shows the last", async () => {
    const agent = await newAgent();
    const { conversationId, turns } = await hold(agent, [{ question: QUESTION, answer: "Two years." }]);
    const messageId = turns[0]!.answerId;
    const { sourceId } = await correct(agent, messageId, { answer: "Three years, we thought." });
    const again = await correct(agent, messageId, { question: "What is the warranty period?" });
    expect(again.sourceId).toBe(sourceId);
    const pairs = await listPairs(user.client, { tenantId, sourceId });
    expect(pairs.map(({ question, answer }) => [question, answer])).toEqual([["What is the warranty period?", RIGHT]]);
    expect((await ask(agent, "What is the warranty period?")).answer).not.toContain("Three");
    const { messages } = await getConversation(user.client, { ...agent, conversationId });
    expect(messages[1]!.correction).toMatchObject({
      question: "What is the warranty period?",
      answer: RIGHT,
      sourceId,
    });
  });

  test("shares the agent's one list with the others, also when many come at once", async () => {
    const agent = await newAgent();
    const held = await hold(
      agent,
      Array.from({ length: 6 }, (_, i) => ({ question: `Question number ${i}?` })),
    );
    const done = await Promise.all(
      held.turns.map(({ answerId }, i) =>
        correct(agent, answerId, { question: `Question number ${i}?`, answer: `Blue widget ${i}.` }),
      ),
    );
    expect(done.every(({ isSearchable }) => isSearchable)).toBe(true);
    expect(await sourcesOf(agent)).toHaveLength(1);
    for (let i = 0; i < 6; i++) expect((await ask(agent, `Question number ${i}?`)).answer).toContain(`widget ${i}`);
  });

  test.each(["claim_document", "store_page", "publish_page"])(
    "is searchable although the database ended a transaction for another one's sake: %s",
    async (name) => {
      const agent = await newAgent();
      const { turns } = await hold(agent, [{ question: QUESTION }]);
      let failures = 0;
      const query = async (statement: { text: string; values: unknown[] }) => {
        if (statement.text.includes(`service.${name}(`) && failures++ === 0)
          throw Object.assign(new Error("deadlock detected"), { code: "40P01" });
        return files.db.query(statement);
      };
      const interrupted = { ...files, db: { query } as never };
      const { isSearchable } = await correct(agent, turns[0]!.answerId, { files: interrupted });
      expect({ isSearchable, failures: failures > 0 }).toEqual({ isSearchable: true, failures: true });
      expect((await ask(agent, QUESTION)).answer).toContain("five years");
    },
  );

  test("of a question that was corrected before changes that answer; a list that is full is followed by another", async () => {
    const agent = await newAgent();
    const { turns } = await hold(agent, [{ question: "A?" }, { question: "A?" }, { question: "B?" }]);
    await correct(agent, turns[0]!.answerId, { question: "A?", answer: "First" });
    await correct(agent, turns[1]!.answerId, { question: "A?", answer: "Second" });
    const [list] = await sourcesOf(agent);
    expect((await listPairs(user.client, { tenantId, sourceId: list.id })).map(({ answer }) => answer)).toEqual([
      "Second",
    ]);
    const { rows } = await owner.query(
      "insert into corrections (tenant_id, agent_id, message_id, question, answer) values ($1, $2, $3, 'B?', 'B') returning id",
      [tenantId, agent.agentId, turns[2]!.answerId],
    );
    await service.query("select service.place_correction($1, $2, 1)", [tenantId, rows[0].id]);
    expect((await sourcesOf(agent)).map(({ name }) => name)).toEqual(["Corrections", "Corrections 2"]);
  });

  test("stays when its conversation is deleted, and goes when its pair is", async () => {
    const agent = await newAgent();
    const { conversationId, turns } = await hold(agent, [{ question: QUESTION }]);
    const { sourceId } = await correct(agent, turns[0]!.answerId);
    await owner.query("delete from conversations where id = $1", [conversationId]);
    expect((await ask(agent, QUESTION)).answer).toContain("five years");
    const left = async () =>
      (await owner.query("select message_id from corrections where agent_id = $1", [agent.agentId])).rows;
    expect(await left()).toEqual([{ message_id: null }]);
    await owner.query("delete from qa_pairs where source_id = $1", [sourceId]);
    expect(await left()).toEqual([]);
  });

  test("is refused to viewers, to other workspaces, for another agent's answer, and for what is no answer", async () => {
    const [agent, sibling] = [await newAgent(), await newAgent()];
    const { turns } = await hold(agent, [{ question: QUESTION }]);
    const { questionId, answerId } = turns[0]!;
    expect(await refusal(correct(agent, answerId, { client: await inRole("viewer") }))).toBe("forbidden");
    expect(await refusal(correct(agent, answerId, { client: stranger.client }))).toBe("forbidden");
    expect(await refusal(correct(sibling, answerId))).toBe("not_found");
    expect(await refusal(correct(agent, questionId))).toBe("not_found");
    expect(await refusal(correct(agent, randomUUID()))).toBe("not_found");
    expect(
      (
        await owner.query("select 1 from corrections where tenant_id = $1 and agent_id = any ($2)", [
          tenantId,
          [agent.agentId, sibling.agentId],
        ])
      ).rowCount,
    ).toBe(0);
    expect([...(await sourcesOf(agent)), ...(await sourcesOf(sibling))]).toEqual([]);
    expect((await ask(agent, QUESTION)).answer).toContain("two years");
  });
});
