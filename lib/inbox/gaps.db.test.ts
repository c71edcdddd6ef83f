import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseEnv } from "@/lib/core/env";
import { newId } from "@/lib/core/ids";
import { call, json } from "@/lib/db/pool";
import type { FilesDeps } from "@/lib/files";
import { createPlatform, type Platform } from "@/lib/platform";
import type { Queues } from "@/lib/queue";
import { type HeldTurn, holdConversation } from "@/lib/testing/conversations";
import { workerEnv } from "@/lib/testing/crawl-worker";
import { publishPages } from "@/lib/testing/knowledge";
import { signUp, type TestUser, testStack } from "@/lib/testing/stack";
import { clusterGaps, clusterGapsJob, correctAnswer, listGaps, setGapStatus, sweepGaps } from ".";
import type { Gap, GapStatus } from "./schema";

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

beforeAll(async () => {
  const stack = testStack();
  owner = new pg.Pool({ connectionString: stack.adminDatabaseUrl, max: 2 });
  service = new pg.Pool({ connectionString: stack.databaseUrl, max: 4 });
  const env = { SUPABASE_URL: stack.apiUrl, SUPABASE_PUBLISHABLE_KEY: stack.publishableKey };
  platform = createPlatform(parseEnv(workerEnv(stack.databaseUrl, env)));
  files = await platform.files();
  user = await signUp(undefined, { workspace_name: "Gaps" });
  stranger = await signUp(undefined, { workspace_name: "Others" });
  tenantId = (await owner.query("select tenant_id from members where user_id = $1", [user.userId])).rows[0].tenant_id;
});
afterAll(async () => {
  await platform.close();
  await owner.end();
  await service.end();
});

async function newAgent(): Promise<Agent> {
  const { rows } = await owner.query(
    'insert into agents (tenant_id, name) values ($1, \'Agent\') returning id as "agentId", public_id as "publicId"',
    [tenantId],
  );
  return { tenantId, ...rows[0] };
}

const deps = () => ({ db: platform.pool, gateway: platform.gateway });
const hold = (agent: Agent, turns: HeldTurn[], channel?: "playground") =>
  holdConversation({ owner, service }, { ...agent, ...(channel && { channel }) }, turns);
const unknown = (question: string, more: Partial<HeldTurn> = {}): HeldTurn => ({
  question,
  status: "no_answer",
  ...more,
});
const inRole = async (role: string) => {
  await owner.query("update members set role = $1 where user_id = $2", [role, user.userId]);
  return user.client;
};
const gaps = async (agent: Agent, status: GapStatus = "open"): Promise<Gap[]> =>
  listGaps(await inRole("viewer"), agent, status);
const shape = (list: Gap[]) => list.map(({ title, questions }) => [title, questions]);
const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "done",
    (error) => error.code,
  );

const SHOP: HeldTurn[] = [
  unknown("Do you ship to Norway?"),
  unknown("Can I pay with PayPal?"),
  unknown("shipping to norway"),
  { question: "How long is the warranty?" },
  unknown("Do you ship to Sweden?"),
  unknown("paypal payment"),
  unknown("Is delivery to Norway possible?"),
];
const SHOP_GAPS = [
  ["Do you ship to Norway?", 3],
  ["Can I pay with PayPal?", 2],
  ["Do you ship to Sweden?", 1],
];

