import { createHash } from "node:crypto";
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

interface Challenge {
  salt: string;
  difficultyBits: number;
  expiresAt: number;
  signature: string;
}
interface Begun {
  status: string;
  retryAfterMs?: number;
  challenge?: Challenge;
}

/** A turn of somebody who was never there before. */
const begin = (over: Record<string, unknown> = {}, of: Tenant = tenant) =>
  call<Begun>(db.service, "begin_turn", {
    public_id: of.publicId,
    origin: "https://shop.test",
    app_origin: "https://app.test",
    tenant_id: null,
    channel: "widget",
    visitor_hash: sha256(newId()),
    address_hash: null,
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

const set = (columns: string, of: Tenant = tenant) =>
  db.owner.query(`update widget_settings set ${columns} where tenant_id = $1 and agent_id = $2`, [
    of.tenantId,
    of.agentId,
  ]);

const LIMITS = { visitorPerMinute: 100, addressPerMinute: 100, agentPerMinute: 100, unknownPerMinute: 3 };

describe("the budget of tokens a day", () => {
  const used = async () =>
    (await db.owner.query("select used::int from token_days where agent_id = $1", [tenant.agentId])).rows[0]?.used;
  const reserved = async () =>
    (
      await db.owner.query(
        "select coalesce(sum(tokens), 0)::int as n from private.token_reservations where agent_id = $1",
        [tenant.agentId],
      )
    ).rows[0].n;
  const callsOf = (answerId: string, inputTokens: number, outputTokens: number) =>
    json([
      {
        tenantId: tenant.tenantId,
        messageId: answerId,
        step: "answer",
        provider: "local",
        model: "m",
        latencyMs: 5,
        outcome: "ok",
        inputTokens,
        outputTokens,
      },
    ]);
  const ask = async (over: Record<string, unknown> = {}) => {
    const answerId = newId();
    return { answerId, ...(await begin({ answer_id: answerId, reserve_tokens: 4_000, ...over })) };
  };

  test("is reserved before an answer and settled with what the answer used up", async () => {
    await set("daily_token_budget = 10000");
    const { answerId, status } = await ask();
    expect(status).toBe("ok");
    expect(await used()).toBe(0);
    expect(await reserved()).toBeGreaterThan(4_000);
    await finish(answerId, { calls: callsOf(answerId, 1_200, 300) });
    expect([await used(), await reserved()]).toEqual([1_500, 0]);
  });

  test("counts answers under way, refuses until the next day, and writes nothing then", async () => {
    await set("daily_token_budget = 10000");
    expect((await ask()).status).toBe("ok");
    expect((await ask()).status).toBe("ok");
    const conversation_id = newId();
    const third = await ask({ conversation_id });
    expect(third.status).toBe("budget_exceeded");
    expect(third.retryAfterMs).toBeGreaterThan(0);
    expect(third.retryAfterMs).toBeLessThanOrEqual(86_400_000);
    expect((await db.owner.query("select from conversations where id = $1", [conversation_id])).rowCount).toBe(0);
  });

  test("of many answers that begin at once lets in as many as fit", async () => {
    await set("daily_token_budget = 20000");
    const asked = await Promise.all(Array.from({ length: 12 }, () => ask()));
    expect(asked.filter(({ status }) => status === "ok")).toHaveLength(4);
    expect(asked.filter(({ status }) => status === "budget_exceeded")).toHaveLength(8);
  });

  test("is settled once, however often an answer ends", async () => {
    await set("daily_token_budget = 10000");
    const { answerId } = await ask();
    await finish(answerId, { calls: callsOf(answerId, 100, 10) });
    await finish(answerId, { calls: callsOf(answerId, 100, 10) });
    expect(await used()).toBe(110);
  });

  test("is used up by more than was reserved, and never falls below zero", async () => {
    await set("daily_token_budget = 10000");
    const { answerId } = await ask();
    await finish(answerId, { calls: callsOf(answerId, 50_000, 0) });
    expect(await used()).toBe(50_000);
    expect((await ask()).status).toBe("budget_exceeded");
    await set("daily_token_budget = 100000");
    const next = await ask();
    await finish(next.answerId, { calls: callsOf(next.answerId, -70_000, 0) });
    expect(await used()).toBe(50_000);
  });

  test("of an answer whose process died comes back with the sweep", async () => {
    await set("daily_token_budget = 5000");
    const { answerId } = await ask();
    expect((await ask()).status).toBe("budget_exceeded");
    await db.owner.query("update messages set created_at = now() - interval '10 minutes' where id = $1", [answerId]);
    await call(db.service, "sweep_turns", {});
    expect([await used(), await reserved()]).toEqual([0, 0]);
    expect((await ask()).status).toBe("ok");
  });

  test("of an answer that was deleted meanwhile comes back with its conversation", async () => {
    await set("daily_token_budget = 5000");
    const conversation_id = newId();
    await ask({ conversation_id });
    await db.owner.query("delete from conversations where id = $1", [conversation_id]);
    expect(await reserved()).toBe(0);
    expect((await ask()).status).toBe("ok");
  });

  test("is each agent's own, and does not hold for members", async () => {
    await set("daily_token_budget = 5000");
    await ask();
    const other = await addTenant(db.owner);
    expect((await begin({}, other)).status).toBe("ok");
    expect((await begin({ channel: "playground", tenant_id: tenant.tenantId, origin: null })).status).toBe("ok");
  });

  test("costs nothing to keep while there is none", async () => {
    await ask();
    expect([await used(), await reserved()]).toEqual([undefined, 0]);
  });
});

describe("limits", () => {
  test("of an agent hold for all its visitors together, say how long to wait, and write nothing", async () => {
    const limits = json({ ...LIMITS, agentPerMinute: 2, unknownPerMinute: 100 });
    expect((await begin({ limits })).status).toBe("ok");
    expect((await begin({ limits })).status).toBe("ok");
    const conversation_id = newId();
    const third = await begin({ limits, conversation_id });
    expect(third.status).toBe("rate_limited");
    expect(third.retryAfterMs).toBeGreaterThan(0);
    expect(third.retryAfterMs).toBeLessThanOrEqual(30_000);
    expect((await db.owner.query("select from conversations where id = $1", [conversation_id])).rowCount).toBe(0);
    const other = await addTenant(db.owner);
    expect((await begin({ limits }, other)).status).toBe("ok");
  });
});

describe("the challenge", () => {
  const limits = json({ ...LIMITS, challengeBits: 8 });

  /** Work as a browser does it. */
  function solve({ salt, difficultyBits, expiresAt, signature }: Challenge) {
    for (let n = 0; ; n++) {
      const digest = createHash("sha256").update(`${salt}:${n}`).digest();
      if (digest.readUInt32BE(0) >>> (32 - difficultyBits) === 0) return { salt, n: String(n), expiresAt, signature };
    }
  }
  const challenged = async (of: Tenant = tenant): Promise<Challenge> => {
    const { status, challenge } = await begin({ limits }, of);
    expect(status).toBe("challenge_required");
    return challenge!;
  };

  test("is not asked for in quiet times", async () => {
    for (let n = 0; n < 3; n++) expect((await begin({ limits })).status).toBe("ok");
  });

  test("goes on by itself when too many unknown visitors ask, and off when they have stopped", async () => {
    for (let n = 0; n < 4; n++) expect((await begin({ limits })).status).toBe("ok");
    await challenged();
    await db.owner.query("update private.alarms set until_at = now() - interval '1 second'");
    expect((await begin({ limits })).status).toBe("ok");
  });

  test("of one agent is not another's", async () => {
    for (let n = 0; n < 4; n++) await begin({ limits });
    await challenged();
    expect((await begin({ limits }, await addTenant(db.owner))).status).toBe("ok");
  });

  test("is not for those who were there before, nor for users who are vouched for, nor for members", async () => {
    const visitor_hash = sha256(newId());
    await begin({ limits, visitor_hash });
    await set("challenge_mode = 'always'");
    await challenged();
    expect((await begin({ limits, visitor_hash })).status).toBe("ok");
    expect((await begin({ limits, is_identified: true })).status).toBe("ok");
    expect((await begin({ limits, channel: "playground", tenant_id: tenant.tenantId, origin: null })).status).toBe(
      "ok",
    );
  });

  test("lets a visitor in who did the work, once", async () => {
    await set("challenge_mode = 'always'");
    const proof = json(solve(await challenged()));
    expect((await begin({ limits, proof })).status).toBe("ok");
    expect((await begin({ limits, proof })).status, "the same work again").toBe("challenge_required");
  });

  test("lets one in when the same work comes many times at once", async () => {
    await set("challenge_mode = 'always'");
    const proof = json(solve(await challenged()));
    const begun = await Promise.all(Array.from({ length: 6 }, () => begin({ limits, proof })));
    expect(begun.filter(({ status }) => status === "ok")).toHaveLength(1);
  });

  test.each<[string, (proof: ReturnType<typeof solve>) => object]>([
    ["without the work", (proof) => ({ ...proof, n: "0x" })],
    ["with another number", (proof) => ({ ...proof, n: `${proof.n}1` })],
    ["whose end was put off", (proof) => ({ ...proof, expiresAt: proof.expiresAt + 1_000 })],
    ["with a signature of its own", (proof) => ({ ...proof, signature: sha256("mine") })],
    ["with another salt", (proof) => ({ ...proof, salt: "0".repeat(32) })],
    ["that is empty", () => ({})],
  ])("refuses a proof %s", async (_what, change) => {
    await set("challenge_mode = 'always'");
    // With eight bits a wrong number is right one time in 256: enough bits that it is not.
    const strict = json({ ...LIMITS, unknownPerMinute: 100, challengeBits: 16 });
    const { challenge } = await begin({ limits: strict });
    expect((await begin({ limits: strict, proof: json(change(solve(challenge!))) })).status).toBe("challenge_required");
  });

  test("refuses what has expired", async () => {
    await set("challenge_mode = 'always'");
    const salt = "ab".repeat(16);
    const expiresAt = Date.now() - 60_000;
    const { rows } = await db.owner.query("select private.sign_challenge($1, $2, 8, $3) as signature", [
      tenant.agentId,
      salt,
      expiresAt,
    ]);
    const proof = solve({ salt, difficultyBits: 8, expiresAt, signature: rows[0].signature });
    expect((await begin({ limits, proof: json(proof) })).status).toBe("challenge_required");
  });

  test("refuses work that was done for another agent", async () => {
    const other = await addTenant(db.owner);
    await set("challenge_mode = 'always'");
    await set("challenge_mode = 'always'", other);
    const proof = json(solve(await challenged(other)));
    expect((await begin({ limits, proof })).status).toBe("challenge_required");
    expect((await begin({ limits, proof }, other)).status, "it was not used up by that").toBe("ok");
  });

  test("stays off when a member switched it off", async () => {
    await set("challenge_mode = 'off'");
    for (let n = 0; n < 6; n++) expect((await begin({ limits })).status).toBe("ok");
  });

  test("is forgotten with the sweep when it has run out", async () => {
    await set("challenge_mode = 'always'");
    await begin({ limits, proof: json(solve(await challenged())) });
    await db.owner.query("update private.used_salts set expires_at = now() - interval '1 second'");
    await call(db.service, "sweep_turns", {});
    expect((await db.owner.query("select from private.used_salts")).rowCount).toBe(0);
  });
});

test("an agent for known users only answers nobody else", async () => {
  await set("identity_required = true");
  expect((await begin()).status).toBe("identity_required");
  expect((await begin({ is_identified: true })).status).toBe("ok");
});

describe("what a visitor is kept with", () => {
  const list = (visitor_hash: string, of: Tenant = tenant) =>
    call<{ id: string; title: string; preview: string }[]>(db.service, "list_visitor_conversations", {
      public_id: of.publicId,
      visitor_hash,
    });
  const erase = (visitor_hashes: string[], of: Tenant = tenant) =>
    call<boolean>(db.service, "erase_visitor", { public_id: of.publicId, visitor_hashes, is_identified: false });

  test("is listed for who holds the key, newest first: first question and last words; nobody else's", async () => {
    const visitor_hash = sha256("lister");
    const [first, second, answer_id] = [newId(), newId(), newId()];
    await begin({ visitor_hash, conversation_id: first, answer_id, text: "One" });
    await finish(answer_id);
    await begin({ visitor_hash, conversation_id: second, text: "Two" });
    expect(await list(visitor_hash)).toMatchObject([
      { id: second, title: "Two", preview: "Two" },
      { id: first, title: "One", preview: "Two years [1]." },
    ]);
    expect(await list(sha256("other"))).toEqual([]);
    expect(await list(visitor_hash, await addTenant(db.owner))).toEqual([]);
  });

  test("is erased for good, here and nowhere else, and told without saying whose it was", async () => {
    const visitor_hash = sha256("leaver");
    const other = await addTenant(db.owner);
    const staying = newId();
    await begin({ visitor_hash });
    await begin({ visitor_hash });
    await begin({ conversation_id: staying });
    await begin({ visitor_hash }, other);
    expect(await erase([visitor_hash])).toBe(true);
    expect(await list(visitor_hash)).toEqual([]);
    expect(await list(visitor_hash, other)).toHaveLength(1);
    expect((await db.owner.query("select from conversations where id = $1", [staying])).rowCount).toBe(1);
    const { rows } = await db.owner.query("select * from visitor_erasures where agent_id = $1", [tenant.agentId]);
    expect(rows).toMatchObject([{ conversations: 2, messages: 4, identified: false }]);
    expect(JSON.stringify(rows)).not.toContain(visitor_hash);
  });

  test("is erased once: again nothing happens and nothing is told", async () => {
    const visitor_hash = sha256("twice");
    await begin({ visitor_hash });
    await erase([visitor_hash]);
    await erase([visitor_hash]);
    expect((await db.owner.query("select from visitor_erasures where agent_id = $1", [tenant.agentId])).rowCount).toBe(
      1,
    );
    expect(
      await call(db.service, "erase_visitor", {
        public_id: "ag_none",
        visitor_hashes: [visitor_hash],
        is_identified: false,
      }),
    ).toBe(false);
  });

  test("becomes the user's when the browser turns out to be theirs, of this agent alone", async () => {
    const [visitor_hash, user_hash] = [sha256("browser"), sha256("user")];
    const other = await addTenant(db.owner);
    await begin({ visitor_hash });
    await begin({ visitor_hash }, other);
    const claim = (of: Tenant) =>
      call<number>(db.service, "claim_conversations", {
        tenant_id: of.tenantId,
        agent_id: of.agentId,
        user_hash,
        visitor_hash,
      });
    expect(await claim({ ...tenant, tenantId: other.tenantId }), "an agent of another tenant").toBe(0);
    expect(await claim(tenant)).toBe(1);
    expect(await list(user_hash)).toHaveLength(1);
    expect(await list(visitor_hash)).toEqual([]);
    expect(await list(visitor_hash, other)).toHaveLength(1);
  });
});

describe("sightings", () => {
  const see = (host: string, allowed = true) =>
    call(db.service, "record_sighting", { public_id: tenant.publicId, host, allowed });
  const seen = async () =>
    (await db.owner.query("select * from widget_sightings where agent_id = $1 order by host", [tenant.agentId])).rows;

  test("are written once an hour a host, and again when what was allowed has changed", async () => {
    await see("Shop.test");
    const [first] = await seen();
    expect(first).toMatchObject({ host: "shop.test", allowed: true });
    await see("shop.test");
    expect(await seen()).toEqual([first]);
    await see("shop.test", false);
    expect((await seen())[0].allowed).toBe(false);
    await db.owner.query("update widget_sightings set last_seen_at = now() - interval '2 hours'");
    await see("shop.test", false);
    expect(Date.now() - (await seen())[0].last_seen_at.getTime()).toBeLessThan(3_600_000);
  });

  test("of made-up hosts end at a hundred, and known ones go on", async () => {
    await see("known.test");
    await db.owner.query(
      "insert into widget_sightings (tenant_id, agent_id, host, allowed) select $1, $2, n || '.test', false from generate_series(1, 120) n",
      [tenant.tenantId, tenant.agentId],
    );
    await see("one-more.test");
    await see("known.test", false);
    const hosts = await seen();
    expect(hosts.some(({ host }) => host === "one-more.test")).toBe(false);
    expect(hosts.find(({ host }) => host === "known.test").allowed).toBe(false);
  });
});

test("a picture that is no longer shown is removed from Storage; one that is chosen again is kept", async () => {
  const path = (name: string) => `${tenant.tenantId}/avatars/${tenant.agentId}/${name}.png`;
  const dead = async () =>
    (
      await db.owner.query("select path from private.dead_objects where path like $1 order by 1", [
        `${tenant.tenantId}%`,
      ])
    ).rows.map((row) => row.path);
  await set(`avatar_path = '${path("a")}'`);
  expect(await dead()).toEqual([]);
  await set(`avatar_path = '${path("b")}'`);
  expect(await dead()).toEqual([path("a")]);
  await set(`avatar_path = '${path("a")}'`);
  expect(await dead()).toEqual([path("b")]);
  await db.owner.query("delete from agents where id = $1", [tenant.agentId]);
  expect(await dead()).toEqual([path("a"), path("b")]);
  const other = await addTenant(db.owner);
  await expect(set(`avatar_path = '${path("a")}'`, other), "another tenant's folder").rejects.toThrow("check");
});
