import { createClient, type RealtimeChannel } from "@supabase/supabase-js";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { handleWidgetRequest } from "@/lib/chat";
import { parseEnv } from "@/lib/core/env";
import { createFieldCipher, newFieldKey } from "@/lib/core/field-cipher";
import { newId } from "@/lib/core/ids";
import { deleteLead, exportLeads, leadsFile, listLeads, rekeyLeads } from "@/lib/leads";
import type { LeadForm } from "@/lib/leads/schema";
import { createPlatform, type Platform } from "@/lib/platform";
import { workerEnv } from "@/lib/testing/crawl-worker";
import { asAnon, signUp, type TestUser, testStack } from "@/lib/testing/stack";
import {
  countWaiting,
  getEngagement,
  getHandover,
  getVisitorParts,
  listQueue,
  openAttachment,
  release,
  reply,
  sweepEngagement,
  takeOver,
  updateEngagement,
} from "./index";

/** Through the widget's API as visitors use it, and through the members' own rights as the dashboard does. */

interface Tenant {
  user: TestUser;
  tenantId: string;
  agentId: string;
  publicId: string;
}

const KEYS = newFieldKey("test");
const ADA = "a".repeat(32);
const EVE = "e".repeat(32);
const FORM: LeadForm = {
  when: "on_no_answer",
  title: "How can we reach you?",
  fields: [
    { key: "email", label: "E-mail", type: "email", required: true },
    { key: "phone", label: "Telephone", type: "phone", required: false },
    { key: "note", label: "What is it about?", type: "text", required: false },
  ],
  consentText: "Lumen keeps this to answer me.",
};
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

let owner: pg.Pool;
let platform: Platform;
let a: Tenant;
let b: Tenant;
/** A new one for each test. */
let conversationId: string;

beforeAll(async () => {
  const stack = testStack();
  owner = new pg.Pool({ connectionString: stack.adminDatabaseUrl, max: 2 });
  platform = createPlatform(
    parseEnv(
      workerEnv(stack.databaseUrl, {
        SUPABASE_URL: stack.apiUrl,
        SUPABASE_PUBLISHABLE_KEY: stack.publishableKey,
        SUPABASE_SECRET_KEY: stack.secretKey,
        FIELD_ENCRYPTION_KEYS: KEYS,
        RATE_LIMIT_ENABLED: "false",
      }),
    ),
  );
  [a, b] = [await tenant("Parts A"), await tenant("Parts B")];
});
afterAll(async () => {
  await platform.close();
  await owner.end();
});
beforeEach(async () => {
  conversationId = newId();
  await owner.query("update members set role = 'owner' where user_id = any ($1)", [[a.user.userId, b.user.userId]]);
  await updateEngagement(a.user.client, {
    tenantId: a.tenantId,
    agentId: a.agentId,
    leadForm: FORM,
    csat: true,
    attachments: true,
    handover: true,
  });
});

async function tenant(name: string): Promise<Tenant> {
  const user = await signUp(undefined, { workspace_name: name });
  const { rows } = await owner.query(
    `insert into agents (tenant_id, name, allowed_domains)
       select tenant_id, 'Agent', '{shop.test}' from members where user_id = $1 returning tenant_id, id, public_id`,
    [user.userId],
  );
  return { user, tenantId: rows[0].tenant_id, agentId: rows[0].id, publicId: rows[0].public_id };
}

const inRole = (role: string) => owner.query("update members set role = $1 where user_id = $2", [role, a.user.userId]);

interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: an answer of the wire, looked into by each test
  json: any;
}

interface From {
  key?: string;
  origin?: string | null;
  publicId?: string;
  after?: string;
}

async function request(method: string, path: string, body?: unknown, from: From = {}): Promise<Answer> {
  const headers: Record<string, string | null> = {
    origin: from.origin === undefined ? "https://shop.test" : from.origin,
    "x-alonchat-visitor": from.key ?? ADA,
  };
  const answer = await handleWidgetRequest(platform.chat, {
    method,
    publicId: from.publicId ?? a.publicId,
    path,
    header: (name) => headers[name] ?? null,
    query: (name) => (name === "after" ? (from.after ?? null) : null),
    body: async () => (typeof body === "string" ? body : JSON.stringify(body ?? {})),
    address: null,
  });
  if ("stream" in answer) {
    let raw = "";
    await answer.stream((chunk) => {
      raw += chunk;
    }, new AbortController().signal);
    const done = /event: done\ndata: (.+)/.exec(raw)?.[1];
    return { status: answer.status, json: { raw, ...(done && JSON.parse(done)) } };
  }
  return { status: answer.status, json: answer.body === null ? null : JSON.parse(String(answer.body)) };
}

const say = (text = "Hello?", messageId = newId(), from?: From) =>
  request("POST", "messages", { conversationId, messageId, text }, from);
