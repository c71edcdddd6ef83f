import { createHmac, generateKeyPairSync, randomUUID } from "node:crypto";
import { SignJWT, UnsecuredJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createFieldCipher, newFieldKey } from "@/lib/core/field-cipher";
import { newId, sha256 } from "@/lib/core/ids";
import { call } from "@/lib/db/pool";
import type { GatewayEnv } from "@/lib/llm";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { chatDeps } from "@/lib/testing/widget-client";
import { addTenant, type Tenant } from "@/supabase/tests/fixtures";
import { type ChatDeps, handleWidgetRequest } from ".";

let db: TestDatabase;
let tenant: Tenant;
const cipher = createFieldCipher(newFieldKey("test"));
const SECRET = "ids_the-secret-of-this-agent-which-is-long-enough";

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  tenant = await addTenant(db.owner);
  await addKey(tenant, SECRET);
});

async function addKey({ tenantId, agentId }: Tenant, secret: string, expiresAt: Date | null = null): Promise<string> {
  const id = newId();
  await db.owner.query(
    "insert into identity_keys (id, tenant_id, agent_id, sealed, hint, expires_at) values ($1, $2, $3, $4, 'test', $5)",
    [id, tenantId, agentId, cipher.seal(secret, `identity_keys:${id}`), expiresAt],
  );
  return id;
}

const deps = (over: Partial<ChatDeps> = {}): ChatDeps => chatDeps(db.service, {} as GatewayEnv, { cipher, ...over });

interface Answer {
  status: number;
  headers: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: bodies of many shapes
  json: any;
}

async function request(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  { body, of = tenant, over }: { body?: object; of?: Tenant; over?: Partial<ChatDeps> } = {},
): Promise<Answer> {
  const all: Record<string, string> = { origin: "https://shop.test", ...headers };
  const answer = await handleWidgetRequest(deps(over), {
    method,
    publicId: of.publicId,
    path,
    header: (name) => all[name] ?? null,
    query: () => null,
    body: async () => JSON.stringify(body ?? {}),
    address: null,
  });
  if ("stream" in answer) {
    await answer.stream(() => {}, new AbortController().signal);
    await answer.settled;
    return { status: answer.status, headers: answer.headers, json: null };
  }
  return { status: answer.status, headers: answer.headers, json: JSON.parse(answer.body ?? "null") };
}

const ask = (headers: Record<string, string>, conversationId: string = randomUUID(), over: Partial<ChatDeps> = {}) =>
  request("POST", "messages", headers, {
    body: { conversationId, messageId: randomUUID(), text: "How long is the warranty?" },
    over,
  });
const listOf = async (headers: Record<string, string>): Promise<string[]> =>
  (await request("GET", "conversations", headers)).json.conversations.map((one: { id: string }) => one.id);

const browser = () => ({ "x-alonchat-visitor": sha256(randomUUID()) });
const bytes = (secret: string) => new TextEncoder().encode(secret);
const seconds = (fromNow: number) => Math.floor(Date.now() / 1_000) + fromNow;
const token = (
  secret = SECRET,
  { sub = "user-1", exp = seconds(600), alg = "HS256" } = {},
  claims: Record<string, unknown> = { name: "Ada" },
) => new SignJWT(claims).setProtectedHeader({ alg }).setSubject(sub).setExpirationTime(exp).sign(bytes(secret));
const jwt = async (...args: Parameters<typeof token>) => ({ "x-alonchat-identity": await token(...args) });
const hashed = (user: string, secret = SECRET) => ({
  "x-alonchat-user": user,
  "x-alonchat-user-hash": createHmac("sha256", secret).update(user).digest("hex"),
});

