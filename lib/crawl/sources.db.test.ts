import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { getPage, listPassages } from "@/lib/agents";
import { newId } from "@/lib/core/ids";
import { type CrawlWorker, startCrawlWorker } from "@/lib/testing/crawl-worker";
import { publishPages } from "@/lib/testing/knowledge";
import { signUp, type TestUser, testStack } from "@/lib/testing/stack";
import {
  addSitemap,
  addUrls,
  addWebsite,
  deleteSource,
  pauseRun,
  previewSourcePatterns,
  refreshSource,
  resumeRun,
  retryPages,
  setSchedule,
  stopRun,
  updateSource,
} from "./index";

/** Through the members' own clients, so under row-level security. Nothing takes the jobs: rows are what is looked at. */
let worker: CrawlWorker;
let owner: pg.Pool;
let member: TestUser;
let viewer: TestUser;
let stranger: TestUser;
let agent: { tenantId: string; agentId: string };

beforeAll(async () => {
  const stack = testStack();
  owner = new pg.Pool({ connectionString: stack.adminDatabaseUrl, max: 2 });
  worker = await startCrawlWorker(stack.databaseUrl, { idle: true });
  worker.deps.config.lookup = async () => [{ address: "93.184.216.34", family: 4 }];
  [member, viewer, stranger] = [await signUp(), await signUp(), await signUp()];
  const { data: tenant } = await member.client.from("tenants").select("id").single();
  await owner.query("insert into members (tenant_id, user_id, role) values ($1, $2, 'viewer')", [
    tenant!.id,
    viewer.userId,
  ]);
  const row = { tenant_id: tenant!.id, name: "Test" };
  const { data } = await member.client.from("agents").insert(row).select("id").single();
  agent = { tenantId: tenant!.id, agentId: data!.id };
});
afterAll(async () => {
  await worker.close();
  await owner.end();
});

const unlimited = () => ({ ...worker.deps, config: { ...worker.deps.config, limitStarts: false } });
const rowOf = async (id: string) => (await owner.query("select * from sources where id = $1", [id])).rows[0];
const runOf = async (id: string) => (await owner.query("select * from crawl_runs where id = $1", [id])).rows[0];

describe("a source that is added", () => {
  test("has its kind, its start and its limits", async () => {
    const limits = { maxPages: 7, maxDepth: 2, maxRunMinutes: 30, include: ["/help"], schedule: "weekly" as const };
    const { sourceId, runId } = await addWebsite(unlimited(), member.client, {
      ...agent,
      ...limits,
      url: "https://Shop.test/?utm_source=x",
    });
    expect(await rowOf(sourceId)).toMatchObject({
      kind: "website",
      url: "https://shop.test/",
      max_pages: 7,
      max_depth: 2,
      max_run_minutes: 30,
      include_patterns: ["/help"],
      next_run_at: expect.any(Date),
    });
    expect(await runOf(runId)).toMatchObject({ status: "queued", found: 1, max_pages: 7 });
    const sitemap = await addSitemap(unlimited(), member.client, { ...agent, url: "https://shop.test/sitemap.xml" });
    expect(await rowOf(sitemap.sourceId)).toMatchObject({ kind: "sitemap", url: "https://shop.test/sitemap.xml" });
    expect(await runOf(sitemap.runId)).toMatchObject({ found: 0 });
    const urls = ["https://shop.test/a", "https://shop.test/a#x", "https://other.test/b"];
    const list = await addUrls(unlimited(), member.client, { ...agent, urls });
    expect(await rowOf(list.sourceId)).toMatchObject({
      kind: "urls",
      url: null,
      name: "2 pages of shop.test and others",
      config: { urls: ["https://shop.test/a", "https://other.test/b"] },
    });
    expect(await runOf(list.runId)).toMatchObject({ found: 2 });
  });

  test("is refused when it is there already, or an address of its list is none", async () => {
    const url = "https://twice.test/";
    await addWebsite(unlimited(), member.client, { ...agent, url });
    await expect(addWebsite(unlimited(), member.client, { ...agent, url })).rejects.toMatchObject({ code: "conflict" });
    for (const urls of [[], ["https://shop.test/", "nonsense"]])
      await expect(addUrls(unlimited(), member.client, { ...agent, urls })).rejects.toMatchObject({
        code: "url_invalid",
      });
    await expect(addUrls(unlimited(), member.client, { ...agent, urls: ["http://10.0.0.1/"] })).rejects.toMatchObject({
      code: "url_blocked",
    });
  });

  test("beyond the limit of starts is not kept", async () => {
    const sourcesOfAgent = async () =>
      (await owner.query("select count(*)::int as n from sources where agent_id = $1", [agent.agentId])).rows[0].n;
    const before = await sourcesOfAgent();
    await owner.query(
      "insert into private.rate_buckets (key, tokens, updated_at) values ($1, 0, now()) on conflict (key) do update set tokens = 0, updated_at = now()",
      [`crawl-start:${agent.tenantId}`],
    );
    await expect(addWebsite(worker.deps, member.client, { ...agent, url: "https://much.test/" })).rejects.toMatchObject(
      { code: "rate_limited" },
    );
    expect(await sourcesOfAgent()).toBe(before);
  });
});

