import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { AppError } from "@/lib/core/errors";
import { sweepFiles } from "@/lib/files";
import type { ObjectStorage } from "@/lib/storage";
import { addTestSource, crawlSource, knowledgeOf, type TestSource } from "@/lib/testing/crawl-runs";
import { type CrawlWorker, startCrawlWorker } from "@/lib/testing/crawl-worker";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { signUp, testStack } from "@/lib/testing/stack";
import { startTinySite, type TinySite, tinyPage } from "@/lib/testing/tiny-site";
import { moveBodies } from "./move-bodies";
import { readBody } from "./read-body";
import { restoreBodies } from "./restore-bodies";

/** Of its own, as it has a worker that sweeps; Storage is that of all. */
let db: TestDatabase;
let owner: TestDatabase["owner"];
let site: TinySite;
let worker: CrawlWorker;
let storage: ObjectStorage;

beforeAll(async () => {
  db = await createTestDatabase();
  owner = db.owner;
});
afterAll(() => db.drop());
beforeEach(async () => {
  const stack = testStack();
  site = await startTinySite({ "/": tinyPage("Home", ["/a"]), "/a": tinyPage("A") });
  worker = await startCrawlWorker(db.url, {
    sweep: true,
    env: {
      CRAWL_ALLOW_HOSTS: site.host,
      SUPABASE_URL: stack.apiUrl,
      SUPABASE_PUBLISHABLE_KEY: stack.publishableKey,
      SUPABASE_SECRET_KEY: stack.secretKey,
    },
  });
  storage = worker.deps.storage!;
});
afterEach(async () => {
  await worker.close();
  await site.stop();
});

const crawled = async (): Promise<TestSource> => {
  const source = await addTestSource({ owner }, `${site.url}/`);
  await crawlSource({ owner }, worker.deps, source);
  return source;
};
const bodiesOf = async ({ sourceId }: TestSource) =>
  (
    await owner.query<{ version: string; path: string; hot: boolean; moved: boolean; url: string }>(
      `select b.page_version_id as version, b.object_path as path, b.body is not null as hot, b.moved_at is not null as moved, p.url
       from page_bodies b join page_versions v on v.id = b.page_version_id join pages p on p.id = v.page_id where p.source_id = $1 order by p.url`,
      [sourceId],
    )
  ).rows;
const age = ({ tenantId }: TestSource, days = 31) =>
  owner.query(
    "update page_bodies set fetched_at = now() - $2 * interval '1 day', moving_until = null where tenant_id = $1",
    [tenantId, days],
  );
const exists = (path: string) =>
  storage.download(path, 1_000_000).then(
    () => true,
    () => false,
  );
const removeDead = async () => {
  await owner.query("update private.dead_objects set due_at = now()");
  await sweepFiles({ db: worker.deps.db, storage });
};

test("what the site sent is kept, and moved to the tenant's folder when it is old enough; it reads the same from there", async () => {
  const source = await crawled();
  const bodies = await bodiesOf(source);
  expect(bodies).toMatchObject([{ hot: true }, { hot: true }]);
  const ref = { tenantId: source.tenantId, versionId: bodies[0]!.version };
  const before = await readBody(worker.deps, ref);
  expect(before?.body.toString()).toContain("<title>Home");
  await age(source, 29);
  await moveBodies(worker.deps);
  expect(await bodiesOf(source)).toMatchObject([{ hot: true }, { hot: true }]);
  await age(source);
  await moveBodies(worker.deps);
  for (const { hot, moved, path } of await bodiesOf(source)) {
    expect({ hot, moved }).toEqual({ hot: false, moved: true });
    expect(path.startsWith(`${source.tenantId}/`)).toBe(true);
    expect(await exists(path)).toBe(true);
  }
  expect(await readBody(worker.deps, ref)).toEqual(before);
  expect((await knowledgeOf({ owner }, source)).length).toBeGreaterThanOrEqual(2);
});

test("whoever dies between upload and mark leaves both, and the next one goes on", async () => {
  const source = await crawled();
  await age(source);
  const dying: ObjectStorage = {
    ...storage,
    upload: async (...args) => {
      await storage.upload(...args);
      throw new Error("killed");
    },
  };
  await expect(moveBodies({ ...worker.deps, storage: dying })).rejects.toThrow("killed");
  const [first] = await bodiesOf(source);
  expect(first).toMatchObject({ hot: true, moved: false });
  expect(await readBody(worker.deps, { tenantId: source.tenantId, versionId: first!.version })).not.toBeNull();
  expect(await moveBodies(worker.deps), "the other's lease is waited for").toBe(0);
  await age(source);
  expect(await moveBodies(worker.deps)).toBe(2);
});

test("a page that another reader read is read anew from what is kept, cold too, while the site is asked for changes only", async () => {
  const source = await crawled();
  const before = await knowledgeOf({ owner }, source);
  await age(source);
  await moveBodies(worker.deps);
  await owner.query("update page_versions set reader = 'older', markdown = '' where tenant_id = $1", [source.tenantId]);
  site.requests.length = 0;
  expect(await crawlSource({ owner }, worker.deps, source)).toMatchObject({ status: "completed", published: 2 });
  expect(site.requests.filter(({ conditional }) => conditional)).toHaveLength(2);
  expect(await knowledgeOf({ owner }, source)).toEqual(before);
  const { rows } = await owner.query("select 1 from page_versions where tenant_id = $1 and markdown = ''", [
    source.tenantId,
  ]);
  expect(rows).toEqual([]);
});

