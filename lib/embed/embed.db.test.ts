import type { SupabaseClient } from "@supabase/supabase-js";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { createAgent } from "@/lib/agents";
import type { Agent } from "@/lib/agents/schema";
import { createFieldCipher, newFieldKey } from "@/lib/core/field-cipher";
import type { Database } from "@/lib/db/types.gen";
import { createStorage } from "@/lib/storage";
import { listWorkspaces, type Workspace } from "@/lib/tenancy";
import { signUp, testStack } from "@/lib/testing/stack";
import { openIdentitySecret } from "./identity-secret";
import {
  createIdentityKey,
  getWidgetSettings,
  listIdentityKeys,
  openAvatar,
  removeAvatar,
  revokeIdentityKey,
  saveAvatar,
  updateWidgetSettings,
} from "./index";
import type { UpdateWidgetSettings } from "./schema";

type Member = { db: SupabaseClient<Database>; userId: string; workspace: Workspace };

let owner: pg.Pool;
let service: pg.Pool;
let a: Member;
let b: Member;
let agent: Agent;
const cipher = createFieldCipher(newFieldKey("test"));

async function member(workspaceName: string): Promise<Member> {
  const { client, userId } = await signUp(undefined, { workspace_name: workspaceName });
  const [workspace] = await listWorkspaces(client, { userId });
  return { db: client, userId, workspace: workspace! };
}

beforeAll(async () => {
  const { adminDatabaseUrl, databaseUrl } = testStack();
  owner = new pg.Pool({ connectionString: adminDatabaseUrl, max: 2 });
  service = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  [a, b] = [await member("Embed A"), await member("Embed B")];
});
afterAll(() => Promise.all([owner.end(), service.end()]));
beforeEach(async () => {
  agent = await createAgent(a.db, { tenantId: a.workspace.id, name: "Help" });
});

const ofA = () => ({ tenantId: a.workspace.id, agentId: agent.id });
const asRole = (role: string) => owner.query("update members set role = $1 where user_id = $2", [role, a.userId]);

describe("identity keys", () => {
  test("are made by admins, shown once, and kept as what nobody can read", async () => {
    const { id, secret } = await createIdentityKey(a.db, cipher, ofA());
    expect(secret).toMatch(/^ids_[\w-]{43}$/);
    expect(await listIdentityKeys(a.db, ofA())).toEqual([
      { id, hint: secret.slice(-4), createdAt: expect.any(String), expiresAt: null },
    ]);
    const { rows } = await owner.query("select * from identity_keys where id = $1", [id]);
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect(openIdentitySecret(cipher, { id, sealed: rows[0].sealed })).toBe(secret);
  });

  test("hold for a day more when another takes their place, and end at once when they are revoked", async () => {
    const first = await createIdentityKey(a.db, cipher, ofA());
    const second = await createIdentityKey(a.db, cipher, ofA());
    const third = await createIdentityKey(a.db, cipher, ofA());
    const [newest, middle, oldest] = await listIdentityKeys(a.db, ofA());
    expect([newest?.id, middle?.id, oldest?.id]).toEqual([third.id, second.id, first.id]);
    expect(newest?.expiresAt).toBeNull();
    const left = Date.parse(middle?.expiresAt ?? "") - Date.now();
    expect(left).toBeGreaterThan(23 * 3_600_000);
    expect(left).toBeLessThanOrEqual(24 * 3_600_000);
    await revokeIdentityKey(a.db, { ...ofA(), keyId: second.id });
    expect((await listIdentityKeys(a.db, ofA())).map(({ id }) => id)).toEqual([third.id, first.id]);
    await expect(revokeIdentityKey(a.db, { ...ofA(), keyId: second.id })).rejects.toMatchObject({ code: "not_found" });
  });

  test("are out of reach for other tenants and for members below admin", async () => {
    const { id } = await createIdentityKey(a.db, cipher, ofA());
    expect(await listIdentityKeys(b.db, ofA())).toEqual([]);
    await expect(createIdentityKey(b.db, cipher, ofA())).rejects.toMatchObject({ code: "forbidden" });
    await expect(
      createIdentityKey(b.db, cipher, { tenantId: b.workspace.id, agentId: agent.id }),
      "of a tenant, for another's agent",
    ).rejects.toMatchObject({ code: "not_found" });
    await expect(revokeIdentityKey(b.db, { ...ofA(), keyId: id })).rejects.toMatchObject({ code: "not_found" });
    await asRole("operator");
    await expect(createIdentityKey(a.db, cipher, ofA())).rejects.toMatchObject({ code: "forbidden" });
    expect(await listIdentityKeys(a.db, ofA())).toEqual([]);
    await asRole("owner");
    expect(await listIdentityKeys(a.db, ofA())).toHaveLength(1);
  });

  test("cannot be made where there is nothing to seal them with", async () => {
    await expect(createIdentityKey(a.db, null, ofA())).rejects.toMatchObject({ code: "config_invalid" });
  });
});