const read = (from?: From) => request("GET", `conversations/${conversationId}`, undefined, from);
const of = (part: string) => `conversations/${conversationId}/${part}`;
const where = () => ({ tenantId: a.tenantId, conversationId });

/** Who must not get anywhere with a request: what they are told. */
const STRANGERS: [string, From, number][] = [
  ["a page that is not allowed", { origin: "https://evil.test" }, 403],
  ["a page without an origin", { origin: null }, 403],
  ["an agent that is not there", { publicId: "ag_nothere" }, 404],
  ["a visitor without a key", { key: "short" }, 400],
  ["another visitor of the same conversation", { key: EVE }, 404],
];

test("who must show or do something before the first message does not get around it with a form", async () => {
  await owner.query("update widget_settings set challenge_mode = 'always' where agent_id = $1", [a.agentId]);
  const key = "9".repeat(32);
  expect((await request("POST", of("survey"), { score: 5 }, { key })).status).toBe(409);
  expect((await read({ key })).status).toBe(404);
  await owner.query(
    "update widget_settings set challenge_mode = 'auto', identity_required = true where agent_id = $1",
    [a.agentId],
  );
  expect((await request("POST", of("handover"), {}, { key })).status).toBe(409);
  await owner.query("update widget_settings set identity_required = false where agent_id = $1", [a.agentId]);
  expect((await request("POST", of("survey"), { score: 5 }, { key })).status).toBe(204);
});

describe("settings", () => {
  test("are all off at first, and each is changed without the others", async () => {
    const at = { tenantId: b.tenantId, agentId: b.agentId };
    expect(await getEngagement(b.user.client, at)).toMatchObject({ leadForm: null, csat: false, handover: false });
    await updateEngagement(b.user.client, { ...at, csat: true });
    await updateEngagement(b.user.client, { ...at, handover: true });
    expect(await getEngagement(b.user.client, at)).toMatchObject({ csat: true, handover: true, attachments: false });
    await updateEngagement(b.user.client, { ...at, csat: false, handover: false });
  });

  test("reach the widget's configuration", async () => {
    expect((await request("GET", "config")).json).toMatchObject({
      leadForm: FORM,
      csat: true,
      attachments: true,
      handover: true,
      proactive: null,
      hours: null,
    });
  });

  test("are changed by admins alone, in their own workspace", async () => {
    await inRole("operator");
    const at = { tenantId: a.tenantId, agentId: a.agentId };
    await expect(updateEngagement(a.user.client, { ...at, csat: false })).rejects.toMatchObject({ code: "forbidden" });
    await expect(updateEngagement(b.user.client, { ...at, csat: false })).rejects.toMatchObject({ code: "forbidden" });
    await expect(
      updateEngagement(b.user.client, { tenantId: b.tenantId, agentId: a.agentId, csat: true }),
    ).rejects.toMatchObject({ code: "not_found" });
  });

  test.each([
    [{ leadForm: { ...FORM, fields: [] } }],
    [{ leadForm: { ...FORM, fields: [FORM.fields[0]!, FORM.fields[0]!] } }],
    [{ leadForm: { ...FORM, consentText: " " } }],
    [{ proactive: [{ id: "a", message: "Hi", when: {} }] }],
    [{ proactive: [{ id: "a", message: "Hi", when: { scrollPercent: 101 } }] }],
  ])("that make no sense are refused (%#)", async (patch) => {
    await expect(
      updateEngagement(a.user.client, { tenantId: a.tenantId, agentId: a.agentId, ...patch }),
    ).rejects.toThrow();
  });
});