test("what was moved comes back as it was, that of its own tenant alone, and moves again when its time has come", async () => {
  const [source, other] = [await crawled(), await crawled()];
  const ref = { tenantId: source.tenantId, versionId: (await bodiesOf(source))[0]!.version };
  const before = await readBody(worker.deps, ref);
  for (const each of [source, other]) await age(each);
  await moveBodies(worker.deps);
  const deps = { db: worker.deps.db, storage };
  expect(await restoreBodies(deps, ref)).toEqual({ restored: 2, lost: 0 });
  expect(await bodiesOf(source)).toMatchObject([{ hot: true }, { hot: true }]);
  expect(await bodiesOf(other), "another tenant's").toMatchObject([{ hot: false }, { hot: false }]);
  expect(await readBody({ db: worker.deps.db, storage: null }, ref)).toEqual(before);
  expect(await restoreBodies(deps, ref), "once more").toEqual({ restored: 0, lost: 0 });
  await moveBodies(worker.deps);
  expect(await bodiesOf(source), "for as long as if it had been fetched now").toMatchObject([
    { hot: true },
    { hot: true },
  ]);
  await age(source);
  await moveBodies(worker.deps);
  expect(await bodiesOf(source)).toMatchObject([{ hot: false }, { hot: false }]);
  expect(await readBody(worker.deps, ref)).toEqual(before);
});

test("an object that is gone or damaged is counted as lost, the others come back; when Storage is away, nothing is lost", async () => {
  const source = await crawled();
  await age(source);
  await moveBodies(worker.deps);
  const [first, second] = await bodiesOf(source);
  await storage.upload(first!.path, Buffer.from("no gzip"), { contentType: "application/gzip" });
  const deps = { db: worker.deps.db, storage };
  const away = { ...storage, download: () => Promise.reject(new AppError("upstream_failed", "Storage is away.")) };
  await expect(restoreBodies({ ...deps, storage: away }, source)).rejects.toMatchObject({ code: "upstream_failed" });
  expect(await restoreBodies(deps, source)).toEqual({ restored: 1, lost: 1 });
  await owner.query("update page_bodies set body = null, moved_at = now() where tenant_id = $1", [source.tenantId]);
  await storage.remove([second!.path]);
  expect(await restoreBodies(deps, source)).toEqual({ restored: 0, lost: 2 });
  await owner.query("update page_versions set reader = 'older' where tenant_id = $1", [source.tenantId]);
  expect(await crawlSource({ owner }, worker.deps, source), "read anew all the same").toMatchObject({ published: 2 });
});

test("when nothing is kept any more, the site is asked for the whole page", async () => {
  const source = await crawled();
  await owner.query("update page_versions set reader = 'older' where tenant_id = $1", [source.tenantId]);
  await owner.query("delete from page_bodies where tenant_id = $1", [source.tenantId]);
  expect(await crawlSource({ owner }, worker.deps, source)).toMatchObject({ status: "completed", published: 2 });
  expect(await bodiesOf(source)).toMatchObject([{ hot: true }, { hot: true }]);
});

test.each(["sources", "tenants"])(
  "deleting %s removes the objects, those of an upload under way too",
  async (table) => {
    const source = await crawled();
    await age(source);
    await moveBodies(worker.deps);
    const [first, second] = await bodiesOf(source);
    await owner.query(
      "update page_bodies set body = 'x', moved_at = null, moving_until = now() + interval '10 minutes' where page_version_id = $1",
      [second!.version],
    );
    await owner.query(`delete from ${table} where id = $1`, [table === "sources" ? source.sourceId : source.tenantId]);
    await sweepFiles({ db: worker.deps.db, storage });
    expect(await exists(first!.path)).toBe(false);
    expect(await exists(second!.path), "somebody may still be uploading").toBe(true);
    await removeDead();
    expect(await exists(second!.path)).toBe(false);
  },
);

test("a page that was sent anew since its body moved leaves nothing in Storage when it is deleted", async () => {
  const source = await crawled();
  await age(source);
  await moveBodies(worker.deps);
  await owner.query("update pages set etag = null, last_modified = null where source_id = $1", [source.sourceId]);
  expect(await crawlSource({ owner }, worker.deps, source)).toMatchObject({ unchanged: 2 });
  const [first] = await bodiesOf(source);
  expect(first).toMatchObject({ hot: true });
  expect(await exists(first!.path)).toBe(true);
  await owner.query("delete from sources where id = $1", [source.sourceId]);
  await removeDead();
  expect(await exists(first!.path)).toBe(false);
});

test("what is kept and cannot be unpacked counts as not kept", async () => {
  const source = await crawled();
  const [first] = await bodiesOf(source);
  await owner.query("update page_bodies set body = 'no gzip' where page_version_id = $1", [first!.version]);
  expect(await readBody(worker.deps, { tenantId: source.tenantId, versionId: first!.version })).toBeNull();
});

test("another tenant gets nothing: not by its id, and not from Storage", async () => {
  const source = await crawled();
  await age(source);
  await moveBodies(worker.deps);
  const { version, path } = (await bodiesOf(source))[0]!;
  const stranger = await addTestSource({ owner }, "https://other.test/");
  expect(await readBody(worker.deps, { tenantId: stranger.tenantId, versionId: version })).toBeNull();
  const marked = await worker.platform.pool.query("select service.mark_body_moved($1, $2, now()) as moved", [
    stranger.tenantId,
    version,
  ]);
  expect(marked.rows).toEqual([{ moved: false }]);
  const { client } = await signUp();
  expect((await client.storage.from("sources").download(path)).error).not.toBeNull();
  expect((await client.storage.from("sources").createSignedUrl(path, 60)).error).not.toBeNull();
});
