import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { AgentSettings } from "@/lib/agents/schema";
import { newId, sha256 } from "@/lib/core/ids";
import { call } from "@/lib/db/pool";
import type { SearchFilters } from "@/lib/knowledge/schema";
import type { GatewayEnv } from "@/lib/llm";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { type FakeModelServer, fakeModelEnv, startFakeModelServer } from "@/lib/testing/fake-model-server";
import { publishPages } from "@/lib/testing/knowledge";
import { chatDeps, readEvents } from "@/lib/testing/widget-client";
import { addTenant, changeSettings, type Tenant } from "@/supabase/tests/fixtures";
import { type ChatDeps, openTurn, rehearse } from ".";
import { AnsweringConfig } from "./begin-turn";
import { widgetConfig } from "./widget-config";

/** What a version of an agent says must reach the model that answers, and only that version's. */
let db: TestDatabase;
let model: FakeModelServer;
let tenant: Tenant;

const PAGES = [
  {
    path: "/warranty",
    title: "Warranty",
    markdown:
      "# Warranty\n\nEvery scale comes with a warranty of two years from the day of delivery. Keep the receipt.",
  },
  {
    path: "/fr/garantie",
    title: "Garantie",
    markdown: "# Garantie\n\nLa garantie de chaque balance dure deux ans à partir de la livraison. Gardez le reçu.",
  },
];
const QUESTION = "How long is the warranty of a scale?";
const DEFAULTS: Partial<AgentSettings> = {
  instructions: "",
  tone: "neutral",
  languages: [],
  temperature: 0.2,
  model: null,
  hours: null,
  confidenceThreshold: 0.2,
};

beforeAll(async () => {
  db = await createTestDatabase();
  model = await startFakeModelServer({ firstTokenMs: 0, tokenMs: 0, tokens: 12 });
  tenant = await addTenant(db.owner);
  await publishPages({ db: db.service, gateway: deps().gateway }, tenant, PAGES);
});
afterAll(async () => {
  await model.close();
  await db.drop();
});
beforeEach(() => changeSettings(db.owner, tenant.agentId, DEFAULTS));

const deps = (more: Partial<GatewayEnv> = {}): ChatDeps => chatDeps(db.service, fakeModelEnv(model, more));

const VISITOR = { channel: "widget", tenantId: null, origin: "https://shop.test" } as const;

/** Asks, and reads the answer to its end. */
async function ask({
  text = QUESTION,
  as = {},
  using = deps(),
}: {
  text?: string;
  as?: { channel?: "playground"; tenantId?: string; versionId?: string | null };
  using?: ChatDeps;
} = {}): Promise<{ answerId: string }> {
  const turn = await openTurn(
    using,
    { ...VISITOR, publicId: tenant.publicId, visitorHash: sha256("v"), addressHash: null, ...as },
    { conversationId: randomUUID(), messageId: randomUUID(), text },
  );
  await turn.stream(() => {}, new AbortController().signal);
  await turn.settled;
  return { answerId: turn.answerId };
}

/** The last request that the model server got. */
function sent() {
  const { json, model: name } = model.requests.at(-1)!;
  const body = json as { messages: { role: string; content: string }[]; temperature: number };
  return { model: name, temperature: body.temperature, system: body.messages[0]!.content };
}

describe("of a version reaches the model", () => {
  test.each([
    ["neutral", "in short and plain sentences"],
    ["friendly", "warmly and personally"],
    ["formal", "formal form of address"],
    ["brief", "in as few words as possible"],
  ] as const)("the tone %s", async (tone, words) => {
    await changeSettings(db.owner, tenant.agentId, { tone });
    await ask();
    expect(sent().system).toContain(words);
  });

  test("the temperature", async () => {
    await changeSettings(db.owner, tenant.agentId, { temperature: 0.75 });
    await ask();
    expect(sent().temperature).toBe(0.75);
  });

  test("the instructions", async () => {
    await changeSettings(db.owner, tenant.agentId, { instructions: "You are Lumi." });
    await ask();
    expect(sent().system).toContain("You are Lumi.");
  });

  test.each([
    ["none", [], QUESTION, "Answer in the language of the question"],
    ["the question's among them", ["de", "en"], QUESTION, "Answer in English, whatever"],
    ["the question's not among them", ["de", "fr"], QUESTION, "Answer in German, whatever"],
    ["a French question", ["de", "fr"], "Combien de temps dure la garantie de votre balance ?", "Answer in French"],
  ])("the languages: %s", async (_which, languages, text, words) => {
    await changeSettings(db.owner, tenant.agentId, { languages, confidenceThreshold: 0 });
    await ask({ text });
    expect(sent().system).toContain(words);
  });

  test("the model by its name, if it is offered here; any other name means this installation's own", async () => {
    const using = deps({ OPENAI_API_KEY: "k", OPENAI_BASE_URL: model.baseUrl });
    await changeSettings(db.owner, tenant.agentId, { model: "openai/gpt-5-nano" });
    await ask({ using });
    expect(sent().model).toBe("gpt-5-nano");
    for (const unknown of ["openai/most-expensive-of-all", "anthropic/claude-sonnet-5-5"]) {
      await changeSettings(db.owner, tenant.agentId, { model: unknown });
      await ask({ using });
      expect(sent().model).toBe("fake");
    }
  });

  test("the model by its tier, and what it cost is recorded under its name", async () => {
    const using = deps({ OPENAI_API_KEY: "k", OPENAI_BASE_URL: model.baseUrl });
    await changeSettings(db.owner, tenant.agentId, { model: "LLM" });
    const { answerId } = await ask({ using });
    expect(sent().model).toBe("gpt-6-sol");
    const { rows } = await db.owner.query("select model from llm_calls where message_id = $1 and step = 'answer'", [
      answerId,
    ]);
    expect(rows).toEqual([{ model: "gpt-6-sol" }]);
  });
});

