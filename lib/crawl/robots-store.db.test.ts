import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type CrawlWorker, startCrawlWorker } from "@/lib/testing/crawl-worker";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { startTinySite, type TinySite } from "@/lib/testing/tiny-site";
import { forgetHostRules } from "./index";
import { hostRules } from "./robots-store";

let db: TestDatabase;
let site: TinySite;
let worker: CrawlWorker;
const signal = new AbortController().signal;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  site = await startTinySite();
  worker = await startCrawlWorker(db.url, { env: { CRAWL_ALLOW_HOSTS: site.host }, idle: true });
});
afterEach(async () => {
  await worker.close();
  await site.stop();
});

const asked = () => site.requests.filter((request) => request.path === "/robots.txt").length;
/** As another process would see it after some time. */
const pass = async (interval: string) => {
  forgetHostRules();
  await db.owner.query(
    "update private.robots set fetched_at = fetched_at - $1::interval, expires_at = expires_at - $1::interval",
    [interval],
  );
};

describe("a kept robots.txt", () => {
  test("serves for a day in every process, and is read anew after that", async () => {
    site.pages["/robots.txt"] = { body: "User-agent: *\nDisallow: /old" };
    expect((await hostRules(worker.deps, `${site.url}/`, signal)).allowed(`${site.url}/old`)).toBe(false);
    site.pages["/robots.txt"] = { body: "User-agent: *\nDisallow: /new" };
    await pass("23 hours");
    expect((await hostRules(worker.deps, `${site.url}/`, signal)).allowed(`${site.url}/old`)).toBe(false);
    expect(asked()).toBe(1);
    await pass("2 hours");
    const rules = await hostRules(worker.deps, `${site.url}/`, signal);
    expect([rules.allowed(`${site.url}/old`), rules.allowed(`${site.url}/new`)]).toEqual([true, false]);
    expect(asked()).toBe(2);
  });

  test("serves on for longer than a day while the site cannot answer", async () => {
    site.pages["/robots.txt"] = { body: "User-agent: *\nDisallow: /old" };
    await hostRules(worker.deps, `${site.url}/`, signal);
    site.pages["/robots.txt"] = { status: 500 };
    await pass("25 hours");
    const rules = await hostRules(worker.deps, `${site.url}/`, signal);
    expect(rules.denial).toBeUndefined();
    expect(rules.allowed(`${site.url}/old`)).toBe(false);
    expect(asked()).toBe(2);
  });

  test("is asked for once by many at the same time", async () => {
    site.pages["/robots.txt"] = { body: "User-agent: *\nDisallow:" };
    await Promise.all(Array.from({ length: 12 }, () => hostRules(worker.deps, `${site.url}/`, signal)));
    expect(asked()).toBe(1);
  });
});
