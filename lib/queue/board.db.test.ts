import { expect, onTestFinished, test } from "vitest";
import { crawlJobs, startCrawlJob } from "@/lib/crawl/jobs";
import { createTestDatabase } from "@/lib/testing/database";
import { redisBinary, startRedis } from "@/lib/testing/redis";
import { queueBoard } from "./board";
import { connectQueue, createQueues } from "./index";

const servers = {
  postgres: async () => {
    const db = await createTestDatabase();
    return { url: db.url, stop: () => db.drop() };
  },
  redis: () => startRedis(),
};

for (const name of ["postgres", "redis"] as const) {
  test.skipIf(name === "redis" && !redisBinary())(
    `the queues page shows all queues on ${name}, with its own scripts`,
    async () => {
      const server = await servers[name]();
      onTestFinished(() => server.stop());
      const connection = await connectQueue(server.url);
      onTestFinished(() => connection.close());
      const queues = createQueues(connection);
      onTestFinished(() => queues.close());
      const runId = "0198f1f0-0000-7000-8000-000000000001";
      await queues.add(startCrawlJob, { tenantId: runId, runId });

      const board = queueBoard(
        crawlJobs.map((job) => queues.queue(job.name)),
        "/admin/queues",
      );
      const get = (path: string) => board(new Request(`http://queues.test${path}`));

      const api = await get("/admin/queues/api/queues?activeQueue=crawl-start&status=latest&page=1&jobsPerPage=10");
      expect(api.status).toBe(200);
      const { queues: shown } = (await api.json()) as {
        queues: { name: string; counts: { waiting: number }; jobs: { data: unknown }[] }[];
      };
      expect(shown.map((queue) => queue.name).sort()).toEqual(crawlJobs.map((job) => job.name).sort());
      const started = shown.find((queue) => queue.name === "crawl-start")!;
      expect(started.counts.waiting).toBe(1);
      expect(started.jobs.map((job) => job.data)).toEqual([{ tenantId: runId, runId }]);

      const page = await get("/admin/queues");
      expect(page.headers.get("content-type")).toContain("text/html");
      const html = await page.text();
      const assets = [...html.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map((match) => match[1]!);
      expect(assets.length).toBeGreaterThan(0);
      for (const asset of assets) {
        const response = await get(new URL(asset, "http://queues.test/admin/queues/").pathname);
        expect(response.status, asset).toBe(200);
        expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(0);
      }
      expect((await get("/admin/queues/static/../../package.json")).status).toBe(404);
    },
  );
}