describe("a draft", () => {
  const draftOf = async (settings: Partial<AgentSettings>): Promise<string> =>
    (
      await db.owner.query(
        `insert into agent_versions (tenant_id, agent_id, settings)
         select tenant_id, agent_id, settings || $2 from agent_versions where agent_id = $1 and state = 'published'
         on conflict (tenant_id, agent_id) where state = 'draft' do update set settings = excluded.settings returning id`,
        [tenant.agentId, JSON.stringify(settings)],
      )
    ).rows[0].id;
  const member = () => ({ channel: "playground" as const, tenantId: tenant.tenantId });

  test("is tried in the playground by its id, and the answer remembers it", async () => {
    const versionId = await draftOf({ instructions: "Of the draft." });
    const { answerId } = await ask({ as: { ...member(), versionId } });
    expect(sent().system).toContain("Of the draft.");
    const { rows } = await db.owner.query("select details from messages where id = $1", [answerId]);
    expect(rows[0].details.versionId).toBe(versionId);
  });

  test("is not what visitors get, even who names it", async () => {
    const versionId = await draftOf({ instructions: "Of the draft." });
    await ask({ as: { versionId } });
    expect(sent().system).not.toContain("Of the draft.");
    await ask({ as: member() });
    expect(sent().system).not.toContain("Of the draft.");
  });

  test("of another agent is none, and nothing is written", async () => {
    const other = await addTenant(db.owner);
    const { rows } = await db.owner.query("select id from agent_versions where agent_id = $1", [other.agentId]);
    const count = async () => (await db.owner.query("select count(*)::int as n from messages")).rows[0].n;
    const before = await count();
    for (const versionId of [rows[0].id, newId()])
      await expect(ask({ as: { ...member(), versionId } })).rejects.toMatchObject({ code: "not_found" });
    expect(await count()).toBe(before);
  });

  test("is rehearsed as it is given", async () => {
    const versionId = await draftOf({ instructions: "Of the draft." });
    const { rows } = await db.owner.query("select private.answering_config($1, $2, $3) as config", [
      tenant.tenantId,
      tenant.agentId,
      versionId,
    ]);
    const agent = AnsweringConfig.parse(rows[0].config);
    const { tenantId, agentId } = tenant;
    await rehearse(
      deps(),
      { tenantId, agentId, agent, runId: newId(), question: QUESTION },
      new AbortController().signal,
    );
    expect(sent().system).toContain("Of the draft.");
  });
});

describe("the widget's configuration", () => {
  const always = { timeZone: "UTC", week: Array.from({ length: 7 }, () => [{ from: "00:00", to: "24:00" }]), note: "" };

  test("says whether people are there, by the published version", async () => {
    const hours = async () => (await widgetConfig(deps(), tenant.publicId, "https://shop.test")).hours;
    expect(await hours()).toBeNull();
    await changeSettings(db.owner, tenant.agentId, { hours: always });
    expect(await hours()).toEqual({ online: true, note: "" });
    await changeSettings(db.owner, tenant.agentId, {
      hours: { ...always, week: always.week.map(() => []), note: "Later" },
    });
    expect(await hours()).toEqual({ online: false, note: "Later" });
  });

  test("is refused with the domain's reason before any of it is read", async () => {
    await expect(widgetConfig(deps(), tenant.publicId, "https://evil.test")).rejects.toMatchObject({
      code: "origin_not_allowed",
    });
    expect(
      await call(db.service, "widget_config", { public_id: "ag_none", origin: "https://shop.test", app_origin: "" }),
    ).toEqual({ status: "agent_unavailable" });
  });
});

