import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { addTestSource, crawlSource } from "@/lib/testing/crawl-runs";
import { startCrawlWorker } from "@/lib/testing/crawl-worker";
import { createTestDatabase } from "@/lib/testing/database";
import { testStack } from "@/lib/testing/stack";
import { startTinySite, type TinySite, tinyPage } from "@/lib/testing/tiny-site";
import { startWorkerProcess } from "@/lib/testing/worker-process";
import { moveBodies } from "./move-bodies";
import { readBody } from "./read-body";

let site: TinySite;
beforeAll(async () => {
  site = await startTinySite({ "/": tinyPage("Home", ["/a"]), "/a": tinyPage("A") });
});
afterAll(() => site.stop());

test.for([
  { step: "move-upload", hot: 2, uploaded: 1 },
  { step: "move-mark", hot: 1, uploaded: 1 },
])(
  "a worker killed after the step “$step” loses no body, and the next one moves what is left",
  async ({ step, hot, uploaded }) => {
    const db = await createTestDatabase();
    onTestFinished(() => db.drop());
    const stack = testStack();
    const env = {
      CRAWL_ALLOW_HOSTS: site.host,
      SUPABASE_URL: stack.apiUrl,
      SUPABASE_PUBLISHABLE_KEY: stack.publishableKey,
      SUPABASE_SECRET_KEY: stack.secretKey,
    };
    const worker = await startCrawlWorker(db.url, { env });
    onTestFinished(() => worker.close());
    const source = await addTestSource(db, `${site.url}/`);
    expect(await crawlSource(db, worker.deps, source)).toMatchObject({ published: 2 });
    const rows = async () =>
      (
        await db.owner.query<{ version: string; path: string; hot: boolean }>(
          "select page_version_id as version, object_path as path, body is not null as hot from page_bodies order by page_version_id",
        )
      ).rows;
    const texts = async () =>
      Promise.all(
        (await rows()).map(async ({ version }) =>
          (await readBody(worker.deps, { tenantId: source.tenantId, versionId: version }))?.body.toString(),
        ),
      );
    const before = await texts();
    expect(before.every((text) => text?.includes("<title>"))).toBe(true);

    await db.owner.query("update page_bodies set fetched_at = now() - interval '31 days'");
    const doomed = startWorkerProcess(db.url, { ...env, CRASH_AT: step });
    onTestFinished(() => void doomed.child.kill("SIGKILL"));
    expect(await doomed.ended).toEqual({ code: null, signal: "SIGKILL" });
    const left = await rows();
    expect(left.filter((row) => row.hot)).toHaveLength(hot);
    const found = await Promise.all(
      left.map(({ path }) =>
        worker.deps.storage!.download(path, 1_000_000).then(
          () => true,
          () => false,
        ),
      ),
    );
    expect(found.filter(Boolean)).toHaveLength(uploaded);
    expect(await texts(), "whatever is where, everything can be read").toEqual(before);

    expect(await moveBodies(worker.deps), "the dead one's lease is waited for").toBe(0);
    await db.owner.query("update page_bodies set moving_until = now() where moving_until is not null");
    expect(await moveBodies(worker.deps)).toBe(hot);
    expect((await rows()).map((row) => row.hot)).toEqual([false, false]);
    expect(await texts()).toEqual(before);
  },
);
