import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId, sha256 } from "@/lib/core/ids";
import { call } from "@/lib/db/pool";
import type { GatewayEnv } from "@/lib/llm";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { chatDeps, VISITOR_KEY, widgetCall } from "@/lib/testing/widget-client";
import { addTenant, type Tenant } from "@/supabase/tests/fixtures";
import type { ChatDeps } from ".";

let db: TestDatabase;
let tenant: Tenant;
let other: Tenant;
let deps: ChatDeps;

beforeAll(async () => {
  db = await createTestDatabase();
  [tenant, other] = [await addTenant(db.owner), await addTenant(db.owner)];
  deps = chatDeps(db.service, {} as GatewayEnv);
});
afterAll(() => db.drop());

async function request(
  method: "GET" | "POST",
  path: string,
  body?: unknown,
  { publicId = tenant.publicId, key = VISITOR_KEY } = {},
) {
  const answer = await widgetCall(deps, { method, publicId, path, body, headers: { "x-alonchat-visitor": key } });
  if ("stream" in answer) throw new Error("a stream");
  return { status: answer.status, body: answer.body === null ? null : JSON.parse(answer.body) };
}

/** A question that was answered; p_status null: it is being answered. */
async function answered(status: "complete" | "failed" | null = "complete") {
  const [conversationId, questionId, answerId] = [randomUUID(), randomUUID(), newId()];
  await call(db.service, "begin_turn", {
    public_id: tenant.publicId,
    origin: "https://shop.test",
    app_origin: "https://app.test",
    tenant_id: null,
    channel: "widget",
    visitor_hash: sha256(VISITOR_KEY),
    address_hash: null,
    conversation_id: conversationId,
    message_id: questionId,
    answer_id: answerId,
    text: "Question",
  });
  if (status)
    await call(db.service, "finish_turn", { tenant_id: tenant.tenantId, answer_id: answerId, status, text: "Answer" });
  return { conversationId, questionId, answerId };
}

const rate = (answerId: string, body: unknown, over = {}) =>
  request("POST", `answers/${answerId}/feedback`, body, over);
const ratings = async (answerId: string) =>
  (await db.owner.query("select rating, reason, comment from ratings where message_id = $1", [answerId])).rows;

describe("a visitor's rating", () => {
  test("is kept with its reason and words, and the conversation carries it from then on", async () => {
    const { answerId, conversationId } = await answered();
    const before = await request("GET", `conversations/${conversationId}`);
    expect(before.body.messages.map((message: { rating: string }) => message.rating)).toEqual([null, null]);
    expect((await rate(answerId, { rating: "down", reason: "wrong", comment: " It is 3 years. " })).status).toBe(204);
    expect(await ratings(answerId)).toEqual([{ rating: "down", reason: "wrong", comment: "It is 3 years." }]);
    const after = await request("GET", `conversations/${conversationId}`);
    expect(after.body.messages.map((message: { rating: string }) => message.rating)).toEqual([null, "down"]);
  });

  test("can be changed and taken back; the reason of the old one goes with it", async () => {
    const { answerId } = await answered();
    await rate(answerId, { rating: "down", reason: "incomplete" });
    await rate(answerId, { rating: "up" });
    expect(await ratings(answerId)).toEqual([{ rating: "up", reason: null, comment: null }]);
    expect((await rate(answerId, { rating: null })).status).toBe(204);
    expect(await ratings(answerId)).toEqual([]);
    expect((await rate(answerId, { rating: null })).status).toBe(204);
  });

  test("is refused from another visitor, through another agent or tenant, and for what is no finished answer", async () => {
    const { answerId, questionId } = await answered();
    const running = await answered(null);
    const failed = await answered("failed");
    const sibling = await db.owner.query(
      "insert into agents (tenant_id, name, allowed_domains) values ($1, 'Sibling', '{shop.test}') returning public_id",
      [tenant.tenantId],
    );
    const tries: [string, { publicId?: string; key?: string }][] = [
      [answerId, { key: "f".repeat(32) }],
      [answerId, { key: "short" }],
      [answerId, { publicId: other.publicId }],
      [answerId, { publicId: sibling.rows[0].public_id }],
      [answerId, { publicId: "ag_nothere" }],
      [questionId, {}],
      [running.answerId, {}],
      [failed.answerId, {}],
      [newId(), {}],
      ["not-a-uuid", {}],
    ];
    for (const [id, over] of tries) {
      const refused = await rate(id, { rating: "up" }, over);
      expect([refused.status, refused.body.error.code], `${id} ${JSON.stringify(over)}`).toEqual([404, "not_found"]);
    }
    expect(
      (await db.owner.query("select 1 from ratings where message_id = any ($1)", [[answerId, questionId]])).rows,
    ).toEqual([]);
  });

  test.each([
    ["no rating", {}],
    ["another word", { rating: "sideways" }],
    ["a reason that is none", { rating: "down", reason: "boring" }],
    ["a comment of 1,001 characters", { rating: "down", comment: "x".repeat(1_001) }],
    ["a list", []],
    ["no JSON", "{"],
  ])("with %s is refused", async (_what, body) => {
    const { answerId } = await answered();
    const refused = await rate(answerId, body);
    expect([refused.status, refused.body.error.code]).toEqual([400, "bad_request"]);
    expect(await ratings(answerId)).toEqual([]);
  });

  test("goes when its conversation goes", async () => {
    const { answerId, conversationId } = await answered();
    await rate(answerId, { rating: "up", comment: "😀".repeat(500) });
    expect(await ratings(answerId)).toHaveLength(1);
    await db.owner.query("delete from conversations where id = $1", [conversationId]);
    expect(await ratings(answerId)).toEqual([]);
  });
});
