import type { SupabaseClient } from "@supabase/supabase-js";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "@/lib/db/types.gen";
import { signUp, type TestUser, testStack } from "@/lib/testing/stack";
import { createAgent, discardDraft, listVersions, publishDraft, restoreVersion, saveDraft } from ".";
import { AgentSettings, DEFAULT_FALLBACKS } from "./schema";

type Member = { user: TestUser; db: SupabaseClient<Database>; tenantId: string };

let owner: pg.Pool;
let a: Member;
let b: Member;
let agentId: string;
let ref: { tenantId: string; agentId: string };

beforeAll(async () => {
  owner = new pg.Pool({ connectionString: testStack().adminDatabaseUrl, max: 2 });
  [a, b] = [await member("Versions A"), await member("Versions B")];
});
afterAll(() => owner.end());
beforeEach(async () => {
  await roleOf(a, "owner");
  ({ id: agentId } = await createAgent(a.db, { tenantId: a.tenantId, name: "Help" }));
  ref = { tenantId: a.tenantId, agentId };
});

async function member(name: string): Promise<Member> {
  const user = await signUp(undefined, { workspace_name: name });
  const { rows } = await owner.query("select tenant_id from members where user_id = $1", [user.userId]);
  return { user, db: user.client, tenantId: rows[0].tenant_id };
}

/** As what is not there, or not allowed; not as anything that merely went wrong. */
const REFUSED = { code: expect.stringMatching(/^(forbidden|not_found)$/) };

const roleOf = (m: Member, role: string) =>
  owner.query("update members set role = $1 where user_id = $2", [role, m.user.userId]);

/** Changes the draft as a member does who sees the latest. */
async function change(patch: Partial<AgentSettings>) {
  const { published, draft } = await listVersions(a.db, ref);
  return saveDraft(a.db, { ...ref, ...(draft ?? published).settings, ...patch, seen: draft?.updatedAt ?? null });
}

async function publish(patch: Partial<AgentSettings>, note = "") {
  const { draft } = await change(patch);
  return publishDraft(a.db, { ...ref, seen: draft!.updatedAt, note });
}