describe("leads", () => {
  const leave = (values: Record<string, string>, from?: From, over: object = {}) =>
    request("POST", "leads", { conversationId, values, consent: true, ...over }, from);
  const at = () => ({ tenantId: a.tenantId, agentId: a.agentId });
  const sealed = async () =>
    (await owner.query("select * from leads where conversation_id = $1", [conversationId])).rows[0];

  test("are kept sealed, with the words that were agreed to, and read by operators", async () => {
    expect((await leave({ email: " ada@example.com ", phone: "+49 (30) 1234-567" })).status).toBe(204);
    const row = await sealed();
    expect(JSON.stringify(row)).not.toContain("ada@example");
    expect(row).toMatchObject({ key_id: "test", consent_text: FORM.consentText });
    await inRole("operator");
    const { leads } = await listLeads(platform, a.user.client, { ...at(), q: "", page: 1 });
    expect(leads[0]).toMatchObject({
      conversationId,
      values: { email: "ada@example.com", phone: "+49 (30) 1234-567" },
      consentText: FORM.consentText,
    });
  });

  test("are not shown to viewers, to another tenant, or to a visitor", async () => {
    await leave({ email: "ada@example.com" });
    await inRole("viewer");
    const query = { ...at(), q: "", page: 1 };
    expect((await listLeads(platform, a.user.client, query)).leads).toEqual([]);
    expect((await listLeads(platform, b.user.client, query)).leads).toEqual([]);
    expect(await exportLeads(platform, b.user.client, at())).toEqual([]);
    expect((await asAnon().from("leads").select("*")).error).not.toBeNull();
    expect((await read()).json).toMatchObject({ hasLead: true });
    expect(JSON.stringify((await read()).json)).not.toContain("example.com");
  });

  test.each([
    [{}, "E-mail: please fill this in."],
    [{ email: "ada" }, "E-mail: this is not an e-mail address."],
    [{ email: "ada@example.com", phone: "none" }, "Telephone: this is not a telephone number."],
    [{ email: "ada@example.com", salary: "1" }, "The form has changed."],
    [{ email: "ada@example.com", note: "x".repeat(501) }, "too long"],
    [{ email: "ada@example.com", __proto__: "x" }, ""],
  ])("are checked by the form (%j)", async (values, message) => {
    const answer = await leave(values as Record<string, string>);
    if (message === "") return expect(answer.status).toBe(204);
    expect(answer).toMatchObject({ status: 400, json: { error: { message: expect.stringContaining(message) } } });
    expect(await sealed()).toBeUndefined();
  });

  test("are not kept without consent, without a form, or without a key to seal them with", async () => {
    const values = { email: "ada@example.com" };
    expect((await leave(values, {}, { consent: false })).status).toBe(400);
    expect((await leave(values, {}, { consent: undefined })).status).toBe(400);
    await updateEngagement(a.user.client, { ...at(), leadForm: null });
    expect((await leave(values)).status).toBe(404);
    expect(await sealed()).toBeUndefined();
    await expect(listLeads({ cipher: null }, a.user.client, { ...at(), q: "", page: 1 })).rejects.toMatchObject({
      code: "conflict",
    });
  });

  test.each(STRANGERS)("are not taken from %s", async (_who, from, status) => {
    await say();
    expect((await leave({ email: "ada@example.com" }, from)).status).toBe(status);
    expect(await sealed()).toBeUndefined();
  });

  test("left again replace what was left before", async () => {
    await leave({ email: "ada@example.com" });
    await leave({ email: "ada@lovelace.example", note: "again" });
    const { leads } = await listLeads(platform, a.user.client, { ...at(), q: "lovelace", page: 1 });
    expect(leads.map(({ values }) => values)).toEqual([{ email: "ada@lovelace.example", note: "again" }]);
  });

  test("are found by any part of a value, whatever its accents, and by nothing else", async () => {
    await leave({ email: "zoe@example.com", note: "Zoë Müller" });
    const find = async (q: string) =>
      (await listLeads(platform, a.user.client, { ...at(), q, page: 1 })).leads.map((lead) => lead.conversationId);
    expect(await find("muller")).toEqual([conversationId]);
    expect(await find("%")).toEqual([]);
  });

  test("moved to another row, or changed in it, are shown as unreadable beside the others", async () => {
    await leave({ email: "ada@example.com" });
    const { sealed_values: text } = await sealed();
    conversationId = newId();
    await leave({ email: "eve@example.com" });
    await owner.query("update leads set sealed_values = $1 where conversation_id = $2", [text, conversationId]);
    const { leads } = await listLeads(platform, a.user.client, { ...at(), q: "", page: 1 });
    expect(leads.find((lead) => lead.conversationId === conversationId)?.values).toBeNull();
    expect(leads.filter(({ values }) => values !== null).length).toBeGreaterThan(0);
  });

  test("follow a change of keys, and are lost by none", async () => {
    await leave({ email: "ada@example.com" });
    const both = createFieldCipher(`${newFieldKey("next")},${KEYS}`);
    const { sealed_values: before } = await sealed();
    expect(await rekeyLeads({ db: platform.pool, cipher: both })).toBeGreaterThan(0);
    const row = await sealed();
    expect(row.key_id).toBe("next");
    expect(row.sealed_values).not.toBe(before);
    expect(await rekeyLeads({ db: platform.pool, cipher: both })).toBe(0);
    const { leads } = await listLeads({ cipher: both }, a.user.client, { ...at(), q: "", page: 1 });
    expect(leads.find((lead) => lead.conversationId === conversationId)?.values).toEqual({ email: "ada@example.com" });
    await owner.query("delete from leads where key_id = 'next'");
  });

  test("are exported without formulas, with the fields of earlier forms", async () => {
    await leave({ email: "ada@example.com", note: '=HYPERLINK("http://evil.test")' });
    const leads = await exportLeads(platform, a.user.client, at());
    const file = leadsFile(
      leads.filter((lead) => lead.conversationId === conversationId),
      FORM.fields.slice(0, 1),
    );
    const [head, row] = file.split("\r\n");
    expect(head).toContain("Left at,E-mail,note,Agreed to");
    expect(row).toContain(`"'=HYPERLINK(""http://evil.test"")"`);
  });

  test("are deleted by admins, and go with their conversation", async () => {
    await leave({ email: "ada@example.com" });
    await inRole("operator");
    await expect(deleteLead(a.user.client, where())).rejects.toMatchObject({ code: "not_found" });
    await expect(deleteLead(b.user.client, where())).rejects.toMatchObject({ code: "not_found" });
    await inRole("admin");
    await deleteLead(a.user.client, where());
    expect(await sealed()).toBeUndefined();
    await leave({ email: "ada@example.com" });
    await owner.query("delete from conversations where id = $1", [conversationId]);
    expect(await sealed()).toBeUndefined();
  });
});

