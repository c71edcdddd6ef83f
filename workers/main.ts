import { sweepTurns } from "@/lib/chat";
import { env } from "@/lib/core/env";
import { log } from "@/lib/core/log";
import {
  beginRun,
  crawlPage,
  crawlPageJob,
  embedPage,
  embedPageJob,
  moveBodies,
  startCrawlJob,
  sweepCrawls,
  sweepJob,
} from "@/lib/crawl";
import { sweepEngagement } from "@/lib/engagement";
import { runEvaluation, runEvaluationJob, sweepEvalRuns } from "@/lib/evaluation";
import { ingestDocumentJob, sweepFiles } from "@/lib/files";
import { ingestDocument } from "@/lib/files/ingest-document";
import { clusterGaps, clusterGapsJob, sweepGaps } from "@/lib/inbox";
import { buildIndex, buildIndexJob, sweepIndexes } from "@/lib/knowledge";
import { rekeyLeads } from "@/lib/leads";
import { createPlatform } from "@/lib/platform";
import { allJobs } from "@/lib/platform/jobs";
import { startFailure } from "@/lib/platform/start-failure";
import { type Queues, type RunningWorker, runWorker, shareFairly } from "@/lib/queue";
import { startHealthServer } from "./health";

/** Pages beside those of one tenant that may be under way, for tenants whose pages would wait behind its slow sites. */
const PLACES_FOR_OTHERS = 2;
const SCHEDULE_AGAIN_MS = 60_000;
const SHUTDOWN_GRACE_MS = 20_000;
/** Whatever still runs then is taken over by another worker. */
const SHUTDOWN_LIMIT_MS = 30_000;

/** Binds jobs to the functions that do them. */
async function main(): Promise<void> {
  const config = env();
  const platform = createPlatform(config, { name: "worker", listeners: allJobs.length });
  const { connection, queues } = await platform.queues();
  const deps = await platform.crawl();
  const files = await platform.files();
  const evaluation = { chat: platform.chat, config: deps.config };
  const timeoutMs = config.JOB_TIMEOUT_MS;
  const workers: RunningWorker[] = [
    runWorker(connection, startCrawlJob, (payload, { signal }) => beginRun(deps, payload, signal), { timeoutMs }),
    runWorker(
      connection,
      crawlPageJob,
      shareFairly(
        config.WORKER_CONCURRENCY,
        (page) => page.tenantId,
        (page, { signal }) => crawlPage(deps, page, signal),
      ),
      { timeoutMs, concurrency: config.WORKER_CONCURRENCY + PLACES_FOR_OTHERS },
    ),
    runWorker(connection, embedPageJob, (payload, { signal }) => embedPage(deps, payload, signal), { timeoutMs }),
    runWorker(connection, ingestDocumentJob, (payload, { signal }) => ingestDocument(files, payload, signal), {
      timeoutMs,
    }),
    runWorker(connection, buildIndexJob, (payload, { signal }) => buildIndex(deps, payload, signal), { timeoutMs }),
    runWorker(connection, runEvaluationJob, (payload, { signal }) => runEvaluation(evaluation, payload, signal), {
      timeoutMs,
    }),
    runWorker(connection, clusterGapsJob, (payload, { signal }) => clusterGaps(deps, payload, signal), { timeoutMs }),
    runWorker(
      connection,
      sweepJob,
      async () => {
        // One after the other, and each although another failed: a Storage that is away must not keep answers from being ended.
        const failures: unknown[] = [];
        for (const sweep of [
          () => sweepCrawls(deps, { idleMs: config.SWEEP_IDLE_MS }),
          () => sweepIndexes(deps, { idleMs: config.SWEEP_IDLE_MS }),
          () => sweepTurns(platform.chat),
          () => sweepEngagement({ db: platform.pool }),
          () => rekeyLeads({ db: platform.pool, cipher: platform.cipher }),
          () => sweepEvalRuns({ db: platform.pool, queues }, { idleMs: config.SWEEP_IDLE_MS }),
          () => sweepGaps({ db: platform.pool, queues }, { idleMs: config.SWEEP_IDLE_MS }),
          () => sweepFiles(files),
          () => moveBodies(deps),
        ])
          await sweep().catch((error: unknown) => failures.push(error));
        if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join("; "));
        return undefined;
      },
      { timeoutMs },
    ),
  ];
  await Promise.all(workers.map((worker) => worker.ready()));
  const unschedule = await keepScheduled(queues, config.SWEEP_EVERY_MS);
  const health = await startHealthServer(config.WORKER_PORT, platform, workers);
  log.info({
    event: "worker.ready",
    port: health.port,
    jobs: allJobs.map((job) => job.name),
    chatModel: platform.gateway.chatModel.id,
  });

  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ event: "worker.stopping", signal });
    setTimeout(() => {
      log.error({ event: "worker.stopped_hard" });
      process.exit(1);
    }, SHUTDOWN_LIMIT_MS).unref();
    unschedule();
    await Promise.all(workers.map((worker) => worker.close(SHUTDOWN_GRACE_MS)));
    await health.close();
    await platform.close();
    log.info({ event: "worker.stopped" });
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop(signal));
}

/** The sweep repairs whatever was lost, so its own schedule must not be: a queue that lost its memory gets it again. */
async function keepScheduled(queues: Queues, everyMs: number): Promise<() => void> {
  await queues.schedule(sweepJob, {}, everyMs);
  const timer = setInterval(() => {
    queues
      .schedule(sweepJob, {}, everyMs)
      .catch((error: Error) => log.warn({ event: "worker.schedule_failed", reason: error.message }));
  }, SCHEDULE_AGAIN_MS);
  return () => clearInterval(timer);
}

main().catch((error: unknown) => {
  process.stderr.write(`${startFailure(error, "WORKER_PORT")}\n`);
  process.exit(1);
});