describe("the trace of an answer", () => {
  const askedByMember = async (
    as: { model?: string; filters?: SearchFilters } = {},
    text = QUESTION,
    using = deps(),
  ) => {
    const turn = await openTurn(
      using,
      {
        publicId: tenant.publicId,
        channel: "playground",
        tenantId: tenant.tenantId,
        origin: null,
        visitorHash: sha256("m"),
        addressHash: null,
      },
      { conversationId: randomUUID(), messageId: randomUUID(), text },
      { withTrace: true, ...as },
    );
    let raw = "";
    await turn.stream((chunk) => {
      raw += chunk;
    }, new AbortController().signal);
    return readEvents(raw);
  };
  const traceOf = async (...asked: Parameters<typeof askedByMember>) =>
    (await askedByMember(...asked)).flatMap((one) => (one.event === "trace" ? [one.data] : []))[0]!;

  test("holds word by word what the model was sent, and every call with its tokens", async () => {
    await changeSettings(db.owner, tenant.agentId, { instructions: "You are Lumi." });
    const trace = await traceOf();
    const { messages } = model.requests.at(-1)!.json as { messages: { role: string; content: string }[] };
    expect(trace.prompt).toEqual(messages);
    expect(trace.prompt[0]!.content).toContain("You are Lumi.");
    expect(trace.calls.map(({ step, model }) => [step, model])).toEqual([
      ["embed_query", "local/hash-384"],
      ["answer", "compatible/fake"],
    ]);
    expect(trace).toMatchObject({ version: 1, language: "en", query: QUESTION, model: "compatible/fake" });
  });

  test("tells of an answer that failed how far it came, and the member reads which setting to mend", async () => {
    model.setMode("unauthorized");
    const events = await askedByMember().finally(() => model.setMode("ok"));
    const trace = events.flatMap((one) => (one.event === "trace" ? [one.data] : []))[0]!;
    expect(trace.candidates[0]).toMatchObject({ title: "Warranty", used: true });
    expect(trace.prompt.length).toBeGreaterThan(0);
    expect(trace.calls.map(({ step }) => step)).toContain("embed_query");
    expect(events.at(-1)).toMatchObject({
      event: "error",
      data: { code: "model_misconfigured", message: expect.stringContaining("OPENAI_COMPATIBLE_API_KEY") },
    });
  });

  test("ranks what was found by each score, and says why a passage was not given", async () => {
    const { candidates } = await traceOf();
    expect(candidates[0]).toMatchObject({ title: "Warranty", lexicalRank: 1, used: true, cut: null });
    await changeSettings(db.owner, tenant.agentId, { confidenceThreshold: 1 });
    const unsure = await traceOf();
    expect(unsure.candidates.length).toBeGreaterThan(0);
    expect(unsure.candidates.every(({ used, cut }) => !used && cut === "unsure")).toBe(true);
    expect(unsure.prompt).toEqual([]);
    expect(unsure.calls.map(({ step }) => step)).toEqual(["embed_query"]);
  });

  test("says where a member had it searched for, and holds nothing from elsewhere, a question in another language included", async () => {
    await db.owner.query(
      "update pages set language = case when url like '%/fr/%' then 'fr-CA' else 'en' end where agent_id = $1",
      [tenant.agentId],
    );
    const { sourceId } = tenant;
    const found = async (filters: SearchFilters, text?: string) => {
      const trace = await traceOf({ filters }, text);
      expect(trace.filters).toEqual(filters);
      return [...new Set(trace.candidates.map(({ title }) => title))].sort();
    };
    expect((await traceOf()).filters).toBeNull();
    expect(await found({ sourceIds: [sourceId], languages: null })).toContain("Warranty");
    expect(await found({ sourceIds: null, languages: ["fr"] }, "La garantie de ma balance ?")).toEqual(["Garantie"]);
    expect(await found({ sourceIds: null, languages: ["fr"] })).not.toContain("Warranty");
    expect(await found({ sourceIds: [sourceId], languages: ["de"] })).toEqual([]);

    const stranger = await addTenant(db.owner);
    await publishPages({ db: db.service, gateway: deps().gateway }, stranger, PAGES);
    expect(await found({ sourceIds: [stranger.sourceId], languages: null })).toEqual([]);
  });

  test("another model may be tried in place of the version's own, if it is offered here", async () => {
    const using = deps({ OPENAI_API_KEY: "k", OPENAI_BASE_URL: model.baseUrl });
    expect((await traceOf({ model: "openai/gpt-5-mini" }, QUESTION, using)).model).toBe("openai/gpt-5-mini");
    expect((await traceOf({ model: "openai/most-expensive-of-all" }, QUESTION, using)).model).toBe("compatible/fake");
  });
});