describe("a person takes over", () => {
  const ask = (from?: From) => request("POST", of("handover"), {}, from);
  const texts = async () => (await read()).json.messages.map((m: { role: string; text: string }) => [m.role, m.text]);

  test("when the visitor asks: waiting, human, back to the agent", async () => {
    await say();
    expect((await read()).json).toMatchObject({ state: "agent", operator: null, live: null });
    expect((await ask()).json).toMatchObject({ state: "waiting", online: true });
    expect((await ask()).json).toMatchObject({ state: "waiting" });
    expect(await countWaiting(a.user.client, { tenantId: a.tenantId, agentId: a.agentId })).toBeGreaterThan(0);
    // Nobody is left alone while waiting.
    expect((await say("Still there?")).json.status).toMatch(/complete|no_answer/);

    await inRole("operator");
    await takeOver(a.user.client, { ...where(), name: "Grace" });
    expect((await read()).json).toMatchObject({ state: "human", operator: { name: "Grace" } });
    const asked = await say("Is it you, Grace?");
    expect(asked.json.status).toBe("operator");
    expect(asked.json.raw).not.toContain("event: delta");
    await reply(a.user.client, { ...where(), text: "Yes. How can I help?" });
    expect((await texts()).slice(-2)).toEqual([
      ["visitor", "Is it you, Grace?"],
      ["operator", "Yes. How can I help?"],
    ]);
    expect((await read()).json.messages.at(-1)).toMatchObject({ author: "Grace", status: "complete" });

    await release(a.user.client, { ...where(), to: "agent" });
    expect((await read()).json).toMatchObject({ state: "agent", operator: null });
    expect((await say("And now?")).json.status).toMatch(/complete|no_answer/);
  });

  test("costs no answer, and a message that comes twice is kept once", async () => {
    await say();
    await takeOver(a.user.client, { ...where(), name: "Grace" });
    const used = async () =>
      (
        await owner.query(
          "select coalesce(sum(used + reserved), 0)::int as n from usage_counters where tenant_id = $1",
          [a.tenantId],
        )
      ).rows[0].n;
    const before = await used();
    const messageId = newId();
    await Promise.all([say("Twice", messageId), say("Twice", messageId), say("Twice", messageId)]);
    expect((await texts()).filter(([, text]: [string, string]) => text === "Twice")).toHaveLength(1);
    expect(await used()).toBe(before);
  });

  test("and what came after a message is read alone", async () => {
    await say();
    const last = (await read()).json.messages.at(-1).id;
    expect((await read({ after: last })).json.messages).toEqual([]);
    await takeOver(a.user.client, { ...where(), name: "Grace" });
    await reply(a.user.client, { ...where(), text: "Hello" });
    expect((await read({ after: last })).json.messages).toMatchObject([{ role: "operator", text: "Hello" }]);
    for (const after of [newId(), "nonsense"]) expect((await read({ after })).json.messages).toHaveLength(3);
  });

  test("what a person said is known to the agent afterwards", async () => {
    await say();
    await takeOver(a.user.client, { ...where(), name: "Grace" });
    await reply(a.user.client, { ...where(), text: "The parcel left on Monday." });
    await release(a.user.client, { ...where(), to: "agent" });
    const { rows } = await owner.query(
      "select service.begin_turn($1, 'https://shop.test', null, null, 'widget', encode(sha256($2), 'hex'), null, $3, $4, $5, 'And?') as begun",
      [a.publicId, ADA, conversationId, newId(), newId()],
    );
    expect(rows[0].begun.history).toContainEqual({ role: "assistant", text: "The parcel left on Monday." });
  });

  test("from a colleague, who can then no longer write", async () => {
    await say();
    await takeOver(a.user.client, { ...where(), name: "Grace" });
    const colleague = await signUp();
    await owner.query("insert into members (tenant_id, user_id, role) values ($1, $2, 'operator')", [
      a.tenantId,
      colleague.userId,
    ]);
    await expect(reply(colleague.client, { ...where(), text: "Me too" })).rejects.toMatchObject({ code: "forbidden" });
    await takeOver(colleague.client, { ...where(), name: "Alan" });
    await reply(colleague.client, { ...where(), text: "Alan here" });
    await expect(reply(a.user.client, { ...where(), text: "Still me" })).rejects.toMatchObject({ code: "forbidden" });
    expect(await getHandover(a.user.client, where())).toMatchObject({ state: "human", operatorName: "Alan" });
  });

  test("never a viewer, nor a member of another tenant, nor a visitor", async () => {
    await say();
    await ask();
    await inRole("viewer");
    const others = [a.user.client, b.user.client];
    for (const client of others) {
      await expect(takeOver(client, { ...where(), name: "Eve" })).rejects.toMatchObject({ code: "forbidden" });
      await expect(reply(client, { ...where(), text: "Hello" })).rejects.toMatchObject({ code: "forbidden" });
      await expect(release(client, { ...where(), to: "closed" })).rejects.toMatchObject({ code: "not_found" });
    }
    await inRole("owner");
    for (const client of [b.user.client, asAnon()]) {
      const row = {
        id: newId(),
        tenant_id: a.tenantId,
        conversation_id: conversationId,
        content: "x",
        status: "complete",
      };
      expect((await client.from("messages").insert({ ...row, role: "operator" })).error?.code).toBe("42501");
    }
    expect((await read()).json.state).toBe("waiting");
  });

  test("who speaks is an operator and nothing else, in their own name", async () => {
    await say();
    await takeOver(a.user.client, { ...where(), name: "Grace" });
    const row = { tenant_id: a.tenantId, conversation_id: conversationId, content: "x" };
    const insert = (over: object) => a.user.client.from("messages").insert({ id: newId(), ...row, ...over });
    expect((await insert({ role: "visitor", status: "complete" })).error?.code).toBe("42501");
    expect((await insert({ role: "assistant", status: "complete" })).error).not.toBeNull();
    expect((await insert({ role: "operator", status: "streaming" })).error?.code).toBe("42501");
    expect((await insert({ role: "operator", status: "complete", author: "The boss" })).error).not.toBeNull();
    const forged = { tenant_id: a.tenantId, conversation_id: newId(), state: "human", operator_name: "x" };
    expect(
      (await a.user.client.from("handovers").insert({ ...forged, operator_id: b.user.userId })).error,
    ).not.toBeNull();
  });

  test.each([
    ["agent", ["waiting", "human"]],
    ["waiting", ["human", "agent", "closed"]],
    ["human", ["human", "agent", "closed"]],
    ["closed", ["agent", "waiting", "human"]],
  ])("after %s comes one of %j and nothing else", async (from, allowed) => {
    const { rows } = await owner.query(
      "select to_state from unnest(enum_range(null::handover_state)) as t (to_state) where private.may_follow($1::handover_state, to_state)",
      [from],
    );
    expect(rows.map((row) => row.to_state).sort()).toEqual([...allowed].sort());
  });

  test("only asks for one through the visitor: a member cannot put a conversation into the queue", async () => {
    await say();
    const row = { tenant_id: a.tenantId, conversation_id: conversationId, state: "waiting" };
    expect((await a.user.client.from("handovers").insert(row)).error).not.toBeNull();
    await takeOver(a.user.client, { ...where(), name: "Grace" });
    expect(
      (await a.user.client.from("handovers").update({ state: "waiting" }).eq("conversation_id", conversationId)).error,
    ).not.toBeNull();
  });

  const rules = (handover: object) =>
    owner.query(
      "update agent_versions set settings = jsonb_set(settings, '{handover}', (settings -> 'handover') || $2::jsonb) where agent_id = $1",
      [a.agentId, JSON.stringify(handover)],
    );

  test("by the agent's rules: a word that calls for one, or an answer that it does not know", async () => {
    await rules({ keywords: ["cancel", "speak to a human", "c++ (help)"] });
    for (const text of ["How do I cancel?", "Can I SPEAK  to a human", "I need c++ (help) now"]) {
      conversationId = newId();
      await say(text);
      expect((await read()).json.state, text).toBe("waiting");
      expect((await getHandover(a.user.client, where()))?.reason).toBe("keyword");
    }
    conversationId = newId();
    await say("Where is the cancellation policy?");
    expect((await read()).json.state, "a part of a word is not the word").toBe("agent");
    await rules({ keywords: [], onLowConfidence: true });
    conversationId = newId();
    await say("Do you know?");
    expect((await getHandover(a.user.client, where()))?.reason).toBe("low_confidence");
    await updateEngagement(a.user.client, { tenantId: a.tenantId, agentId: a.agentId, handover: false });
    conversationId = newId();
    await say("Do you know?");
    expect((await read()).json.state, "nobody is there to take over").toBe("agent");
    await rules({ onLowConfidence: false });
  });

  test("not on request where only the rules may call one", async () => {
    await rules({ onRequest: false });
    await say();
    expect((await ask()).status).toBe(404);
    expect((await request("GET", "config")).json).toMatchObject({ handover: true, handoverOnRequest: false });
    await rules({ onRequest: true });
  });

  test("a closed conversation goes to the agent with the next message", async () => {
    await say();
    await takeOver(a.user.client, { ...where(), name: "Grace" });
    await release(a.user.client, { ...where(), to: "closed" });
    expect((await read()).json).toMatchObject({ state: "closed", operator: null });
    await expect(reply(a.user.client, { ...where(), text: "One more thing" })).rejects.toMatchObject({
      code: "forbidden",
    });
    expect((await say("Hello again")).json.status).toMatch(/complete|no_answer/);
    expect((await read()).json.state).toBe("agent");
  });

  test("one that a person forgot is closed by the sweep after a day", async () => {
    await say();
    await takeOver(a.user.client, { ...where(), name: "Grace" });
    await sweepEngagement({ db: platform.pool });
    expect((await read()).json.state).toBe("human");
    // The trigger would write the time anew. For this statement alone: other tests work with the same table.
    await owner.query(
      `begin; set local session_replication_role = replica;
       update handovers set updated_at = now() - interval '25 hours' where conversation_id = '${conversationId}'; commit`,
    );
    await sweepEngagement({ db: platform.pool });
    expect((await read()).json.state).toBe("closed");
  });

  test.each(STRANGERS)("not for %s", async (_who, from, status) => {
    await say();
    expect((await ask(from)).status).toBe(status);
    expect((await read()).json.state).toBe("agent");
  });

  test("not where the agent does not offer it", async () => {
    await updateEngagement(a.user.client, { tenantId: a.tenantId, agentId: a.agentId, handover: false });
    expect((await ask()).status).toBe(404);
  });
});

