import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { newId, sha256 } from "@/lib/core/ids";
import { call, json } from "@/lib/db/pool";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { addTenant, type Tenant } from "./fixtures";

let db: TestDatabase;
let tenant: Tenant;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  tenant = await addTenant(db.owner);
});

const VISITOR = sha256("visitor");
interface Begun {
  status: string;
  history?: { role: string; text: string }[];
  retryAfterMs?: number;
  text?: string;
  answerId?: string;
}

const begin = (over: Record<string, unknown> = {}) =>
  call<Begun>(db.service, "begin_turn", {
    public_id: tenant.publicId,
    origin: "https://shop.test",
    app_origin: "https://app.test",
    tenant_id: null,
    channel: "widget",
    visitor_hash: VISITOR,
    address_hash: sha256("address"),
    conversation_id: newId(),
    message_id: newId(),
    answer_id: newId(),
    text: "How long is the warranty?",
    ...over,
  });

const finish = (answerId: string, over: Record<string, unknown> = {}) =>
  call<boolean>(db.service, "finish_turn", {
    tenant_id: tenant.tenantId,
    answer_id: answerId,
    status: "complete",
    text: "Two years [1].",
    ...over,
  });

const usage = async () =>
  (await db.owner.query("select used::int, reserved::int from usage_counters where tenant_id = $1", [tenant.tenantId]))
    .rows;

describe("begin_turn", () => {
  test.each([
    ["https://shop.test", "ok"],
    ["http://shop.test:9000", "ok"],
    ["https://a.b.wild.test", "ok"],
    ["https://wild.test", "origin_not_allowed"],
    ["https://notwild.test", "origin_not_allowed"],
    ["http://local.test:8080", "ok"],
    ["http://local.test:8081", "origin_not_allowed"],
    ["https://shop.test.evil.test", "origin_not_allowed"],
    ["https://evil.test/shop.test", "origin_not_allowed"],
    ["https://evil.test@shop.test", "origin_not_allowed"],
    ["null", "origin_not_allowed"],
    [null, "origin_not_allowed"],
    ["https://app.test", "ok"],
  ])("answers a page on %s with %s", async (origin, status) => {
    expect((await begin({ origin })).status).toBe(status);
  });

  test("does not know an agent that is not there", async () => {
    expect((await begin({ public_id: "ag_nothere" })).status).toBe("agent_unavailable");
  });

  test("lets the playground of one tenant reach no agent of another", async () => {
    const other = await addTenant(db.owner);
    expect((await begin({ channel: "playground", tenant_id: other.tenantId, origin: null })).status).toBe(
      "agent_unavailable",
    );
    expect((await begin({ channel: "playground", tenant_id: tenant.tenantId, origin: null })).status).toBe("ok");
  });

  test("gives what was said before, oldest first, without the new message", async () => {
    const conversation_id = newId();
    const answer_id = newId();
    await begin({ conversation_id, answer_id, text: "First" });
    await finish(answer_id);
    const next = await begin({ conversation_id, text: "Second" });
    expect(next.history).toEqual([
      { role: "visitor", text: "First" },
      { role: "assistant", text: "Two years [1]." },
    ]);
  });

  test("does not open a conversation to somebody else: another visitor, agent or channel", async () => {
    const conversation_id = newId();
    await begin({ conversation_id });
    const other = await addTenant(db.owner);
    expect((await begin({ conversation_id, visitor_hash: sha256("other") })).status).toBe("conversation_unavailable");
    expect((await begin({ conversation_id, public_id: other.publicId })).status).toBe("conversation_unavailable");
    expect(
      (await begin({ conversation_id, channel: "playground", tenant_id: tenant.tenantId, origin: null })).status,
    ).toBe("conversation_unavailable");
  });

  test("answers a message that comes twice once: under way, then from what is stored", async () => {
    const ids = { conversation_id: newId(), message_id: newId() };
    const answer_id = newId();
    await begin({ ...ids, answer_id });
    expect((await begin(ids)).status).toBe("in_progress");
    await finish(answer_id, {
      citations: json([
        {
          number: 1,
          chunkId: newId(),
          pageId: newId(),
          url: "https://shop.test/w",
          title: "Warranty",
          heading: "",
          quote: "q",
        },
      ]),
    });
    expect(await begin(ids)).toMatchObject({
      status: "replay",
      answerId: answer_id,
      text: "Two years [1].",
      citations: [{ number: 1, url: "https://shop.test/w" }],
    });
    expect(await usage()).toEqual([{ used: 1, reserved: 0 }]);
  });

  test("of the same message many times at once begins one turn", async () => {
    const ids = { conversation_id: newId(), message_id: newId() };
    const begun = await Promise.all(Array.from({ length: 8 }, () => begin(ids)));
    expect(begun.filter((b) => b.status === "ok")).toHaveLength(1);
    expect(begun.filter((b) => b.status === "in_progress")).toHaveLength(7);
    expect(await usage()).toEqual([{ used: 0, reserved: 1 }]);
  });

  test("tries a failed answer again under its question", async () => {
    const ids = { conversation_id: newId(), message_id: newId() };
    const answer_id = newId();
    await begin({ ...ids, answer_id });
    await finish(answer_id, { status: "failed", text: "" });
    expect((await begin(ids)).status).toBe("ok");
    expect(
      (await db.owner.query("select count(*)::int n from messages where conversation_id = $1", [ids.conversation_id]))
        .rows[0].n,
    ).toBe(2);
  });

  test("refuses a message id that another conversation uses", async () => {
    const message_id = newId();
    await begin({ message_id });
    expect((await begin({ message_id })).status).toBe("conversation_unavailable");
  });

  test("limits a visitor and says how long to wait; others go on", async () => {
    const limits = json({ visitorPerMinute: 2, addressPerMinute: 100 });
    expect((await begin({ limits })).status).toBe("ok");
    expect((await begin({ limits })).status).toBe("ok");
    const third = await begin({ limits });
    expect(third.status).toBe("rate_limited");
    expect(third.retryAfterMs).toBeGreaterThan(0);
    expect(third.retryAfterMs).toBeLessThanOrEqual(30_000);
    expect((await begin({ limits, visitor_hash: sha256("somebody else") })).status).toBe("ok");
  });

  test("stops at the tenant's monthly limit, counting answers under way, and writes nothing then", async () => {
    await db.owner.query("update tenants set monthly_message_limit = 2 where id = $1", [tenant.tenantId]);
    expect((await begin()).status).toBe("ok");
    expect((await begin()).status).toBe("ok");
    const conversation_id = newId();
    expect((await begin({ conversation_id })).status).toBe("quota_exceeded");
    expect((await db.owner.query("select from conversations where id = $1", [conversation_id])).rowCount).toBe(0);
    expect(await usage()).toEqual([{ used: 0, reserved: 2 }]);
  });
});

