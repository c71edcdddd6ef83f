import type { Pool } from "pg";
import { CallLog, type ChatDeps, type ChatLimits, RequestLimits, RunningAnswers } from "@/lib/chat";
import { type Env, env as environment } from "@/lib/core/env";
import { createFieldCipher, type FieldCipher } from "@/lib/core/field-cipher";
import { log } from "@/lib/core/log";
import { processSlot } from "@/lib/core/process-slot";
import { type CrawlDeps, createRenderer, DocumentRoom, OpenRequests } from "@/lib/crawl";
import { call, createPool, json } from "@/lib/db/pool";
import type { FilesDeps } from "@/lib/files";
import { type CallRecord, createGateway, type Gateway } from "@/lib/llm";
import { ModelRegistry } from "@/lib/models";
import { connectQueue, createQueues, type QueueConnection, type Queues } from "@/lib/queue";
import { createStorage, type ObjectStorage } from "@/lib/storage";

/** What one process holds open, made from its environment: the domains get their parts of it. */
export interface Platform {
  env: Env;
  pool: Pool;
  gateway: Gateway;
  /** What the gateway knows of models. */
  models: ModelRegistry;
  chat: ChatDeps;
  /** Connects to the queue at first use: most requests never need it. */
  queues(): Promise<{ connection: QueueConnection; queues: Queues }>;
  crawl(): Promise<CrawlDeps>;
  files(): Promise<FilesDeps>;
  /** Null without SUPABASE_SECRET_KEY. */
  storage: ObjectStorage | null;
  /** Null without FIELD_ENCRYPTION_KEYS. */
  cipher: FieldCipher | null;
  close(): Promise<void>;
}

const LIMITS: ChatLimits = {
  visitorPerMinute: 20,
  addressPerMinute: 120,
  agentPerMinute: 600,
  unknownPerMinute: 60,
  challengeBits: 16,
};

const ofWeb = processSlot<Platform>("platform");

/** Of a web process, whichever of its bundles asks: made at first use, from the environment. */
export function webPlatform(): Platform {
  ofWeb.value ??= createPlatform(environment(), { name: "web" });
  return ofWeb.value;
}

/**
 * @param name what the database calls this process's connections: `alonchat-<name>`
 * @param listeners workers that this process will run on the queue
 */
export function createPlatform(env: Env, { name = "script", listeners = 0 } = {}): Platform {
  const pool = createPool(env.DATABASE_URL, {
    max: env.DATABASE_POOL_MAX,
    name: `alonchat-${name}`,
    prepares: env.DATABASE_PREPARE,
  });
  const calls = new CallLog();
  const answers = new RunningAnswers(pool);
  const pending = new Set<Promise<unknown>>();
  const models = new ModelRegistry(pool);
  models.start();
  const gateway = createGateway({
    env,
    catalog: () => models.current,
    onCall: (record) => {
      if (!calls.add(record)) track(pending, storeCall(pool, record));
    },
  });
  let queue: Promise<{ connection: QueueConnection; queues: Queues }> | undefined;
  const queues = () => {
    queue ??= connectQueue(env.QUEUE_URL, { workers: listeners }).then((connection) => ({
      connection,
      queues: createQueues(connection),
    }));
    // A queue that was down at the first try is asked again.
    queue.catch(() => {
      queue = undefined;
    });
    return queue;
  };
  const { SUPABASE_SECRET_KEY: secretKey } = env;
  const storage = secretKey ? createStorage({ url: env.SUPABASE_URL, secretKey }) : null;
  const cipher = env.FIELD_ENCRYPTION_KEYS ? createFieldCipher(env.FIELD_ENCRYPTION_KEYS) : null;
  const scanner = env.CLAMAV_HOST ? { host: env.CLAMAV_HOST, port: env.CLAMAV_PORT } : null;
  const openRequests = new OpenRequests();
  const documentRoom = new DocumentRoom();
  const maxFileBytes = env.MAX_FILE_SIZE_MB * 1024 * 1024;
  const renderer = createRenderer({
    userAgent: env.CRAWLER_USER_AGENT,
    allowHosts: env.CRAWL_ALLOW_HOSTS,
    chromiumPath: env.CHROMIUM_PATH,
    concurrency: env.RENDER_CONCURRENCY,
    timeoutMs: env.RENDER_TIMEOUT_MS,
    memoryMebibytes: env.RENDER_MEMORY_MB,
  });
  return {
    env,
    pool,
    gateway,
    models,
    queues,
    chat: {
      db: pool,
      gateway,
      calls,
      answers,
      budget: {
        tokens: env.BUDGET_TOKENS,
        costMicroUsd: Math.round(env.BUDGET_COST_USD * 1_000_000),
        stepMs: env.BUDGET_STEP_MS,
      },
      judgeModel: env.GROUNDING_JUDGE_MODEL ?? null,
      appOrigin: new URL(env.APP_URL).origin,
      limits: env.RATE_LIMIT_ENABLED ? LIMITS : null,
      requests: env.RATE_LIMIT_ENABLED ? new RequestLimits() : null,
      cipher,
      storage,
      scanner,
      live: { url: env.SUPABASE_URL, key: env.SUPABASE_PUBLISHABLE_KEY },
    },
    crawl: async () => ({
      db: pool,
      gateway,
      openRequests,
      documentRoom,
      renderer,
      queues: (await queues()).queues,
      storage,
      config: {
        userAgent: env.CRAWLER_USER_AGENT,
        allowHosts: env.CRAWL_ALLOW_HOSTS,
        minDelayMs: env.CRAWL_MIN_DELAY_MS,
        maxPages: env.CRAWL_MAX_PAGES,
        maxFileBytes,
        hotDays: env.RAW_BODY_HOT_DAYS,
        maxQueueSize: env.MAX_QUEUE_SIZE,
        limitStarts: env.RATE_LIMIT_ENABLED,
        crashAt: env.CRASH_AT,
      },
    }),
    files: async () => ({
      db: pool,
      gateway,
      queues: (await queues()).queues,
      storage,
      config: {
        maxFileBytes,
        bulkUpload: env.ENABLE_BULK_UPLOAD,
        scanner,
        crashAt: env.CRASH_AT,
      },
    }),
    storage,
    cipher,
    async close() {
      await answers.close();
      await models.close();
      await Promise.allSettled([...pending, renderer.close()]);
      const open = await queue?.catch(() => undefined);
      await open?.queues.close();
      await open?.connection.close();
      await pool.end();
    },
  };
}

const storeCall = (pool: Pool, record: CallRecord): Promise<void> =>
  call<void>(pool, "record_llm_calls", { calls: json([record]) }).catch((error: Error) =>
    log.error({ event: "llm.call_not_recorded", tenantId: record.tenantId, step: record.step, reason: error.message }),
  );

function track(pending: Set<Promise<unknown>>, promise: Promise<unknown>): void {
  pending.add(promise);
  promise.finally(() => pending.delete(promise));
}