describe("the visitor's channel", () => {
  const heard = (channel: RealtimeChannel): string[] => {
    const events: string[] = [];
    channel.on("broadcast", { event: "*" }, (message) => {
      events.push(message.event);
      // A nudge says that something happened, and never what.
      expect(Object.keys(message.payload ?? {}).filter((key) => key !== "id")).toEqual([]);
    });
    return events;
  };
  const joined = (channel: RealtimeChannel) =>
    new Promise<string>((resolve) => {
      channel.subscribe((status) => status !== "CLOSED" && resolve(status));
    });

  test("hears of messages and states, without a word of what they say, under a name that cannot be guessed", async () => {
    await say();
    await request("POST", of("handover"));
    const { live } = (await read()).json;
    expect(live.topic).toMatch(/^conversation:[0-9a-f]{64}$/);
    const visitor = createClient(live.url, live.key);
    const channel = visitor.channel(live.topic, { config: { private: false } });
    const events = heard(channel);
    expect(await joined(channel)).toBe("SUBSCRIBED");
    await takeOver(a.user.client, { ...where(), name: "Grace" });
    await reply(a.user.client, { ...where(), text: "A secret" });
    // What was told just before the channel was joined may come after it.
    await expect.poll(() => events.slice(-2)).toEqual(["state", "message"]);
    expect(events.slice(0, -2).every((event) => event === "state")).toBe(true);
    await visitor.realtime.disconnect();
  });

  test("differs between conversations, and nothing of them goes over the members' channel of another tenant", async () => {
    await say();
    await request("POST", of("handover"));
    const first = (await read()).json.live.topic;
    conversationId = newId();
    await say();
    await request("POST", of("handover"));
    expect((await read()).json.live.topic).not.toBe(first);
    await b.user.client.realtime.setAuth(b.user.accessToken);
    const channel = b.user.client.channel(`tenant:${a.tenantId}:inbox`, { config: { private: true } });
    expect(await joined(channel)).toBe("CHANNEL_ERROR");
    await b.user.client.realtime.disconnect();
  });
});

