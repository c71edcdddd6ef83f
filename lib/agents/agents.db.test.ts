import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId, sha256 } from "@/lib/core/ids";
import type { Database } from "@/lib/db/types.gen";
import { listWorkspaces, type Workspace } from "@/lib/tenancy";
import { signUp, testStack } from "@/lib/testing/stack";
import {
  assertSources,
  countConversations,
  createAgent,
  deleteAgent,
  getAgent,
  getPage,
  getRun,
  getSource,
  knownLanguages,
  listAgents,
  listPages,
  listPassages,
  listSources,
  locateAgent,
  sourceTotals,
  updateAgent,
} from "./index";
import { PAGE_SIZE, PASSAGES_PER_SCREEN } from "./schema";

type Db = SupabaseClient<Database>;
type Member = { db: Db; userId: string; workspace: Workspace };

let a: Member;
let b: Member;
let owner: pg.Pool;

async function member(workspaceName: string): Promise<Member> {
  const { client, userId } = await signUp(undefined, { workspace_name: workspaceName });
  const [workspace] = await listWorkspaces(client, { userId });
  return { db: client, userId, workspace: workspace! };
}

beforeAll(async () => {
  owner = new pg.Pool({ connectionString: testStack().adminDatabaseUrl, max: 2 });
  [a, b] = [await member("Lumen A"), await member("Lumen B")];
});
afterAll(() => owner.end());

const newAgent = ({ db, workspace }: Member, name = "Help") => createAgent(db, { tenantId: workspace.id, name });

/** A source with pages in the given states, made past row-level security as workers make them. */
async function sourceWithPages(
  { workspace }: Member,
  agentId: string,
  pages: { path: string; title?: string; status: string }[],
) {
  const [sourceId, runId] = [newId(), newId()];
  await owner.query(
    `insert into public.sources (id, tenant_id, agent_id, name, url, status, last_run_id)
     values ($1, $2, $3, 'shop.test', 'https://shop.test/', 'ready', $4)`,
    [sourceId, workspace.id, agentId, runId],
  );
  await owner.query(
    `insert into public.crawl_runs (id, tenant_id, agent_id, source_id, status, max_pages, found, published)
     values ($1, $2, $3, $4, 'completed', 500, $5, 1)`,
    [runId, workspace.id, agentId, sourceId, pages.length],
  );
  for (const { path, title = null, status } of pages) {
    const url = `https://shop.test${path}`;
    await owner.query(
      `insert into public.pages (tenant_id, agent_id, source_id, run_id, url, url_hash, host, depth, status, title, live_version_id)
       values ($1, $2, $3, $4, $5, $6, 'shop.test', 0, $7::public.page_status, $8, case when $7 = 'published' then $9::uuid end)`,
      [workspace.id, agentId, sourceId, runId, url, sha256(url), status, title, newId()],
    );
  }
  return { sourceId, runId };
}

/** Gives a published page a text and its passages. */
async function contentOf(pageId: string, passages: string[]): Promise<string> {
  const { rows } = await owner.query(
    `insert into public.page_versions (id, tenant_id, page_id, run_id, status, content_hash, title, language, markdown, metadata)
     select live_version_id, tenant_id, id, run_id, 'live', $2, 'Returns', 'en', $3, '{"kind": "article"}'
     from public.pages where id = $1 returning id`,
    [pageId, sha256(pageId), passages.join("\n\n")],
  );
  await owner.query(
    `insert into public.chunks (tenant_id, agent_id, source_id, page_id, page_version_id, position, kind, title, heading_path, content,
       token_count, content_hash, terms, term_frequencies, length)
     select p.tenant_id, p.agent_id, p.source_id, p.id, p.live_version_id, t.position - 1, 'docs', 'Returns', '{How long}', t.content,
       3, $2, '{}', '{}', 1
     from public.pages p, unnest($3::text[]) with ordinality as t (content, position) where p.id = $1`,
    [pageId, sha256(pageId), passages],
  );
  return rows[0].id;
}

test("signing up makes a workspace with its own slug and the new member as owner", async () => {
  expect(a.workspace).toMatchObject({ name: "Lumen A", slug: "lumen-a", role: "owner" });
  expect((await member("Lumen A")).workspace.slug).not.toBe("lumen-a");
});

test("a member sees their own workspaces only", async () => {
  expect(await listWorkspaces(a.db, { userId: b.userId })).toEqual([]);
});

