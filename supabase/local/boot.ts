import { existsSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { StackError } from "./errors";
import { ensurePostgres, type Progress } from "./install";
import { PGVECTOR_BY_HAND } from "./install/pgvector";
import { defaultHome, reachableHome } from "./paths";
import { checkPort, freePort } from "./ports";
import { ensureCluster, SUPERUSER, startCluster } from "./postgres";
import { DATABASE, SERVICE_ROLE } from "./roles";
import type { Keys } from "./state";

/** A Postgres that is up, and the ways into it. */
export type Database = {
  port: number;
  /** superuser: the gateway and Realtime, which take the role of whoever asks */
  adminUrl: string;
  /** postgres, who is no superuser here either: migrations */
  ownerUrl: string;
  /** alonchat_service: the product */
  serviceUrl: string;
  /** false when the server is the user's own and no password but the service role's may be changed */
  isOurs: boolean;
  stop(): Promise<void>;
};

export type BootOptions = { home: string; keys: Keys; port: number; throwaway: boolean; log: Progress };

/** Starts the cluster of a home folder, making binaries and cluster first where they are missing. @throws StackError */
export async function bootCluster({ home, keys, port: wanted, throwaway, log }: BootOptions): Promise<Database> {
  const { binDir } = await ensurePostgres(throwaway ? defaultHome : home, log);
  const dataDir = join(reachableHome(home), "data");
  if (!existsSync(join(dataDir, "PG_VERSION"))) log("Creating the database");
  const options = { binDir, dataDir, superuserPassword: keys.superuserPassword, throwaway };
  const onCrash = (text: string) => console.warn(`Postgres ended unexpectedly:\n${text.trim()}`);
  await ensureCluster({ ...options, port: wanted });
  for (let attempt = 1; ; attempt++) {
    const port = wanted ? await checkPort(wanted, "database") : await freePort();
    const url = (role: string, password: string) => `postgresql://${role}:${password}@127.0.0.1:${port}/${DATABASE}`;
    try {
      const cluster = await startCluster({ ...options, port, onCrash });
      return {
        port,
        adminUrl: url(SUPERUSER, keys.superuserPassword),
        ownerUrl: url("postgres", keys.ownerPassword),
        serviceUrl: url(SERVICE_ROLE, keys.servicePassword),
        isOurs: true,
        stop: () => cluster.stop(),
      };
    } catch (error) {
      // Between finding a free port and using it another process may have taken it.
      if (wanted || attempt === 3 || !(error instanceof StackError) || error.code !== "port_taken") throw error;
    }
  }
}

/**
 * Uses a Postgres that somebody else runs: DATABASE_URL without SUPABASE_URL.
 * @throws StackError when it cannot be reached, is too old, has no pgvector, or the URL is not a superuser's
 */
export async function adoptServer(databaseUrl: string, keys: Keys): Promise<Database> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
  } catch (cause) {
    const message = `DATABASE_URL cannot be reached: ${(cause as Error).message}`;
    throw new StackError(
      "postgres_failed",
      message,
      "Start that Postgres, or unset DATABASE_URL to use the packaged one.",
      { cause },
    );
  }
  try {
    const { rows } = await client.query<{ version: number; super: boolean; vector: boolean }>(
      `select current_setting('server_version_num')::int / 10000 as version,
              (select rolsuper from pg_roles where rolname = current_user) as super,
              exists (select from pg_available_extensions where name = 'vector') as vector`,
    );
    const [found] = rows;
    if (!found || found.version < 15)
      throw new StackError(
        "wrong_major",
        `DATABASE_URL is a Postgres ${found?.version}.`,
        "Use Postgres 15 or later; 17 is what hosted Supabase runs.",
      );
    if (!found.vector)
      throw new StackError("no_pgvector", "The Postgres of DATABASE_URL has no pgvector.", PGVECTOR_BY_HAND);
    if (!found.super)
      throw new StackError(
        "postgres_failed",
        "The role of DATABASE_URL is no superuser.",
        "The local API needs one to take its users' roles. For a hosted project set SUPABASE_URL as well.",
      );
  } finally {
    await client.end();
  }
  const service = Object.assign(new URL(databaseUrl), { username: SERVICE_ROLE, password: keys.servicePassword });
  return {
    port: Number(service.port || 5_432),
    adminUrl: databaseUrl,
    ownerUrl: databaseUrl,
    serviceUrl: service.href,
    isOurs: false,
    async stop() {},
  };
}