describe("a survey", () => {
  const rate = (body: object, from?: From) => request("POST", of("survey"), body, from);

  test("is kept once; the same again is no error, another one is", async () => {
    await say();
    expect((await rate({ score: 4, comment: "Quick" })).status).toBe(204);
    expect((await rate({ score: 4, comment: "Quick" })).status).toBe(204);
    expect((await rate({ score: 1 })).status).toBe(409);
    expect((await getVisitorParts(a.user.client, where())).survey).toMatchObject({ score: 4, comment: "Quick" });
    expect((await getVisitorParts(b.user.client, where())).survey).toBeNull();
    expect((await read()).json.hasSurvey).toBe(true);
  });

  test.each([{ score: 0 }, { score: 6 }, { score: 2.5 }, { score: "5" }, {}, { score: 3, comment: "x".repeat(1001) }])(
    "of nonsense is refused: %j",
    async (body) => {
      await say();
      expect((await rate(body)).status).toBe(400);
    },
  );

  test.each(STRANGERS)("is not taken from %s", async (_who, from, status) => {
    await say();
    expect((await rate({ score: 1 }, from)).status).toBe(status);
    expect((await getVisitorParts(a.user.client, where())).survey).toBeNull();
  });
});

describe("what the page tells of its visitor", () => {
  const tell = (context: unknown, from?: From) => request("POST", of("context"), { context }, from);
  const known = async (tenant = a) => (await getVisitorParts(tenant.user.client, where())).about;

  test("is kept with the conversation as texts, in place of what it told before", async () => {
    await say();
    expect(await known()).toBeNull();
    expect((await tell({ plan: "pro", seats: 12, "is.trial": false, Größe: "L" })).status).toBe(204);
    expect((await tell({ plan: "team", basket: " 3 items\n" })).status).toBe(204);
    expect(await known()).toEqual({ name: null, email: null, context: { plan: "team", basket: "3 items" } });
    // Whoever holds the conversation's key reads it without.
    expect(JSON.stringify((await read()).json)).not.toContain("3 items");
  });

  test.each([
    ["no object", "pro"],
    ["a list", ["pro"]],
    ["more than twenty", Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`k${i}`, i]))],
    ["a long value", { plan: "x".repeat(201) }],
    ["a long key", { ["k".repeat(41)]: 1 }],
    ["an empty key", { "": 1 }],
    ["a key with markup", { "<b>": 1 }],
    ["an object in it", { user: { plan: "pro" } }],
    ["null", { plan: null }],
  ])("is refused when it is %s, and leaves what there was", async (_what, context) => {
    await say();
    await tell({ plan: "pro" });
    expect((await tell(context)).status).toBe(400);
    expect((await known())?.context).toEqual({ plan: "pro" });
  });

  test.each(STRANGERS)("is not taken from %s", async (_who, from, status) => {
    await say();
    expect((await tell({ plan: "pro" }, from)).status).toBe(status);
    expect(await known()).toBeNull();
  });

  test("is shown to operators of its workspace alone, and goes with the conversation", async () => {
    await say();
    await tell({ plan: "pro" });
    expect(await known(b)).toBeNull();
    await inRole("viewer");
    expect(await known()).toBeNull();
    await inRole("operator");
    expect((await known())?.context).toEqual({ plan: "pro" });
    const { error } = await a.user.client
      .from("visitor_contexts")
      .update({ name: "Eve" } as never)
      .eq("tenant_id", a.tenantId);
    expect(error?.code).toBe("42501");
    await owner.query("delete from conversations where id = $1", [conversationId]);
    const { rows } = await owner.query("select from visitor_contexts where conversation_id = $1", [conversationId]);
    expect(rows).toEqual([]);
  });
});