test("a new agent has an unguessable public id and the defaults of the table", async () => {
  const agent = await newAgent(a);
  expect(agent).toMatchObject({
    name: "Help",
    allowedDomains: [],
    publicId: expect.stringMatching(/^ag_[a-z2-9]{16}$/),
  });
  expect(agent.published).toMatchObject({ number: 1, settings: { tone: "neutral", languages: [], hours: null } });
});

test("an agent is located for members of its workspace alone, and a database that is away is no missing agent", async () => {
  const { id, publicId } = await newAgent(a);
  expect(await locateAgent(a.db, { agentId: id })).toEqual({ tenantId: a.workspace.id, publicId });
  for (const [who, agentId] of [
    [b, id],
    [a, newId()],
    [a, "no-id"],
  ] as const)
    await expect(locateAgent(who.db, { agentId })).rejects.toMatchObject({ code: "not_found" });
  const away = createClient<Database>("http://127.0.0.1:9", "sb_publishable_of_nobody_at_all");
  await expect(locateAgent(away, { agentId: id })).rejects.toMatchObject({ code: "upstream_failed" });
});

test("an update changes the given fields, cleans them, and leaves the others", async () => {
  const agent = await newAgent(a);
  const updated = await updateAgent(a.db, {
    tenantId: a.workspace.id,
    agentId: agent.id,
    allowedDomains: ["https://Shop.test/x", "shop.test"],
    accentColor: "#FF0000",
    language: "he",
  });
  expect(updated).toMatchObject({
    allowedDomains: ["shop.test"],
    accentColor: "#ff0000",
    language: "he",
    name: "Help",
  });
  await expect(
    updateAgent(a.db, { tenantId: a.workspace.id, agentId: agent.id, language: "tlh" as "en" }),
  ).rejects.toThrow("Choose a language from the list.");
});

test("another tenant's agent cannot be read, changed, deleted or put into one's own workspace", async () => {
  const { id } = await newAgent(a);
  const asB = { tenantId: a.workspace.id, agentId: id };
  await expect(getAgent(b.db, asB)).rejects.toMatchObject({ code: "not_found" });
  await expect(getAgent(b.db, { ...asB, tenantId: b.workspace.id })).rejects.toMatchObject({ code: "not_found" });
  await expect(updateAgent(b.db, { ...asB, name: "Mine" })).rejects.toMatchObject({ code: "not_found" });
  await expect(deleteAgent(b.db, asB)).rejects.toMatchObject({ code: "not_found" });
  await expect(createAgent(b.db, { tenantId: a.workspace.id, name: "Planted" })).rejects.toMatchObject({
    code: "forbidden",
  });
  expect((await getAgent(a.db, asB)).name).toBe("Help");
});

test.each(["operator", "viewer"])("a member with the role %s may look and not touch", async (role) => {
  const boss = await member(`Roles ${role}`);
  const { id } = await newAgent(boss);
  const staff = await member("Staff");
  await owner.query("insert into public.members (tenant_id, user_id, role) values ($1, $2, $3::public.member_role)", [
    boss.workspace.id,
    staff.userId,
    role,
  ]);
  const where = { tenantId: boss.workspace.id, agentId: id };
  expect((await getAgent(staff.db, where)).id).toBe(id);
  await expect(updateAgent(staff.db, { ...where, name: "x" })).rejects.toMatchObject({ code: "not_found" });
  await expect(deleteAgent(staff.db, where)).rejects.toMatchObject({ code: "not_found" });
  await expect(createAgent(staff.db, { tenantId: boss.workspace.id, name: "x" })).rejects.toMatchObject({
    code: "forbidden",
  });
});

test.each(["not-a-uuid", "", "'; drop table agents; --"])(
  "an agent id like %j is simply not found",
  async (agentId) => {
    await expect(getAgent(a.db, { tenantId: a.workspace.id, agentId })).rejects.toMatchObject({ code: "not_found" });
  },
);

test("pages in use are counted from the pages, for the source and in the list of agents", async () => {
  const { id } = await newAgent(a, "Counting");
  const { sourceId, runId } = await sourceWithPages(a, id, [
    { path: "/1", status: "published" },
    { path: "/2", status: "published" },
    { path: "/3", status: "failed" },
  ]);
  const where = { tenantId: a.workspace.id, agentId: id };
  expect(await listSources(a.db, where)).toMatchObject([{ id: sourceId, livePages: 2, run: { id: runId, found: 3 } }]);
  expect(await getSource(a.db, { ...where, sourceId })).toMatchObject({ livePages: 2, run: { status: "completed" } });
  const listed = (await listAgents(a.db, where)).find((agent) => agent.id === id);
  expect(listed).toMatchObject({ pages: 2, sources: [{ id: sourceId, status: "ready" }] });
});