describe("knowledge gaps", () => {
  test("hold the questions that ask the same, with counts and examples, the one asked most first", async () => {
    const agent = await newAgent();
    const { conversationId } = await hold(agent, SHOP);
    await clusterGaps(deps(), agent, signal);
    const found = await gaps(agent);
    expect(shape(found)).toEqual(SHOP_GAPS);
    expect(found[0]).toMatchObject({
      unanswered: 3,
      disliked: 0,
      unsupported: 0,
      recent: 3,
      weeks: [0, 0, 0, 0, 0, 0, 0, 3],
    });
    expect(found[0]!.examples.map(({ question }) => question)).toEqual([
      "Is delivery to Norway possible?",
      "shipping to norway",
      "Do you ship to Norway?",
    ]);
    expect(found[0]!.examples[0]!.conversationId).toBe(conversationId);
  });

  test("come out the same whether questions are compared at once, one by one, or twice", async () => {
    const agent = await newAgent();
    for (const turn of SHOP) {
      await hold(agent, [turn]);
      await clusterGaps(deps(), agent, signal);
    }
    await clusterGaps(deps(), agent, signal);
    expect(shape(await gaps(agent))).toEqual(SHOP_GAPS);
  });

  test("are shown by answers that were disliked or marked too, not by good ones, nor by tries in the playground", async () => {
    const agent = await newAgent();
    await hold(agent, [
      { question: "Is the scale waterproof?", rating: "down" },
      { question: "Where is your Berlin shop?", checks: [{ start: 0, end: 3, kind: "figure", items: ["9"] }] },
      { question: "Liked", rating: "up" },
      { question: "Stopped", status: "stopped" },
      { question: "Failed", status: "failed" },
    ]);
    await hold(agent, [unknown("Only a try")], "playground");
    await clusterGaps(deps(), agent, signal);
    const found = await gaps(agent);
    expect(found.map(({ title, disliked, unsupported }) => [title, disliked, unsupported]).sort()).toEqual([
      ["Is the scale waterproof?", 1, 0],
      ["Where is your Berlin shop?", 0, 1],
    ]);
  });

  test("forget an answer whose rating is taken back, unless the answer itself shows the gap, and one whose conversation is deleted", async () => {
    const agent = await newAgent();
    const checks = [{ start: 0, end: 3, kind: "figure", items: ["9"] }];
    const { turns } = await hold(agent, [
      { question: "Is the scale waterproof?", rating: "down" },
      { question: "Where is your Berlin shop?", rating: "down", checks },
    ]);
    const other = await hold(agent, [unknown("Do you ship to Norway?")]);
    await clusterGaps(deps(), agent, signal);
    expect(await gaps(agent)).toHaveLength(3);
    await owner.query("delete from ratings where message_id = any ($1)", [turns.map(({ answerId }) => answerId)]);
    await owner.query("delete from conversations where id = $1", [other.conversationId]);
    await clusterGaps(deps(), agent, signal);
    expect((await gaps(agent)).map(({ title, unsupported }) => [title, unsupported])).toEqual([
      ["Where is your Berlin shop?", 1],
    ]);
  });

  test("go with their last question, and lose the words of one whose conversation is deleted", async () => {
    const agent = await newAgent();
    const first = await hold(agent, [
      unknown("Do you ship to Norway, to my house in Bergen?"),
      unknown("Can I pay with PayPal?"),
    ]);
    await hold(agent, [unknown("Do you ship to Norway, to a house in Bergen?")]);
    await clusterGaps(deps(), agent, signal);
    expect(shape(await gaps(agent))).toEqual([
      ["Do you ship to Norway, to my house in Bergen?", 2],
      ["Can I pay with PayPal?", 1],
    ]);
    await owner.query("delete from conversations where id = $1", [first.conversationId]);
    const left = await owner.query("select title from knowledge_gaps where agent_id = $1", [agent.agentId]);
    expect(left.rows).toEqual([{ title: "Do you ship to Norway, to a house in Bergen?" }]);
    await hold(agent, [unknown("Do you ship to Norway, to Bergen, to a house?")]);
    await clusterGaps(deps(), agent, signal);
    expect(shape(await gaps(agent))).toEqual([["Do you ship to Norway, to a house in Bergen?", 2]]);
  });

  test("name the page that came nearest, and none when nothing did", async () => {
    const agent = await newAgent();
    const { rows } = await owner.query(
      "insert into sources (tenant_id, agent_id, name, url) values ($1, $2, 'Site', 'https://shop.test/') returning id",
      [tenantId, agent.agentId],
    );
    await publishPages({ db: service, gateway: platform.gateway }, { ...agent, sourceId: rows[0].id }, [
      { path: "/shipping", title: "Shipping", markdown: "# Shipping\n\nWe ship parcels inside Germany within 3 days." },
    ]);
    await hold(agent, [unknown("How do you ship parcels to Norway?"), unknown("Xylophone?")]);
    await clusterGaps(deps(), agent, signal);
    const found = await gaps(agent);
    const nearOf = (title: string) => found.find((gap) => gap.title === title)!.near;
    expect(nearOf("How do you ship parcels to Norway?")).toMatchObject({ title: "Shipping", sourceId: rows[0].id });
    expect(nearOf("Xylophone?")).toBeNull();
  });

  test("count by week, and by the last 30 days", async () => {
    const agent = await newAgent();
    const week = 7 * 24;
    await hold(agent, [unknown("Do you ship to Norway?", { hoursAgo: week * 20 })]);
    await hold(agent, [unknown("Do you ship to Norway?", { hoursAgo: week * 2 + 1 })]);
    await hold(agent, [unknown("Do you ship to Norway?"), unknown("shipping to norway")]);
    await clusterGaps(deps(), agent, signal);
    expect((await gaps(agent))[0]).toMatchObject({ questions: 4, recent: 3, weeks: [0, 0, 0, 0, 0, 1, 0, 2] });
  });

  test("are solved by a correction, and open again when the same is asked in vain afterwards; dismissed ones stay so", async () => {
    const agent = await newAgent();
    const { turns } = await hold(agent, [unknown("Do you ship to Norway?"), unknown("Can I pay with PayPal?")]);
    await clusterGaps(deps(), agent, signal);
    await correctAnswer(
      files,
      await inRole("operator"),
      { ...agent, messageId: turns[0]!.answerId, question: "Do you ship to Norway?", answer: "Yes, in five days." },
      signal,
    );
    const [paypal] = await gaps(agent);
    expect(paypal!.title).toBe("Can I pay with PayPal?");
    await setGapStatus(await inRole("operator"), { tenantId, gapId: paypal!.id, status: "dismissed" });
    expect([
      shape(await gaps(agent)),
      shape(await gaps(agent, "solved")),
      shape(await gaps(agent, "dismissed")),
    ]).toEqual([[], [["Do you ship to Norway?", 1]], [["Can I pay with PayPal?", 1]]]);
    await hold(agent, [unknown("shipping to norway"), unknown("paypal payment")]);
    await clusterGaps(deps(), agent, signal);
    expect([
      shape(await gaps(agent)),
      shape(await gaps(agent, "solved")),
      shape(await gaps(agent, "dismissed")),
    ]).toEqual([[["Do you ship to Norway?", 2]], [], [["Can I pay with PayPal?", 2]]]);
  });

  test("are solved at once when the correction came before the question was compared", async () => {
    const agent = await newAgent();
    const { turns } = await hold(agent, [unknown("Do you ship to Norway?")]);
    const correction = { question: "Do you ship to Norway?", answer: "Yes." };
    await correctAnswer(
      files,
      await inRole("operator"),
      { ...agent, messageId: turns[0]!.answerId, ...correction },
      signal,
    );
    await clusterGaps(deps(), agent, signal);
    expect([await gaps(agent), shape(await gaps(agent, "solved"))]).toEqual([[], [["Do you ship to Norway?", 1]]]);
  });

  test("are changed by operators of the workspace, and seen by its members, alone", async () => {
    const agent = await newAgent();
    await hold(agent, [unknown("Do you ship to Norway?")]);
    await clusterGaps(deps(), agent, signal);
    const [{ id: gapId }] = (await gaps(agent)) as [Gap];
    const dismiss = (client: TestUser["client"], over = {}) =>
      refusal(setGapStatus(client, { tenantId, gapId, status: "dismissed", ...over }));
    expect(await listGaps(stranger.client, agent, "open")).toEqual([]);
    expect(await dismiss(stranger.client)).toBe("not_found");
    expect(await dismiss(await inRole("viewer"))).toBe("not_found");
    expect(await dismiss(await inRole("operator"), { gapId: randomUUID() })).toBe("not_found");
    expect(shape(await gaps(agent))).toEqual([["Do you ship to Norway?", 1]]);
  });
});