describe("a user whom the customer's server vouches for", () => {
  test("finds the conversation again in any browser, by token as by hash", async () => {
    const conversationId = randomUUID();
    expect((await ask({ ...browser(), ...(await jwt()) }, conversationId)).status).toBe(200);
    expect(await listOf({ ...browser(), ...(await jwt()) })).toEqual([conversationId]);
    expect(await listOf({ ...browser(), ...hashed("user-1") })).toEqual([conversationId]);
    expect(await listOf(hashed("user-1")), "the browser needs no key of its own").toEqual([conversationId]);
    const read = await request("GET", `conversations/${conversationId}`, { ...browser(), ...hashed("user-1") });
    expect(read.json.messages).toHaveLength(2);
  });

  test("has the name and the e-mail of the token beside the conversation, as the last token says", async () => {
    const conversationId = randomUUID();
    const kept = async () =>
      (
        await db.owner.query("select tenant_id, name, email from visitor_contexts where conversation_id = $1", [
          conversationId,
        ])
      ).rows;
    await ask(await jwt(SECRET, {}, { name: "Ada L.", email: "ada@shop.test" }), conversationId);
    expect(await kept()).toEqual([{ tenant_id: tenant.tenantId, name: "Ada L.", email: "ada@shop.test" }]);
    // What is no name or no address is left out, and nobody is turned away for it.
    expect((await ask(await jwt(SECRET, {}, { name: "Ada", email: "<b>" }), conversationId)).status).toBe(200);
    expect(await kept()).toMatchObject([{ name: "Ada", email: null }]);
    expect((await ask(await jwt(SECRET, {}, { name: 7, email: "x".repeat(300) }), conversationId)).status).toBe(200);
    expect(await kept()).toMatchObject([{ name: "Ada", email: null }]);
  });

  test("names nobody in a conversation of somebody else, nor with a token of another secret", async () => {
    const conversationId = randomUUID();
    await ask(browser(), conversationId);
    expect((await ask(await jwt(SECRET, { sub: "eve" }, { name: "Eve" }), conversationId)).status).not.toBe(200);
    expect((await ask(await jwt("wrong".repeat(8), {}, { name: "Eve" }), conversationId)).status).toBe(401);
    await call(db.service, "set_visitor_profile", {
      ...{ tenant_id: tenant.tenantId, conversation_id: conversationId, visitor_hash: "0".repeat(64) },
      ...{ name: "Eve", email: null },
    });
    const { rows } = await db.owner.query("select from visitor_contexts where conversation_id = $1", [conversationId]);
    expect(rows).toEqual([]);
  });

  test("keeps what this browser said before; the browser alone no longer opens it", async () => {
    const key = browser();
    const conversationId = randomUUID();
    await ask(key, conversationId);
    expect((await ask({ ...key, ...hashed("user-1") }, conversationId)).status).toBe(200);
    expect(await listOf(hashed("user-1"))).toEqual([conversationId]);
    expect(await listOf(key)).toEqual([]);
    expect((await request("GET", `conversations/${conversationId}`, key)).status).toBe(404);
  });

  test("may begin with asking for a person where only signed-in users may write, and a stranger may not", async () => {
    await db.owner.query("update widget_settings set identity_required = true where agent_id = $1", [tenant.agentId]);
    await db.owner.query(
      "insert into engagement_settings (tenant_id, agent_id, handover) values ($1, $2, true) on conflict (tenant_id, agent_id) do update set handover = true",
      [tenant.tenantId, tenant.agentId],
    );
    const call = (headers: Record<string, string>) =>
      request("POST", `conversations/${randomUUID()}/handover`, { ...browser(), ...headers });
    expect((await call(hashed("user-1"))).status).toBe(200);
    expect((await call({})).status).toBe(409);
  });

  test("meets nothing of another user, also in the same browser", async () => {
    const key = browser();
    const conversationId = randomUUID();
    await ask({ ...key, ...hashed("user-1") }, conversationId);
    expect(await listOf({ ...key, ...hashed("user-2") })).toEqual([]);
    expect((await request("GET", `conversations/${conversationId}`, { ...key, ...hashed("user-2") })).status).toBe(404);
    expect((await ask({ ...key, ...hashed("user-2") }, conversationId)).status).toBe(404);
  });

  test("is somebody else at another agent, whatever they are called", async () => {
    const other = await addTenant(db.owner);
    await addKey(other, SECRET);
    await ask(hashed("user-1"));
    const there = await request("GET", "conversations", hashed("user-1"), { of: other });
    expect(there).toMatchObject({ status: 200, json: { conversations: [] } });
  });

  test("may have a server whose clock is a minute off", async () => {
    expect((await ask(await jwt(SECRET, { exp: seconds(-30) }))).status).toBe(200);
  });

  test("is vouched for by the old key as by the new one while keys are rotated, and by neither once it has run out", async () => {
    await db.owner.query("update identity_keys set expires_at = now() + interval '1 hour' where agent_id = $1", [
      tenant.agentId,
    ]);
    const NEW = "ids_another-secret-that-took-the-place-of-it";
    await addKey(tenant, NEW);
    for (const secret of [SECRET, NEW]) {
      expect((await ask(await jwt(secret))).status).toBe(200);
      expect((await ask(hashed("user-1", secret))).status).toBe(200);
    }
    await db.owner.query("update identity_keys set expires_at = now() where agent_id = $1 and expires_at is not null", [
      tenant.agentId,
    ]);
    expect((await ask(await jwt(SECRET))).status).toBe(401);
    expect((await ask(await jwt(NEW))).status).toBe(200);
  });
});