test("pages are searched in title and address, counted by tab, and shown a screen at a time", async () => {
  const { id } = await newAgent(a, "Searching");
  const { sourceId } = await sourceWithPages(a, id, [
    ...Array.from({ length: PAGE_SIZE + 1 }, (_, i) => ({
      path: `/help/${i}`,
      title: `Case ${i}`,
      status: "published",
    })),
    { path: "/returns", title: "Rückgabe, 100 % kostenlos (neu)", status: "failed" },
    { path: "/cart", status: "excluded" },
    { path: "/copy", status: "duplicate" },
  ]);
  const list = (query: object) =>
    listPages(a.db, { tenantId: a.workspace.id, sourceId, status: "all", q: "", page: 1, ...query });

  expect((await list({})).counts).toEqual({
    all: PAGE_SIZE + 4,
    published: PAGE_SIZE + 1,
    failed: 1,
    excluded: 2,
    active: 0,
  });
  expect((await list({})).rows).toHaveLength(PAGE_SIZE);
  expect((await list({ page: 2 })).rows).toHaveLength(4);
  expect((await list({ by: "title", page: 2 })).rows.slice(0, 2).map(({ title }) => title)).toEqual([
    "Case 9",
    "Rückgabe, 100 % kostenlos (neu)",
  ]);
  expect((await list({ page: 99 })).rows).toEqual([]);
  expect((await list({ status: "excluded" })).rows.map(({ status }) => status).sort()).toEqual([
    "duplicate",
    "excluded",
  ]);
  expect(await list({ q: "rückgabe, 100 % kostenlos (neu)" })).toMatchObject({
    total: 1,
    rows: [{ url: "https://shop.test/returns" }],
  });
  expect((await list({ q: "/cart" })).rows).toHaveLength(1);
  expect((await list({ q: '"),tenant_id.neq.x,(' })).rows).toEqual([]);
});

test("a page comes with what was read from it and its passages in order; without a live version with neither", async () => {
  const { id } = await newAgent(a, "Reader");
  const { sourceId } = await sourceWithPages(a, id, [
    { path: "/returns", status: "published" },
    { path: "/cart", status: "excluded" },
  ]);
  const where = { tenantId: a.workspace.id, sourceId };
  const { rows } = await listPages(a.db, { ...where, status: "all", q: "", page: 1 });
  const [cart, returns] = rows;
  const texts = Array.from({ length: PASSAGES_PER_SCREEN + 1 }, (_, n) => `Passage ${n}`);
  const versionId = await contentOf(returns!.id, texts);

  expect(await getPage(a.db, { ...where, pageId: returns!.id })).toMatchObject({
    url: "https://shop.test/returns",
    content: { versionId, markdown: texts.join("\n\n"), kind: "article", publishedAt: null },
  });
  const passages = (screen: number) => listPassages(a.db, { tenantId: a.workspace.id, versionId, screen });
  expect((await passages(1)).map(({ content }) => content)).toEqual(texts.slice(0, PASSAGES_PER_SCREEN));
  expect(await passages(2)).toMatchObject([
    { position: PASSAGES_PER_SCREEN, headingPath: ["How long"], tokenCount: 3 },
  ]);
  expect((await getPage(a.db, { ...where, pageId: cart!.id })).content).toBeNull();
  await expect(getPage(a.db, { ...where, pageId: "no-id" })).rejects.toMatchObject({ code: "not_found" });
  await expect(getPage(a.db, { ...where, sourceId: newId(), pageId: returns!.id })).rejects.toMatchObject({
    code: "not_found",
  });
});

test("a page that was rendered in a browser says so", async () => {
  const { id } = await newAgent(a, "Renderer");
  const { sourceId } = await sourceWithPages(a, id, [{ path: "/app", status: "published" }]);
  await owner.query("update public.pages set rendered = true where source_id = $1", [sourceId]);
  const { rows } = await listPages(a.db, { tenantId: a.workspace.id, sourceId, status: "all", q: "", page: 1 });
  expect(rows).toMatchObject([{ url: "https://shop.test/app", rendered: true }]);
});

test("a source is counted by what became of its pages; one without pages counts zero", async () => {
  const { id } = await newAgent(a, "Counter");
  const { sourceId } = await sourceWithPages(a, id, [
    { path: "/a", status: "published" },
    { path: "/b", status: "failed" },
    { path: "/c", status: "excluded" },
    { path: "/d", status: "gone" },
    { path: "/e", status: "queued" },
  ]);
  await owner.query("update public.pages set word_count = 120, chunk_count = 2 where source_id = $1", [sourceId]);
  const totals = await sourceTotals(a.db, { tenantId: a.workspace.id, agentId: id });
  expect(totals(sourceId)).toEqual({ live: 1, failed: 1, excluded: 2, active: 1, words: 120, passages: 2 });
  expect(totals(newId())).toEqual({ live: 0, failed: 0, excluded: 0, active: 0, words: 0, passages: 0 });
});

