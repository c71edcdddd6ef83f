import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { getAuthSchemaSql, getStorageSchemaSql } from "@supabase/lite";
import pg from "pg";
import type { Database } from "./boot";
import { migrate } from "./migrate";
import { provideQueues, SERVICE_ROLE } from "./roles";
import type { Keys } from "./state";

/** Gives a database what hosted Supabase provides. Skipped when nothing changed since the last time. */
export async function providePlatform({ adminUrl, isOurs }: Database, keys: Keys): Promise<void> {
  const parts = await Promise.all(["prelude.sql", "grants.sql", "realtime/realtime.sql"].map(read));
  const [prelude, grants, realtime] = parts as [string, string, string];
  const sql = [prelude, getAuthSchemaSql(false), getStorageSchemaSql(false), grants, realtime].join("\n");
  const fingerprint = createHash("sha256").update(sql).digest("hex");
  await withClient(adminUrl, async (client) => {
    const { rows } = await client.query<{ is: string | null }>(
      "select obj_description(to_regnamespace('realtime'), 'pg_namespace') as is",
    );
    if (rows[0]?.is !== fingerprint)
      await client.query(
        `begin; set local client_min_messages = error; ${sql}; comment on schema realtime is '${fingerprint}'; commit`,
      );
    if (isOurs) await setPassword(client, "postgres", keys.ownerPassword);
  });
}

/** Applies the migrations and lets the service role log in. */
export async function provideProduct({ adminUrl, ownerUrl }: Database, keys: Keys, migrations: string): Promise<void> {
  await migrate(ownerUrl, migrations);
  await withClient(adminUrl, async (client) => {
    const { rowCount } = await client.query("select from pg_roles where rolname = $1", [SERVICE_ROLE]);
    if (!rowCount) return;
    await setPassword(client, SERVICE_ROLE, keys.servicePassword);
    await client.query(provideQueues(client.database ?? ""));
  });
}

/** Copies the whole database under another name. Nobody may be connected to it meanwhile. */
export async function makeTemplate({ adminUrl }: Database, template: string): Promise<void> {
  const source = new URL(adminUrl).pathname.slice(1);
  const maintenanceUrl = Object.assign(new URL(adminUrl), { pathname: "/template1" }).href;
  await withClient(maintenanceUrl, (client) =>
    client.query(`create database ${quote(template)} template ${quote(source)} owner postgres`),
  );
}

const quote = pg.escapeIdentifier;

const read = (file: string) => readFile(join(import.meta.dirname, file), "utf8");

const setPassword = (client: pg.Client, role: string, password: string) =>
  client.query(`set scram_iterations = 64; alter role ${role} login password '${password}'`);

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: "stack" });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
