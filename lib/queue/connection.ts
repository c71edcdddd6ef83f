import {
  type BackendFactory,
  createPostgresBackend,
  createRedisBackend,
  type IQueueBackend,
  type PostgresConnectionOptions,
  type Processor,
  Queue,
  runMigrations,
  Worker,
  type WorkerOptions,
} from "bullmq";
import { Redis } from "ioredis";
import pg from "pg";
import { log } from "@/lib/core/log";

/** BullMQ's classes without the types of one backend. */
// biome-ignore lint/suspicious/noExplicitAny: BullMQ's own default for payloads; ours are validated by their Zod schema.
export type JobQueue = Queue<any, any, string, any, any, string, IQueueBackend, any>;
// biome-ignore lint/suspicious/noExplicitAny: as above
export type JobWorker = Worker<any, any, string, IQueueBackend, any, any>;
export type JobProcessor = Processor<unknown, void, string>;

type WorkerSettings = Omit<WorkerOptions, "connection">;

/** The connections of one process to the queue's backend. */
export interface QueueConnection {
  readonly backend: "redis" | "postgres";
  openQueue(name: string): JobQueue;
  openWorker(name: string, processor: JobProcessor, settings: WorkerSettings): JobWorker;
  close(): Promise<void>;
}

/** Beside one client for each worker that listens, so many do the work. */
const WORKING_CLIENTS = 4;

/**
 * One connection set a process. The scheme of QUEUE_URL decides the backend: `redis:`/`rediss:`, or `postgres:` (schema `bullmq`).
 * @param workers how many workers this process will run
 * Postgres: the URL must lead to a session of its own (LISTEN), not to a pooler in transaction mode.
 */
export async function connectQueue(queueUrl: string, { workers = 0 } = {}): Promise<QueueConnection> {
  return /^rediss?:/.test(queueUrl) ? connectRedis(queueUrl, workers) : connectPostgres(queueUrl, workers);
}

async function connectPostgres(connectionString: string, workers: number): Promise<QueueConnection> {
  const pool = new pg.Pool({
    connectionString,
    max: workers + WORKING_CLIENTS,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    options: "-c search_path=bullmq",
  });
  pool.on("error", (error) => log.warn({ event: "queue.idle_connection_lost", reason: error.message }));
  // Each queue and each worker adds a listener of its own to the shared pool.
  pool.setMaxListeners(0);
  try {
    // Also asked by BullMQ itself, but only here is it allowed to make its tables.
    const client = await pool.connect();
    try {
      await runMigrations(client);
    } finally {
      client.release();
    }
  } catch (error) {
    await pool.end();
    throw error;
  }
  return {
    backend: "postgres",
    ...opener<PostgresConnectionOptions>(createPostgresBackend, pool),
    close: () => pool.end(),
  };
}

async function connectRedis(url: string, workers: number): Promise<QueueConnection> {
  const redis = new Redis(url, {
    lazyConnect: true,
    // Workers wait with blocking commands for as long as it takes; who only adds jobs is told soon that Redis is away.
    maxRetriesPerRequest: workers > 0 ? null : 3,
  });
  let reason: Error | undefined;
  redis.on("error", (error) => {
    reason = error;
    log.warn({ event: "queue.redis_error", reason: error.message });
  });
  try {
    await redis.connect();
  } catch (error) {
    redis.disconnect();
    // connect() itself only says that the connection is closed.
    throw reason ?? error;
  }
  return {
    backend: "redis",
    ...opener(createRedisBackend, redis),
    close: async () => {
      // A server that is away cannot say goodbye.
      if (redis.status === "ready") await redis.quit();
      else redis.disconnect();
    },
  };
}

function opener<Options>(factory: BackendFactory<IQueueBackend, Options>, connection: Options) {
  return {
    // Workers write the queue's metadata; a page that only looks should not.
    openQueue: (name: string): JobQueue => new Queue(name, { connection, skipMetasUpdate: true }, factory),
    openWorker: (name: string, processor: JobProcessor, settings: WorkerSettings): JobWorker =>
      new Worker(name, processor, { ...settings, connection }, factory),
  };
}