describe("an identity that nobody vouches for is refused, and never taken for an anonymous visitor", () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
  const claims = () => ({ sub: "user-1", exp: seconds(600) });
  const unsigned = (header: object, payload: object) =>
    [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");

  test.each<[string, () => Promise<Record<string, string>> | Record<string, string>]>([
    ["a token that has expired", () => jwt(SECRET, { exp: seconds(-120) })],
    [
      "a token without an end",
      async () => ({
        "x-alonchat-identity": await new SignJWT({ sub: "user-1" })
          .setProtectedHeader({ alg: "HS256" })
          .sign(bytes(SECRET)),
      }),
    ],
    [
      "a token of nobody",
      async () => ({
        "x-alonchat-identity": await new SignJWT({ exp: seconds(600) })
          .setProtectedHeader({ alg: "HS256" })
          .sign(bytes(SECRET)),
      }),
    ],
    [
      "a token that is not valid yet",
      async () => ({
        "x-alonchat-identity": await new SignJWT({ ...claims(), nbf: seconds(300) })
          .setProtectedHeader({ alg: "HS256" })
          .sign(bytes(SECRET)),
      }),
    ],
    ["alg none", () => ({ "x-alonchat-identity": new UnsecuredJWT(claims()).encode() })],
    ["alg none with a signature", () => ({ "x-alonchat-identity": `${unsigned({ alg: "none" }, claims())}.c2ln` })],
    ["alg None in other letters", () => ({ "x-alonchat-identity": `${unsigned({ alg: "nOnE" }, claims())}.` })],
    [
      "a token signed with a private key",
      async () => ({
        "x-alonchat-identity": await new SignJWT(claims()).setProtectedHeader({ alg: "RS256" }).sign(privateKey),
      }),
    ],
    [
      "a public key taken for a secret",
      async () => ({
        "x-alonchat-identity": await new SignJWT(claims()).setProtectedHeader({ alg: "HS256" }).sign(bytes(pem)),
      }),
    ],
    ["another algorithm of the same secret", () => jwt(SECRET, { alg: "HS512" })],
    ["a secret of its own", () => jwt("ids_guessed-guessed-guessed-guessed-guessed")],
    ["an empty secret", () => hashed("user-1", "")],
    ["a token that is none", () => ({ "x-alonchat-identity": "hello" })],
    ["an empty token", () => ({ "x-alonchat-identity": "" })],
    ["a user without a hash", () => ({ "x-alonchat-user": "user-1" })],
    ["a hash without a user", () => ({ "x-alonchat-user-hash": sha256("user-1") })],
    [
      "a hash that is cut",
      () => ({ ...hashed("user-1"), "x-alonchat-user-hash": hashed("user-1")["x-alonchat-user-hash"].slice(0, 62) }),
    ],
    ["another user's hash", () => ({ ...hashed("user-1"), "x-alonchat-user": "user-2" })],
    ["an empty user", () => hashed("")],
    ["a user that is too long", () => hashed("u".repeat(201))],
  ])("%s", async (_what, headers) => {
    const sent = { ...browser(), ...(await headers()) };
    for (const answer of [
      await ask(sent),
      await request("GET", "conversations", sent),
      await request("GET", `conversations/${randomUUID()}`, sent),
      await request("DELETE", "visitor", sent),
    ]) {
      expect(answer.status).toBe(401);
      expect(answer.json.error.code).toBe("identity_invalid");
    }
    expect((await db.owner.query("select from conversations where agent_id = $1", [tenant.agentId])).rowCount).toBe(0);
  });

  test("the secret of another agent, of another tenant too", async () => {
    const other = await addTenant(db.owner);
    const OTHER = "ids_the-secret-of-another-agent-entirely-so";
    await addKey(other, OTHER);
    expect((await ask(await jwt(OTHER))).status).toBe(401);
    expect((await ask(hashed("user-1", OTHER))).status).toBe(401);
  });

  test("a secret that was moved from another row does not open", async () => {
    const other = await addTenant(db.owner);
    await db.owner.query(
      "insert into identity_keys (tenant_id, agent_id, sealed, hint) select $1, $2, sealed, hint from identity_keys where agent_id = $3",
      [other.tenantId, other.agentId, tenant.agentId],
    );
    const answer = await request("GET", "conversations", hashed("user-1"), { of: other });
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.json)).not.toContain(SECRET);
  });

  test("anybody, where the agent answers known users only, until one is vouched for", async () => {
    await db.owner.query("update widget_settings set identity_required = true where agent_id = $1", [tenant.agentId]);
    expect(await ask(browser())).toMatchObject({ status: 401, json: { error: { code: "identity_invalid" } } });
    expect((await ask(hashed("user-1"))).status).toBe(200);
  });

  test("everybody, with a reason for the operator, where there is no key to open secrets with", async () => {
    const answer = await ask(hashed("user-1"), randomUUID(), { cipher: null });
    expect(answer).toMatchObject({ status: 500, json: { error: { code: "config_invalid" } } });
    expect((await ask(browser(), randomUUID(), { cipher: null })).status, "strangers go on").toBe(200);
  });
});

