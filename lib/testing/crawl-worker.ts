import { readFile } from "node:fs/promises";
import { parseEnv } from "@/lib/core/env";
import {
  beginRun,
  type CrawlDeps,
  crawlPage,
  crawlPageJob,
  embedPage,
  embedPageJob,
  startCrawlJob,
  sweepCrawls,
  sweepJob,
} from "@/lib/crawl";
import { type FilesDeps, ingestDocumentJob } from "@/lib/files";
import { ingestDocument, type Parse } from "@/lib/files/ingest-document";
import { parseFile } from "@/lib/files/parse/parse-file";
import { buildIndex, buildIndexJob, sweepIndexes } from "@/lib/knowledge";
import { createPlatform, type Platform } from "@/lib/platform";
import { type RunningWorker, runWorker } from "@/lib/queue";

export interface CrawlWorker {
  platform: Platform;
  deps: CrawlDeps;
  close(): Promise<void>;
}

/** Reads a document here: the sandbox has tests of its own, and costs a process a file. */
export const parseHere = async ({ path, name }: { path: string; name: string }) =>
  parseFile(await readFile(path), name);

/** The environment of a process that works on a test database with local models. */
export const workerEnv = (databaseUrl: string, more: Record<string, string> = {}): Record<string, string> => ({
  NODE_ENV: "test",
  SUPABASE_URL: "http://127.0.0.1:9",
  SUPABASE_PUBLISHABLE_KEY: "not-used-by-this-test",
  DATABASE_URL: databaseUrl,
  CHROMIUM_PATH: process.env.CHROMIUM_PATH ?? "",
  QUEUE_URL: databaseUrl,
  WORKER_PORT: "0",
  SWEEP_EVERY_MS: "500",
  SWEEP_IDLE_MS: "300",
  ...more,
});

/**
 * The workers of `workers/main.ts` inside this process. Sweeps only with `sweep`, so that nothing is repaired that should not need it;
 * with `idle` it takes no jobs and only enqueues.
 */
export async function startCrawlWorker(
  databaseUrl: string,
  {
    env = {},
    sweep = false,
    idle = false,
    config = {},
    files = {},
    parse,
  }: {
    env?: Record<string, string>;
    sweep?: boolean;
    idle?: boolean;
    config?: Partial<CrawlDeps["config"]>;
    /** Of what reads documents. */
    files?: Partial<FilesDeps["config"]>;
    /** For tests that need no process of its own for each document. */
    parse?: Parse;
  } = {},
): Promise<CrawlWorker> {
  const settings = parseEnv(workerEnv(databaseUrl, env));
  const platform = createPlatform(settings, { listeners: 6 });
  const { connection, queues } = await platform.queues();
  const made = await platform.crawl();
  const deps: CrawlDeps = { ...made, config: { ...made.config, ...config } };
  const ofFiles = await platform.files();
  const fileDeps: FilesDeps = { ...ofFiles, config: { ...ofFiles.config, ...files } };
  const timeoutMs = 60_000;
  const workers: RunningWorker[] = [];
  if (!idle)
    workers.push(
      runWorker(connection, startCrawlJob, (payload, { signal }) => beginRun(deps, payload, signal), { timeoutMs }),
      runWorker(connection, crawlPageJob, (payload, { signal }) => crawlPage(deps, payload, signal), { timeoutMs }),
      runWorker(connection, embedPageJob, (payload, { signal }) => embedPage(deps, payload, signal), { timeoutMs }),
      runWorker(
        connection,
        ingestDocumentJob,
        (payload, { signal }) => ingestDocument(fileDeps, payload, signal, parse),
        { timeoutMs },
      ),
      runWorker(connection, buildIndexJob, (payload, { signal }) => buildIndex(deps, payload, signal), { timeoutMs }),
    );
  if (sweep) {
    workers.push(
      runWorker(
        connection,
        sweepJob,
        async () => {
          await sweepCrawls(deps, { idleMs: settings.SWEEP_IDLE_MS });
          await sweepIndexes(deps, { idleMs: settings.SWEEP_IDLE_MS });
          return undefined;
        },
        { timeoutMs },
      ),
    );
    await queues.schedule(sweepJob, {}, settings.SWEEP_EVERY_MS);
  }
  await Promise.all(workers.map((worker) => worker.ready()));
  return {
    platform,
    deps,
    async close() {
      await Promise.all(workers.map((worker) => worker.close(0)));
      await platform.close();
    },
  };
}