describe("a visitor's file", () => {
  const announce = (name: string, sizeBytes: number, from?: From) =>
    request("POST", of("attachments"), { name, sizeBytes, type: "" }, from);
  const put = (url: string, bytes: Buffer) =>
    fetch(url, { method: "PUT", headers: { "content-type": "application/octet-stream" }, body: new Uint8Array(bytes) });

  async function send(name: string, bytes: Buffer, announced = bytes.length): Promise<Answer> {
    const allowed = await announce(name, announced);
    expect(allowed.status).toBe(200);
    expect((await put(allowed.json.url, bytes)).ok).toBe(true);
    return request("POST", of(`attachments/${allowed.json.id}`));
  }

  test("is looked at, shown in the transcript, and opened by members of the tenant alone", async () => {
    await say();
    const sent = await send("C:\\fakepath\\receipt.png", PNG);
    expect(sent).toMatchObject({
      status: 200,
      json: { name: "receipt.png", type: "image/png", sizeBytes: PNG.length },
    });
    const { attachments } = await getVisitorParts(a.user.client, where());
    expect(attachments).toMatchObject([{ name: "receipt.png", mediaType: "image/png" }]);
    expect((await read()).json.files).toMatchObject([{ name: "receipt.png" }]);
    const open = (client: TestUser["client"]) =>
      openAttachment(platform, client, { tenantId: a.tenantId, attachmentId: sent.json.id });
    const response = await fetch(await open(a.user.client));
    expect(Buffer.from(await response.arrayBuffer())).toEqual(PNG);
    await expect(open(b.user.client)).rejects.toMatchObject({ code: "not_found" });
    const { rows } = await owner.query("select object_path from attachments where id = $1", [sent.json.id]);
    expect(rows[0].object_path).toBe(`${a.tenantId}/attachments/${conversationId}/${sent.json.id}`);
    expect((await b.user.client.storage.from("sources").download(rows[0].object_path)).error).not.toBeNull();
  });

  test.each([
    ["picture.png", Buffer.from("<script>alert(1)</script>")],
    ["page.html", Buffer.from("<!doctype html><p>Hello")],
    ["picture.svg", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
    ["tool.txt", Buffer.from("MZ\u0000\u0001\u0002")],
    ["archive.zip", Buffer.from("504b0304140000000000", "hex")],
    ["receipt.pdf", PNG],
    ["noending", PNG],
    ["broken.txt", Buffer.from([0xff, 0xfe, 0xfd])],
  ])("that is not what its name says, or nothing that is taken, goes at once: %s", async (name, bytes) => {
    await say();
    const sent = await send(name, bytes);
    expect(sent.status).toBe(415);
    const { rows } = await owner.query("select * from attachments where conversation_id = $1", [conversationId]);
    expect(rows).toEqual([]);
    expect((await read()).json.files).toEqual([]);
  });

  test("larger than was announced goes at once; one that never came is asked for again", async () => {
    await say();
    expect((await send("receipt.png", PNG, 10)).status).toBe(413);
    const allowed = await announce("receipt.png", 10);
    expect((await request("POST", of(`attachments/${allowed.json.id}`))).status).toBe(409);
  });

  test.each([
    ["", 1],
    ["a.png", 0],
    ["a.png", 10 * 1024 * 1024 + 1],
  ])("of no name, no size or too large is not allowed at all (%s, %i)", async (name, sizeBytes) => {
    expect((await announce(name, sizeBytes)).status).toBe(400);
  });

  test("is one of 20 in a conversation", async () => {
    const answers = [];
    for (let i = 0; i < 21; i++) answers.push((await announce(`${i}.png`, 1)).status);
    expect(answers.filter((status) => status === 200)).toHaveLength(20);
    expect(answers.at(-1)).toBe(409);
  });

  test.each(STRANGERS)("is not taken from %s, nor confirmed by them", async (_who, from, status) => {
    await say();
    const allowed = await announce("receipt.png", PNG.length);
    await put(allowed.json.url, PNG);
    expect((await announce("receipt.png", 10, from)).status).toBe(status);
    expect((await request("POST", of(`attachments/${allowed.json.id}`), {}, from)).status).toBeGreaterThanOrEqual(400);
    expect((await getVisitorParts(a.user.client, where())).attachments).toEqual([]);
  });

  test("is not taken where the agent takes none; with its conversation goes its object", async () => {
    await send("receipt.png", PNG);
    await owner.query("delete from conversations where id = $1", [conversationId]);
    const { rows } = await owner.query("select path from private.dead_objects where path like $1", [
      `${a.tenantId}/attachments/${conversationId}/%`,
    ]);
    expect(rows).toHaveLength(1);
    await updateEngagement(a.user.client, { tenantId: a.tenantId, agentId: a.agentId, attachments: false });
    conversationId = newId();
    expect((await announce("receipt.png", 10)).status).toBe(404);
  });
});

test("each of these takes a token of the visitor's and the address's rate", async () => {
  const limited = { ...platform.chat, limits: { visitorPerMinute: 2, addressPerMinute: 100 } };
  const key = "f".repeat(32);
  const answers = [];
  for (let i = 0; i < 3; i++)
    answers.push(
      await handleWidgetRequest(limited as typeof platform.chat, {
        method: "POST",
        publicId: a.publicId,
        path: of("survey"),
        header: (name) => ({ origin: "https://shop.test", "x-alonchat-visitor": key })[name] ?? null,
        query: () => null,
        body: async () => '{"score": 5}',
        address: "203.0.113.9",
      }),
    );
  expect(answers.map(({ status }) => status)).toEqual([204, 204, 429]);
  expect(answers[2]?.headers["retry-after"]).toMatch(/^\d+$/);
});

test("the queue holds who waits, before those who are with somebody, and nobody of another tenant", async () => {
  await owner.query("delete from handovers where tenant_id = any ($1)", [[a.tenantId, b.tenantId]]);
  await say("I wait");
  await request("POST", of("handover"));
  const waiting = conversationId;
  conversationId = newId();
  await say("I am with Grace");
  await takeOver(a.user.client, { ...where(), name: "Grace" });
  const at = { tenantId: a.tenantId, agentId: a.agentId };
  expect(await listQueue(a.user.client, at)).toMatchObject([
    { conversationId: waiting, isWaiting: true, lastMessage: "I wait" },
    { conversationId, isWaiting: false, operatorId: a.user.userId, operatorName: "Grace" },
  ]);
  expect(await countWaiting(a.user.client, at)).toBe(1);
  expect(await listQueue(b.user.client, at)).toEqual([]);
  const { rows } = await owner.query(
    "select outcome from private.conversation_outcomes($1, $2, '-infinity', 'infinity', array[$3::uuid])",
    [a.tenantId, a.agentId, waiting],
  );
  expect(rows).toEqual([{ outcome: "escalated" }]);
});