describe("what members do with a source", () => {
  test("pause, resume, stop, retry, schedule and delete act on its rows, and say when there is nothing to act on", async () => {
    const deps = unlimited();
    const { sourceId, runId } = await addWebsite(deps, member.client, { ...agent, url: "https://acts.test/" });
    const ref = { tenantId: agent.tenantId, sourceId };
    await pauseRun(deps, member.client, ref);
    expect(await runOf(runId)).toMatchObject({ status: "paused" });
    await expect(pauseRun(deps, member.client, ref)).rejects.toMatchObject({ code: "conflict" });
    await expect(refreshSource(deps, member.client, ref)).rejects.toMatchObject({ code: "conflict" });
    await resumeRun(deps, member.client, ref);
    expect(await runOf(runId)).toMatchObject({ status: "queued", paused_at: null });
    await expect(resumeRun(deps, member.client, ref)).rejects.toMatchObject({ code: "conflict" });
    await stopRun(deps, member.client, ref);
    expect(await runOf(runId)).toMatchObject({ status: "cancelled", excluded: 1 });
    expect(await retryPages(deps, member.client, ref)).toEqual({ pages: 0, runId: null });
    const page = (await owner.query("select id from pages where source_id = $1", [sourceId])).rows[0];
    expect(await retryPages(deps, member.client, { ...ref, pageIds: [page.id] })).toMatchObject({ pages: 1 });
    const { nextRunAt } = await setSchedule(member.client, { ...ref, schedule: "daily" });
    expect(Date.parse(nextRunAt!)).toBeGreaterThan(Date.now());
    expect(await setSchedule(member.client, { ...ref, schedule: "off" })).toEqual({ nextRunAt: null });
    await deleteSource(member.client, ref);
    for (const table of ["sources", "crawl_runs", "pages"])
      expect(
        (await owner.query(`select from ${table} where ${table === "sources" ? "id" : "source_id"} = $1`, [sourceId]))
          .rowCount,
        table,
      ).toBe(0);
  });

  test("viewers and strangers may do none of it", async () => {
    const deps = unlimited();
    const { sourceId, runId } = await addWebsite(deps, member.client, { ...agent, url: "https://denied.test/" });
    const ref = { tenantId: agent.tenantId, sourceId };
    const before = [await rowOf(sourceId), await runOf(runId)];
    for (const { client } of [viewer, stranger])
      for (const act of [
        () => addUrls(deps, client, { ...agent, urls: ["https://denied.test/a"] }),
        () => addSitemap(deps, client, { ...agent, url: "https://denied.test/s.xml" }),
        () => pauseRun(deps, client, ref),
        () => resumeRun(deps, client, ref),
        () => stopRun(deps, client, ref),
        () => refreshSource(deps, client, ref),
        () => retryPages(deps, client, ref),
        () => setSchedule(client, { ...ref, schedule: "daily" }),
        () => deleteSource(client, ref),
      ])
        await expect(act(), String(act)).rejects.toMatchObject({ code: expect.stringMatching(/not_found|forbidden/) });
    expect([await rowOf(sourceId), await runOf(runId)]).toEqual(before);
  });

  test("the preview of a page shows its text and passages to its own members alone", async () => {
    const { sourceId } = await addWebsite(unlimited(), member.client, { ...agent, url: "https://preview.test/" });
    const { deps } = worker;
    const markdown = "# Guide\n\nHow to begin with the first step of it all.\n\n## Ends\n\nHow it ends, in the end.";
    await stopRun(unlimited(), member.client, { tenantId: agent.tenantId, sourceId });
    await publishPages(
      { db: deps.db as pg.Pool, gateway: deps.gateway },
      { ...agent, sourceId },
      [{ path: "/", title: "Guide", markdown }],
      "https://preview.test",
    );
    const { rows } = await owner.query("select id from pages where source_id = $1", [sourceId]);
    const ref = { tenantId: agent.tenantId, sourceId, pageId: rows[0].id };
    const page = await getPage(viewer.client, ref);
    expect(page).toMatchObject({ url: "https://preview.test/", status: "published", content: { markdown } });
    const passages = await listPassages(viewer.client, {
      tenantId: ref.tenantId,
      versionId: page.content!.versionId,
      screen: 1,
    });
    expect(passages.map((passage) => passage.content).join("\n")).toContain("How it ends");
    await expect(getPage(stranger.client, ref)).rejects.toMatchObject({ code: "not_found" });
    await expect(getPage(member.client, { ...ref, sourceId: newId() })).rejects.toMatchObject({ code: "not_found" });
  });

  test("patterns are tried on the pages that a source knows, by its own members alone", async () => {
    const { sourceId } = await addWebsite(unlimited(), member.client, { ...agent, url: "https://patterns.test/" });
    await stopRun(unlimited(), member.client, { tenantId: agent.tenantId, sourceId });
    await publishPages(
      { db: worker.deps.db as pg.Pool, gateway: worker.deps.gateway },
      { ...agent, sourceId },
      ["/", "/help", "/blog/a", "/forbidden"].map((path) => ({
        path,
        title: path,
        markdown: `# Page\n\nThe text of ${path} alone.`,
      })),
      "https://patterns.test",
    );
    await owner.query(
      "update pages set status = 'excluded', reason_code = 'robots_denied' where tenant_id = $1 and url = 'https://patterns.test/forbidden'",
      [agent.tenantId],
    );
    const ask = (db: typeof member.client) =>
      previewSourcePatterns(db, {
        tenantId: agent.tenantId,
        sourceId,
        includePatterns: [],
        excludePatterns: ["/blog", "/typo"],
      });
    expect(await ask(viewer.client)).toEqual({
      known: 3,
      kept: 2,
      keptExamples: ["https://patterns.test/", "https://patterns.test/help"],
      leftOut: 1,
      leftOutExamples: [{ url: "https://patterns.test/blog/a", excludedBy: "/blog" }],
      idle: ["/typo"],
    });
    await expect(ask(stranger.client)).rejects.toMatchObject({ code: "not_found" });
  });

  test("settings are changed by who may, for the source's own tenant, and a schedule counts from now", async () => {
    const { sourceId } = await addWebsite(unlimited(), member.client, { ...agent, url: "https://settings.test/" });
    const change = (db: typeof member.client) =>
      updateSource(db, {
        tenantId: agent.tenantId,
        sourceId,
        name: "Help",
        maxPages: 7,
        maxDepth: 2,
        includePatterns: [" /help ", "", "/help"],
        excludePatterns: [],
        refreshSchedule: "weekly",
        readDocuments: false,
      });
    for (const other of [viewer, stranger])
      await expect(change(other.client)).rejects.toMatchObject({ code: "not_found" });
    await change(member.client);
    expect(await rowOf(sourceId)).toMatchObject({
      name: "Help",
      max_pages: 7,
      max_depth: 2,
      include_patterns: ["/help"],
      refresh_schedule: "weekly",
      read_documents: false,
      next_run_at: expect.anything(),
    });
  });
});