describe("finish_turn", () => {
  test("settles a turn once: text, citations, calls, quota", async () => {
    const answer_id = newId();
    await begin({ answer_id });
    const calls = json([
      {
        tenantId: tenant.tenantId,
        messageId: answer_id,
        step: "answer",
        provider: "local",
        model: "m",
        latencyMs: 5,
        outcome: "ok",
        costMicroUsd: 12,
      },
    ]);
    expect(await finish(answer_id, { calls })).toBe(true);
    expect(await finish(answer_id, { text: "changed" })).toBe(false);
    expect((await db.owner.query("select content, status from messages where id = $1", [answer_id])).rows).toEqual([
      { content: "Two years [1].", status: "complete" },
    ]);
    expect(
      (await db.owner.query("select cost_micro_usd::int from llm_calls where message_id = $1", [answer_id])).rows,
    ).toEqual([{ cost_micro_usd: 12 }]);
    expect(await usage()).toEqual([{ used: 1, reserved: 0 }]);
  });

  test("does not count a failed answer as used", async () => {
    const answer_id = newId();
    await begin({ answer_id });
    await finish(answer_id, { status: "failed" });
    expect(await usage()).toEqual([{ used: 0, reserved: 0 }]);
  });

  test("cannot be done under another tenant's name", async () => {
    const answer_id = newId();
    await begin({ answer_id });
    const other = await addTenant(db.owner);
    expect(
      await call(db.service, "finish_turn", { tenant_id: other.tenantId, answer_id, status: "complete", text: "x" }),
    ).toBe(false);
    expect((await db.owner.query("select status from messages where id = $1", [answer_id])).rows[0].status).toBe(
      "streaming",
    );
  });

  test("comes from the sweep when the process died", async () => {
    const answer_id = newId();
    await begin({ answer_id });
    expect(await call(db.service, "sweep_turns", {})).toBe(0);
    await db.owner.query("update messages set created_at = now() - interval '10 minutes' where id = $1", [answer_id]);
    // At the first of a month these ten minutes lead into the one before, which it was counted in then.
    await db.owner.query(
      "update usage_counters set month = date_trunc('month', (now() - interval '10 minutes') at time zone 'utc') where tenant_id = $1",
      [tenant.tenantId],
    );
    expect(await call(db.service, "sweep_turns", {})).toBe(1);
    expect((await db.owner.query("select status, error_code from messages where id = $1", [answer_id])).rows).toEqual([
      { status: "failed", error_code: "interrupted" },
    ]);
    expect(await usage()).toEqual([{ used: 0, reserved: 0 }]);
  });
});

describe("read_conversation", () => {
  test("shows a conversation to who holds its key, and to nobody else", async () => {
    const conversation_id = newId();
    const answer_id = newId();
    await begin({ conversation_id, answer_id });
    await finish(answer_id);
    const read = (over = {}) =>
      call<{ messages: { text: string }[] } | null>(db.service, "read_conversation", {
        public_id: tenant.publicId,
        visitor_hash: VISITOR,
        conversation_id,
        ...over,
      });
    expect((await read())?.messages.map((message) => message.text)).toEqual([
      "How long is the warranty?",
      "Two years [1].",
    ]);
    expect(await read({ visitor_hash: sha256("other") })).toBeNull();
    expect(await read({ public_id: (await addTenant(db.owner)).publicId })).toBeNull();
  });
});