describe("delete my data", () => {
  test("erases the browser's conversations and leaves others'", async () => {
    const [mine, theirs] = [browser(), browser()];
    await ask(mine);
    await ask(theirs);
    expect((await request("DELETE", "visitor", mine)).status).toBe(204);
    expect(await listOf(mine)).toEqual([]);
    expect(await listOf(theirs)).toHaveLength(1);
    expect((await request("DELETE", "visitor", mine)).status, "twice is once").toBe(204);
  });

  test("erases a user's in every browser, and what this browser said before", async () => {
    const key = browser();
    await ask(key);
    await ask({ ...browser(), ...hashed("user-1") });
    await ask(hashed("user-2"));
    expect((await request("DELETE", "visitor", { ...key, ...hashed("user-1") })).status).toBe(204);
    expect(await listOf(hashed("user-1"))).toEqual([]);
    expect(await listOf(key)).toEqual([]);
    expect(await listOf(hashed("user-2"))).toHaveLength(1);
  });

  test("wants to know whose", async () => {
    expect((await request("DELETE", "visitor")).status).toBe(400);
    expect((await request("DELETE", "visitor", { "x-alonchat-visitor": "short" })).status).toBe(400);
  });

  test("may be asked for by pages: the browser's question before it is answered", async () => {
    const { status, headers } = await request("OPTIONS", "visitor");
    expect(status).toBe(204);
    expect(headers["access-control-allow-methods"]).toContain("DELETE");
    expect(headers["access-control-allow-headers"]).toContain("x-alonchat-identity");
  });
});

describe("refusals under attack", () => {
  test("a challenge comes with all that a browser needs to meet it", async () => {
    await db.owner.query("update widget_settings set challenge_mode = 'always' where agent_id = $1", [tenant.agentId]);
    const answer = await ask(browser());
    expect(answer).toMatchObject({
      status: 403,
      json: {
        error: { code: "challenge_required" },
        challenge: {
          salt: expect.stringMatching(/^[0-9a-f]{32}$/),
          difficultyBits: 16,
          expiresAt: expect.any(Number),
          signature: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      },
    });
    const { salt, difficultyBits, expiresAt, signature } = answer.json.challenge;
    let n = 0;
    while (Buffer.from(sha256(`${salt}:${n}`), "hex").readUInt32BE(0) >>> (32 - difficultyBits)) n++;
    const proof = { ...browser(), "x-alonchat-proof": `${salt}.${n}.${expiresAt}.${signature}` };
    expect((await ask(proof)).status).toBe(200);
  });

  test.each(["", "x", "a.b.c.d", `${"0".repeat(32)}.1.1`, `${"0".repeat(32)}.-1.1.${"0".repeat(64)}`])(
    "a proof that is none (%j) is bad input",
    async (proof) => {
      expect((await ask({ ...browser(), "x-alonchat-proof": proof })).status).toBe(400);
    },
  );

  test("a budget that is used up says when to come again", async () => {
    await db.owner.query("update widget_settings set daily_token_budget = 1000 where agent_id = $1", [tenant.agentId]);
    const answer = await ask(browser());
    expect(answer).toMatchObject({ status: 402, json: { error: { code: "plan_limit" } } });
    expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
  });
});

test("pages that ask for the widget are noted, those of other domains too; previews are not", async () => {
  for (const origin of ["https://shop.test", "https://evil.test", "https://app.test"])
    await request("GET", "config", { origin });
  const seen = async () =>
    (
      await db.owner.query("select host, allowed from widget_sightings where agent_id = $1 order by 1", [
        tenant.agentId,
      ])
    ).rows;
  await expect.poll(seen).toEqual([
    { host: "evil.test", allowed: false },
    { host: "shop.test", allowed: true },
  ]);
});

test("a page of our own may ask without naming its origin, as browsers do; a request without any may not", async () => {
  const ask = (headers: Record<string, string>) =>
    handleWidgetRequest(deps(), {
      method: "GET",
      publicId: tenant.publicId,
      path: "config",
      header: (name) => headers[name] ?? null,
      query: () => null,
      body: async () => "",
      address: null,
    });
  expect((await ask({ "sec-fetch-site": "same-origin" })).status).toBe(200);
  expect((await ask({ "sec-fetch-site": "cross-site" })).status).toBe(403);
  expect((await ask({})).status).toBe(403);
});