describe("the work on gaps", () => {
  const added: unknown[] = [];
  const queues = {
    add: async (job: { name: string }, payload: unknown, options: { nudge?: number }) =>
      void added.push([job.name, payload, options.nudge]),
  } as unknown as Queues;

  test("is found by the sweep while questions wait, each nudge under another number, and not when none does", async () => {
    const agent = await newAgent();
    const mine = () => added.filter((entry) => JSON.stringify(entry).includes(agent.agentId));
    const sweep = (idleMs: number) => sweepGaps({ db: platform.pool, queues }, { idleMs });
    await sweep(0);
    expect(mine()).toEqual([]);
    await hold(agent, [unknown("Do you ship to Norway?")]);
    await sweep(60_000);
    await sweep(60_000);
    await sweep(0);
    const payload = { tenantId, agentId: agent.agentId };
    expect(mine()).toEqual([1, 2].map((nudge) => [clusterGapsJob.name, payload, nudge]));
    await clusterGaps(deps(), payload, signal);
    await sweep(0);
    expect(mine()).toHaveLength(2);
    await hold(agent, [unknown("Do you ship to Norway?")]);
    await sweep(60_000);
    expect(mine().at(-1)).toEqual([clusterGapsJob.name, payload, 3]);
  });

  test("is one worker's at a time, and what is written with a lost lease is refused", async () => {
    const agent = await newAgent();
    await hold(agent, [unknown("Do you ship to Norway?")]);
    const ref = { tenant_id: tenantId, agent_id: agent.agentId };
    const [first, second] = [newId(), newId()];
    const claim = (lease: string) =>
      call<{ questions: { messageId: string }[] } | null>(service, "claim_gaps", { ...ref, lease });
    const claimed = await claim(first);
    expect(await claim(second)).toBeNull();
    await owner.query("update private.gap_work set lease_until = now() - interval '1 second' where agent_id = $1", [
      agent.agentId,
    ]);
    expect((await claim(second))?.questions).toHaveLength(1);
    const gap = { id: newId(), title: "Stolen", model: "local/x", embedding: [1] };
    const place = (lease: string) =>
      call<boolean>(service, "place_gap_questions", {
        ...ref,
        lease,
        gaps: json([gap]),
        questions: json([{ messageId: claimed!.questions[0]!.messageId, gapId: gap.id }]),
      });
    expect(await place(first)).toBe(false);
    expect(await gaps(agent)).toEqual([]);
    expect(await place(second)).toBe(true);
    expect(shape(await gaps(agent))).toEqual([["Stolen", 1]]);
  });

  test("reaches no question of another agent or workspace", async () => {
    const [agent, sibling] = [await newAgent(), await newAgent()];
    await hold(agent, [unknown("Do you ship to Norway?")]);
    await clusterGaps(deps(), sibling, signal);
    const otherTenant = (await owner.query("select tenant_id from members where user_id = $1", [stranger.userId]))
      .rows[0].tenant_id;
    await clusterGaps(deps(), { tenantId: otherTenant, agentId: agent.agentId }, signal);
    expect([await gaps(agent), await gaps(sibling)]).toEqual([[], []]);
    const waiting = await owner.query("select 1 from gap_questions where agent_id = $1 and gap_id is null", [
      agent.agentId,
    ]);
    expect(waiting.rowCount).toBe(1);
  });
});
