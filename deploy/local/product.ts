import pg from "pg";
import { type SampleSite, startSampleSite } from "@/lib/testing/sample-site/server";
import { freePort } from "@/supabase/local/ports";
import { type Stack, startStack } from "@/supabase/local/stack";
import { Processes } from "./processes";

/** The whole product as it runs on one machine: stack, web, worker, and the sample shop on another origin. */
export interface Product {
  appUrl: string;
  site: SampleSite;
  stack: Stack;
  /** As the superuser: for what a test must arrange behind the product's back. */
  owner: pg.Pool;
  /** Ends all of it and removes its data. */
  stop(): Promise<void>;
}

/**
 * Starts the built product with a new, empty database on free ports.
 * @param name logs are in `.local/logs/<name>-web.log` and `<name>-worker.log`
 * @param settings of the product, unlike their defaults
 */
export async function startProduct(name: string, settings: Record<string, string> = {}): Promise<Product> {
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const [webPort, workerPort] = [await freePort(), await freePort()];
    const appUrl = `http://127.0.0.1:${webPort}`;
    const stack = await startStack({ apiPort: 0, dbPort: 0, siteUrl: appUrl, throwaway: true });
    undo.push(() => stack.stop());
    const site = await startSampleSite({});
    undo.push(() => site.stop());
    const env = {
      ...process.env,
      ...stack.env,
      NODE_ENV: "production",
      APP_URL: appUrl,
      PORT: String(webPort),
      HOST: "127.0.0.1",
      WORKER_PORT: String(workerPort),
      CRAWL_ALLOW_HOSTS: new URL(site.url).host,
      ...settings,
    };
    const processes = new Processes((process, code, lastWords) =>
      globalThis.process.stderr.write(
        `${process} ended with ${code}; its log is .local/logs/${process}.log:\n${lastWords}\n`,
      ),
    );
    undo.push(() => processes.stop());
    const web = processes.start(`${name}-web`, "node", ["--enable-source-maps", "dist/server.js"], env, "file");
    const worker = processes.start(`${name}-worker`, "tsx", ["workers/main.ts"], env, "file");
    const owner = new pg.Pool({ connectionString: stack.adminDatabaseUrl, max: 2 });
    undo.push(() => owner.end());
    await Promise.all([
      processes.waitForHttp(web, `${appUrl}/health/ready`, "The web app"),
      processes.waitForHttp(worker, `http://127.0.0.1:${workerPort}/health/ready`, "The worker"),
    ]);
    return { appUrl, site, stack, owner, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