describe("settings", () => {
  test("are there with the agent, change field by field, and are read back", async () => {
    const before = await getWidgetSettings(a.db, ofA());
    expect(before).toMatchObject({
      theme: "auto",
      position: "right",
      avatar: null,
      consentText: null,
      challengeMode: "auto",
    });
    const changed = await updateWidgetSettings(a.db, {
      ...ofA(),
      position: "left",
      variables: { radius: "4px", surface: "#FFFDF8" },
      consentText: " We keep your questions for 30 days. ",
      dailyTokenBudget: 50_000,
    });
    expect(changed).toEqual({
      ...before,
      position: "left",
      variables: { radius: "4px", surface: "#fffdf8" },
      consentText: "We keep your questions for 30 days.",
      dailyTokenBudget: 50_000,
    });
    expect(await getWidgetSettings(a.db, ofA())).toEqual(changed);
    expect((await updateWidgetSettings(a.db, { ...ofA(), consentText: "" })).consentText).toBeNull();
  });

  test.each<[string, UpdateWidgetSettings]>([
    ["a variable that there is not", { variables: { display: "none" } }],
    ["a variable that every object has", { variables: { constructor: "none" } }],
    ["an address in a variable", { variables: { surface: "url(https://evil.test)" } }],
    ["a way out of a declaration", { variables: { radius: "1px;} * { display: none" } }],
    ["an expression", { variables: { width: "calc(100vw)" } }],
    ["a text that is too long", { launcherText: "x".repeat(41) }],
    ["a budget in which no answer fits", { dailyTokenBudget: 10 }],
    ["half a token", { dailyTokenBudget: 5_000.5 }],
  ])("refuse %s", async (_what, patch) => {
    await expect(updateWidgetSettings(a.db, { ...ofA(), ...patch })).rejects.toBeInstanceOf(z.ZodError);
  });

  test("belong to the tenant: another reads and changes nothing, a viewer changes nothing", async () => {
    await expect(getWidgetSettings(b.db, ofA())).rejects.toMatchObject({ code: "not_found" });
    await expect(updateWidgetSettings(b.db, { ...ofA(), theme: "dark" })).rejects.toMatchObject({ code: "not_found" });
    await asRole("viewer");
    await expect(updateWidgetSettings(a.db, { ...ofA(), theme: "dark" })).rejects.toMatchObject({ code: "not_found" });
    expect((await getWidgetSettings(a.db, ofA())).theme).toBe("auto");
    await asRole("owner");
  });
});

describe("the picture", () => {
  /** One pixel. */
  const png = () =>
    new Uint8Array(
      Buffer.from(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
        "base64",
      ),
    );
  const storage = () => createStorage({ url: testStack().apiUrl, secretKey: testStack().secretKey });

  test("is stored under its content's name and opened by anybody who knows the agent", async () => {
    const name = await saveAvatar(a.db, { ...ofA(), bytes: png() });
    expect(name).toMatch(/^[0-9a-f]{64}\.png$/);
    const deps = { db: service, storage: storage() };
    const { bytes, type } = await openAvatar(deps, agent.publicId, name);
    expect([type, bytes.equals(Buffer.from(png()))]).toEqual(["image/png", true]);
    await expect(openAvatar(deps, agent.publicId, "other.png")).rejects.toMatchObject({ code: "not_found" });
    await expect(openAvatar(deps, agent.publicId, "../../x.png")).rejects.toMatchObject({ code: "not_found" });
    await removeAvatar(a.db, ofA());
    await expect(openAvatar(deps, agent.publicId, name)).rejects.toMatchObject({ code: "not_found" });
  });

  test.each<[string, Uint8Array<ArrayBuffer>, string]>([
    [
      "an SVG, which may run scripts",
      new TextEncoder().encode("<svg xmlns='http://www.w3.org/2000/svg'/>"),
      "unsupported_content",
    ],
    ["a page", new TextEncoder().encode("<!doctype html><script>alert(1)</script>"), "unsupported_content"],
    ["nothing", new Uint8Array(), "unsupported_content"],
    ["what is too large", new Uint8Array(128 * 1024 + 1), "content_too_large"],
  ])("is not %s", async (_what, bytes, code) => {
    await expect(saveAvatar(a.db, { ...ofA(), bytes })).rejects.toMatchObject({ code });
  });

  test("of another tenant's agent cannot be set", async () => {
    await expect(saveAvatar(b.db, { ...ofA(), bytes: png() })).rejects.toMatchObject({ code: "upstream_failed" });
    await expect(saveAvatar(b.db, { tenantId: b.workspace.id, agentId: agent.id, bytes: png() })).rejects.toMatchObject(
      { code: "not_found" },
    );
    expect((await getWidgetSettings(a.db, ofA())).avatar).toBeNull();
  });
});