describe("a version", () => {
  test("a new agent has one, published, with settings that the schema knows", async () => {
    const { published, draft, retired } = await listVersions(a.db, ref);
    expect(published).toMatchObject({ number: 1, state: "published", publishedBy: a.user.email });
    expect([draft, retired]).toEqual([null, []]);
    const { rows } = await owner.query("select private.default_agent_settings() as settings");
    expect(AgentSettings.strict().parse(rows[0].settings)).toEqual(published.settings);
    expect(published.settings.fallbackMessage).toBe(DEFAULT_FALLBACKS.en);
  });

  test("what members write is a draft: what is published stays as it is", async () => {
    const { published, draft } = await change({ tone: "formal" });
    expect(published.settings.tone).toBe("neutral");
    expect(draft).toMatchObject({ number: null, state: "draft", author: a.user.email, settings: { tone: "formal" } });
  });

  test("a draft that says what is published already goes", async () => {
    await change({ tone: "formal" });
    expect((await change({ tone: "neutral" })).draft).toBeNull();
  });

  test("publishing gives it the next number, says who and why, and retires the one before", async () => {
    const { published, draft, retired } = await publish({ tone: "brief" }, "Shorter");
    expect(published).toMatchObject({
      number: 2,
      note: "Shorter",
      publishedBy: a.user.email,
      settings: { tone: "brief" },
    });
    expect(draft).toBeNull();
    expect(retired).toMatchObject([{ number: 1, state: "retired" }]);
  });

  test("an older one is published again as a new one, and a draft stays", async () => {
    const { retired } = await publish({ tone: "brief" });
    await change({ tone: "formal" });
    const back = await restoreVersion(a.db, { ...ref, versionId: retired[0]!.id, note: "Back" });
    expect(back.published).toMatchObject({ number: 3, restoredFrom: 1, note: "Back", settings: { tone: "neutral" } });
    expect(back.draft).toMatchObject({ settings: { tone: "formal" } });
    expect(back.retired.map(({ number }) => number)).toEqual([2, 1]);
  });

  test("two who publish at once: one succeeds, and the numbers have no gap", async () => {
    const { draft } = await change({ tone: "brief" });
    const seen = draft!.updatedAt;
    const both = await Promise.allSettled([publishDraft(a.db, { ...ref, seen }), publishDraft(a.db, { ...ref, seen })]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect((await listVersions(a.db, ref)).published.number).toBe(2);
  });
});

describe("refused is", () => {
  test("a change of a draft that somebody else changed meanwhile, its discarding, and its publishing unseen", async () => {
    const { draft, published } = await change({ tone: "formal" });
    const stale = { ...ref, seen: draft!.updatedAt };
    await change({ tone: "brief" });
    const conflict = { code: "conflict" };
    await expect(saveDraft(a.db, { ...draft!.settings, ...stale })).rejects.toMatchObject(conflict);
    await expect(saveDraft(a.db, { ...published.settings, ...ref, seen: null })).rejects.toMatchObject(conflict);
    await expect(discardDraft(a.db, stale)).rejects.toMatchObject(conflict);
    await expect(publishDraft(a.db, stale)).rejects.toMatchObject(conflict);
    expect((await listVersions(a.db, ref)).draft?.settings.tone).toBe("brief");
  });

  test.each(["viewer", "operator"])("everything but reading for role %s", async (role) => {
    const { retired } = await publish({ tone: "brief" });
    const { draft, published } = await change({ tone: "formal" });
    await roleOf(a, role);
    const seen = draft!.updatedAt;
    await expect(saveDraft(a.db, { ...ref, ...published.settings, tone: "friendly", seen })).rejects.toMatchObject(
      REFUSED,
    );
    await expect(publishDraft(a.db, { ...ref, seen })).rejects.toMatchObject(REFUSED);
    await expect(discardDraft(a.db, { ...ref, seen })).rejects.toMatchObject(REFUSED);
    await expect(restoreVersion(a.db, { ...ref, versionId: retired[0]!.id })).rejects.toMatchObject({
      code: "forbidden",
    });
    const now = await listVersions(a.db, ref);
    expect(now.published).toMatchObject({ number: 2 });
    expect(now.draft).toEqual(draft);
  });

  test("another tenant, whatever ids it names: it sees no version and nobody's address, and writes none", async () => {
    const { retired } = await publish({ tone: "brief" });
    const { draft } = await change({ tone: "formal" });
    for (const tenantId of [a.tenantId, b.tenantId]) {
      const named = { tenantId, agentId };
      await expect(listVersions(b.db, named)).rejects.toMatchObject({ code: "not_found" });
      await expect(publishDraft(b.db, { ...named, seen: draft!.updatedAt })).rejects.toMatchObject(REFUSED);
      await expect(discardDraft(b.db, { ...named, seen: draft!.updatedAt })).rejects.toMatchObject(REFUSED);
      await expect(restoreVersion(b.db, { ...named, versionId: retired[0]!.id })).rejects.toMatchObject(REFUSED);
      const people = await b.db.rpc("agent_version_people", { p_tenant_id: tenantId, p_agent_id: agentId });
      expect(people.data).toEqual([]);
    }
    const now = await listVersions(a.db, ref);
    expect(now.published.number).toBe(2);
    expect(now.draft).toEqual(draft);
  });

  test("a version of another agent, as what is published again", async () => {
    const other = await createAgent(a.db, { tenantId: a.tenantId, name: "Other" });
    await expect(restoreVersion(a.db, { ...ref, versionId: other.published.versionId })).rejects.toMatchObject({
      code: "not_found",
    });
    const { draft } = await change({ tone: "formal" });
    await expect(restoreVersion(a.db, { ...ref, versionId: draft!.id })).rejects.toMatchObject({ code: "not_found" });
  });

  test("a change of what visitors get or got, past the product", async () => {
    const { published } = await publish({ tone: "brief" });
    const table = () => a.db.from("agent_versions");
    for (const patch of [{ note: "x" }, { settings: {} }, { state: "draft" }, { state: "retired" }])
      expect((await table().update(patch).eq("id", published.id).select("id")).data ?? []).toEqual([]);
    expect((await table().delete().eq("id", published.id).select("id")).data ?? []).toEqual([]);
    for (const row of [{ state: "published" }, { number: 9 }, { published_at: "2026-01-01" }])
      expect((await table().insert({ tenant_id: a.tenantId, agent_id: agentId, ...row })).error?.code).toBe("42501");
    const { draft } = await change({ tone: "formal" });
    expect((await table().update({ state: "retired" }).eq("id", draft!.id)).error).not.toBeNull();
    expect(await listVersions(a.db, ref)).toMatchObject({
      published: { number: 2, note: "" },
      draft: { number: null },
    });
  });

  test.each([
    {},
    [],
    "text",
    { tone: 1 },
    { welcomeMessage: null },
    { fallbackMessage: "" },
    { fallbackMessages: [] },
    { fallbackMessages: null },
    { fallbackMessages: { de: 1 } },
    { fallbackMessages: { german: "Hallo" } },
    { temperature: 2 },
    { confidenceThreshold: "0.5" },
    { suggestedQuestions: [1] },
    { languages: "de" },
    { handover: null },
    { instructions: "x".repeat(8_001) },
  ])("settings without which no answer could begin, past the product: %j", async (bad) => {
    const { published } = await listVersions(a.db, ref);
    const isPatch = typeof bad === "object" && Object.keys(bad).length > 0;
    const settings = isPatch ? { ...published.settings, ...bad } : bad;
    const { error } = await a.db
      .from("agent_versions")
      .insert({ tenant_id: a.tenantId, agent_id: agentId, settings: settings as never });
    expect(error?.message).toContain("agent_versions_settings_check");
  });
});
