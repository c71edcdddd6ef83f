import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base, expect } from "@playwright/test";
import pg from "pg";
import { Processes, waitForHttp } from "@/deploy/local/processes";
import { type SampleSite, startSampleSite } from "@/lib/testing/sample-site/server";
import { freePort } from "@/supabase/local/ports";
import { type Stack, startStack } from "@/supabase/local/stack";

/** The whole product as it runs on one machine: stack, web, worker, and the sample shop on another origin. */
export interface Product {
  appUrl: string;
  site: SampleSite;
  stack: Stack;
  /** As the superuser: for what a test must arrange behind the product's back. */
  owner: pg.Pool;
}

/** Starts the product once for all tests of a worker. */
export const test = base.extend<object, { product: Product }>({
  product: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from this pattern
    async ({}, use) => {
      const home = await mkdtemp(join(tmpdir(), "alonchat-e2e-"));
      const [webPort, workerPort] = [await freePort(), await freePort()];
      const appUrl = `http://127.0.0.1:${webPort}`;
      const stack = await startStack({ dataDir: home, apiPort: 0, dbPort: 0, siteUrl: appUrl, throwaway: true });
      const site = await startSampleSite({});
      const env = {
        ...process.env,
        ...stack.env,
        NODE_ENV: "production",
        APP_URL: appUrl,
        PORT: String(webPort),
        HOST: "127.0.0.1",
        WORKER_PORT: String(workerPort),
        CRAWL_ALLOW_HOSTS: new URL(site.url).host,
      };
      const processes = new Processes((name, code) =>
        process.stderr.write(`${name} ended with ${code}; its log is .local/logs/${name}.log\n`),
      );
      const owner = new pg.Pool({ connectionString: stack.adminDatabaseUrl, max: 2 });
      try {
        processes.start("e2e-web", "tsx", ["deploy/server.ts"], env, "file");
        processes.start("e2e-worker", "tsx", ["workers/main.ts"], env, "file");
        await Promise.all([
          waitForHttp(`${appUrl}/health/ready`, "The web app"),
          waitForHttp(`http://127.0.0.1:${workerPort}/health/ready`, "The worker"),
        ]);
        await use({ appUrl, site, stack, owner });
      } finally {
        await owner.end();
        await processes.stop();
        await site.stop();
        await stack.stop();
        await rm(home, { recursive: true, force: true });
      }
    },
    { scope: "worker", timeout: 180_000 },
  ],
});

export { expect };
