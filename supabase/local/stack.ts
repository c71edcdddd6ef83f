import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { adoptServer, bootCluster } from "./boot";
import { StackError } from "./errors";
import type { Progress } from "./install";
import { defaultHome, makeTempHome, migrationsDir, removeHome } from "./paths";
import { checkPort, wantedPort } from "./ports";
import { claim, ensureKeys } from "./state";

export type StackOptions = {
  /** folder for cluster, objects, mails and keys; default `.local` of the checkout, or a temporary one when `throwaway` */
  dataDir?: string;
  /** Supabase API; default LOCAL_API_PORT or 54321; 0 takes a free one */
  apiPort?: number;
  /** Postgres; default LOCAL_DB_PORT or 54329; 0 takes a free one */
  dbPort?: number;
  /** a superuser's URL of a Postgres to use instead of starting one; default DATABASE_URL */
  databaseUrl?: string;
  /** apply migrations; default true */
  migrate?: boolean;
  /** folder of migrations; default supabase/migrations */
  migrations?: string;
  /** serve Realtime; default true */
  realtime?: boolean;
  /** address of the app, for links in mails; default APP_URL or http://127.0.0.1:3000 */
  siteUrl?: string;
  /** for tests: nothing is synced to disk, and the environment is not looked at */
  throwaway?: boolean;
  /** makes a database of this name with everything in it, before anybody connects, to copy others from */
  template?: string;
  log?: Progress;
};

export type Stack = {
  apiUrl: string;
  publishableKey: string;
  secretKey: string;
  jwtSecret: string;
  /** as alonchat_service, the role of the product's own connections */
  databaseUrl: string;
  /** as postgres, which owns what migrations make */
  ownerDatabaseUrl: string;
  /** as the superuser, for what hosted keeps to itself */
  adminDatabaseUrl: string;
  /** every variable that web and worker need */
  env: Record<string, string>;
  mailDir: string;
  /** milliseconds per step and in total */
  timings: Record<string, number>;
  stop(): Promise<void>;
};

/**
 * Starts Postgres, REST, Auth, Storage and Realtime on this machine and brings the database up to date. Data stay in
 * `dataDir` between runs.
 * @throws StackError, each with what to do about it; nothing is left running then
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const throwaway = options.throwaway ?? false;
  if (!throwaway) refuseHosted();
  const timer = startTimer();
  const log = options.log ?? (() => {});
  const isTemp = throwaway && !options.dataDir;
  const home = isTemp ? makeTempHome() : resolve(options.dataDir ?? defaultHome);
  const apiPort = options.apiPort ?? wantedPort("api");
  const dbPort = options.dbPort ?? wantedPort("database");
  const siteUrl = options.siteUrl ?? (process.env.APP_URL || "http://127.0.0.1:3000");
  const ownServer = options.databaseUrl ?? (throwaway ? undefined : process.env.DATABASE_URL || undefined);

  const undo: (() => Promise<unknown>)[] = [];
  const unwind = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  if (isTemp) undo.push(async () => removeHome(home));
  try {
    await mkdir(home, { recursive: true });
    const claimed = await claim(home, { apiUrl: `http://127.0.0.1:${apiPort}`, dbPort });
    undo.push(() => claimed.release());
    if (apiPort) await checkPort(apiPort, "api");
    const keys = await ensureKeys(home);
    // Loading the gateway takes as long as starting Postgres, so both happen at once.
    const loading = loadModules();
    const database = await timer(
      "postgres",
      ownServer ? adoptServer(ownServer, keys) : bootCluster({ home, keys, port: dbPort, throwaway, log }),
    );
    undo.push(() => database.stop());
    const { provide, lite: liteModule, gateway, mail, realtime: realtimeModule } = await timer("modules", loading);
    await timer("platform", provide.providePlatform(database, keys));
    if (options.migrate ?? true)
      await timer("migrations", provide.provideProduct(database, keys, options.migrations ?? migrationsDir));
    if (options.template) await timer("template", provide.makeTemplate(database, options.template));

    let apiUrl = "";
    const mailDir = join(home, "mail");
    const lite = liteModule.createLite({
      adminUrl: database.adminUrl,
      keys,
      storageDir: join(home, "storage"),
      siteUrl,
      mailer: mail.fileMailer(mailDir, { siteUrl, apiUrl: () => apiUrl, log }),
    });
    undo.push(() => lite.close());
    const realtime =
      (options.realtime ?? true)
        ? await timer("realtime", realtimeModule.createRealtime({ adminUrl: database.adminUrl, keys }))
        : undefined;
    if (realtime) undo.push(() => realtime.close());
    const server = gateway.createGateway({ lite, secretKey: keys.secretKey, ...(realtime ? { realtime } : {}) });
    apiUrl = `http://127.0.0.1:${await timer("listen", gateway.listen(server, apiPort))}`;
    undo.push(() => gateway.close(server));
    await claimed.update({ apiUrl, dbPort: database.port });

    let stopped: Promise<void> | undefined;
    return {
      apiUrl,
      publishableKey: keys.publishableKey,
      secretKey: keys.secretKey,
      jwtSecret: keys.jwtSecret,
      databaseUrl: database.serviceUrl,
      ownerDatabaseUrl: database.ownerUrl,
      adminDatabaseUrl: database.adminUrl,
      env: {
        SUPABASE_URL: apiUrl,
        SUPABASE_PUBLISHABLE_KEY: keys.publishableKey,
        SUPABASE_SECRET_KEY: keys.secretKey,
        FIELD_ENCRYPTION_KEYS: keys.fieldKeys,
        DATABASE_URL: database.serviceUrl,
        // A server that the user names may be a pooler.
        ...(!ownServer && { DATABASE_PREPARE: "true" }),
        MIGRATION_DATABASE_URL: database.ownerUrl,
        // A Redis that the user names carries the jobs instead.
        QUEUE_URL: (throwaway ? "" : process.env.QUEUE_URL) || database.serviceUrl,
      },
      mailDir,
      timings: timer.done(),
      stop() {
        stopped ??= unwind();
        return stopped;
      },
    };
  } catch (error) {
    await unwind();
    throw error;
  }
}

async function loadModules() {
  const [lite, gateway, mail, provide, realtime] = await Promise.all([
    import("./gateway/lite"),
    import("./gateway/server"),
    import("./gateway/mail"),
    import("./database"),
    import("./realtime/server"),
  ]);
  return { lite, gateway, mail, provide, realtime };
}

/** Measures steps; `done()` adds the total. */
function startTimer() {
  const startedAt = performance.now();
  const timings: Record<string, number> = {};
  const timer = async <T>(step: string, work: Promise<T>): Promise<T> => {
    const from = performance.now();
    const result = await work;
    timings[step] = Math.round(performance.now() - from);
    return result;
  };
  return Object.assign(timer, {
    done: () => ({ ...timings, total: Math.round(performance.now() - startedAt) }),
  });
}

/** With a hosted project configured, nothing of this may run: the two would be mixed up. */
export function refuseHosted(): void {
  if (!process.env.SUPABASE_URL) return;
  throw new StackError(
    "hosted_configured",
    "SUPABASE_URL is set, so this machine uses that project and the local stack does not start.",
    "Unset SUPABASE_URL (also in .env files) to work on the local stack.",
  );
}