test("languages are those of pages in use, without countries, the commonest first; nobody else is told", async () => {
  const { id } = await newAgent(a, "Polyglot");
  const { sourceId } = await sourceWithPages(
    a,
    id,
    ["/de", "/de-2", "/at", "/en", "/none", "/odd"].map((path) => ({ path, status: "published" })),
  );
  await sourceWithPages(a, (await newAgent(a, "Other")).id, [{ path: "/it", status: "published" }]);
  const language = (path: string, code: string) =>
    owner.query("update public.pages set language = $3 where source_id = $1 and url like '%' || $2", [
      sourceId,
      path,
      code,
    ]);
  await language("/de", "de");
  await language("/de-2", "DE");
  await language("/at", "de-AT");
  await language("/en", "en-GB");
  await language("/odd", "x-klingon; drop");
  const ref = { tenantId: a.workspace.id, agentId: id };
  expect(await knownLanguages(a.db, ref)).toEqual(["de", "en"]);
  await owner.query("update public.pages set live_version_id = null where source_id = $1 and url like '%/en'", [
    sourceId,
  ]);
  expect(await knownLanguages(a.db, ref)).toEqual(["de"]);
  expect(await knownLanguages(b.db, ref)).toEqual([]);
});

test("sources to search in are the agent's own, all of them", async () => {
  const [{ id }, other] = [await newAgent(a, "Searched"), await newAgent(a, "Beside")];
  const { sourceId } = await sourceWithPages(a, id, []);
  const { sourceId: beside } = await sourceWithPages(a, other.id, []);
  const assert = (who: Member, tenantId: string, sourceIds: string[]) =>
    assertSources(who.db, { tenantId, agentId: id, sourceIds });
  await assert(a, a.workspace.id, [sourceId, sourceId]);
  for (const sourceIds of [[beside], [sourceId, beside], [sourceId, newId()]])
    await expect(assert(a, a.workspace.id, sourceIds)).rejects.toMatchObject({ code: "not_found" });
  for (const tenantId of [a.workspace.id, b.workspace.id])
    await expect(assert(b, tenantId, [sourceId])).rejects.toMatchObject({ code: "not_found" });
});

test("another tenant's sources, pages and runs do not exist, whichever tenant is named", async () => {
  const { id } = await newAgent(a, "Secret");
  const { sourceId, runId } = await sourceWithPages(a, id, [{ path: "/secret", status: "published" }]);
  const { rows } = await listPages(a.db, { tenantId: a.workspace.id, sourceId, status: "all", q: "", page: 1 });
  const versionId = await contentOf(rows[0]!.id, ["secret"]);
  for (const tenantId of [a.workspace.id, b.workspace.id]) {
    expect(await listSources(b.db, { tenantId, agentId: id })).toEqual([]);
    await expect(getSource(b.db, { tenantId, agentId: id, sourceId })).rejects.toMatchObject({ code: "not_found" });
    await expect(getRun(b.db, { tenantId, runId })).rejects.toMatchObject({ code: "not_found" });
    await expect(getPage(b.db, { tenantId, sourceId, pageId: rows[0]!.id })).rejects.toMatchObject({
      code: "not_found",
    });
    expect(await listPassages(b.db, { tenantId, versionId, screen: 1 })).toEqual([]);
    expect((await sourceTotals(b.db, { tenantId, agentId: id }))(sourceId)).toMatchObject({ live: 0, words: 0 });
    expect((await listPages(b.db, { tenantId, sourceId, status: "all", q: "", page: 1 })).total).toBe(0);
    expect(await countConversations(b.db, { tenantId, agentId: id })).toEqual({ playground: 0, widget: 0 });
  }
});

test("deleting an agent takes its sources and pages with it", async () => {
  const { id } = await newAgent(a, "Going");
  const { sourceId } = await sourceWithPages(a, id, [{ path: "/x", status: "published" }]);
  await deleteAgent(a.db, { tenantId: a.workspace.id, agentId: id });
  const { rows } = await owner.query("select count(*)::int as left from public.pages where source_id = $1", [sourceId]);
  expect(rows).toEqual([{ left: 0 }]);
});
