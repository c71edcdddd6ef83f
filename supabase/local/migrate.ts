import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { StackError } from "./errors";
import { splitSql } from "./split-sql";

const FILE = /^(\d{14})_([a-z0-9_-]+)\.sql$/i;
/** One migrator at a time, also when two processes start together. */
const LOCK = 0x616c6f6e;

type Migration = { version: string; name: string; file: string; sql: string; statements: string[] };
type Applied = { version: string; name: string | null; statements: string[] | null };

/**
 * Applies the migrations of a folder that a database does not have yet, oldest first, each in one transaction with its
 * record in supabase_migrations.schema_migrations: the same table that `supabase db push` keeps on hosted Supabase.
 * @param ownerUrl Postgres URL of the role that shall own the objects (hosted: postgres)
 * @param dir folder of `<yyyymmddhhmmss>_<name>.sql` files
 * @returns the versions applied now
 * @throws StackError "migration_changed" when an applied file was edited or removed, "migration_order" when a new file is
 * older than an applied one, "migration_failed" with file, line and the database's words, "database_unreachable"
 */
export async function migrate(ownerUrl: string, dir: string): Promise<string[]> {
  const migrations = await readMigrations(dir);
  const client = new pg.Client({ connectionString: ownerUrl, application_name: "migrate" });
  await connect(client);
  try {
    await client.query("select pg_advisory_lock($1)", [LOCK]);
    const applied = await readApplied(client);
    check(migrations, applied);
    const pending = migrations.filter((m) => !applied.some((a) => a.version === m.version));
    for (const migration of pending) await apply(client, migration);
    return pending.map((m) => m.version);
  } finally {
    await client.end();
  }
}

async function connect(client: pg.Client): Promise<void> {
  try {
    await client.connect();
  } catch (cause) {
    throw new StackError(
      "database_unreachable",
      `The database at ${client.host}:${client.port} cannot be used: ${(cause as Error).message}`,
      "Check host, port, user and password of its address. A hosted project's direct connection needs IPv6; its session pooler does not.",
      { cause },
    );
  }
}

async function readMigrations(dir: string): Promise<Migration[]> {
  const files = (await readdir(dir)).filter((file) => file.endsWith(".sql")).sort();
  return Promise.all(
    files.map(async (file) => {
      const [, version, name] = FILE.exec(file) ?? [];
      if (!version || !name)
        throw new StackError(
          "migration_order",
          `${file} is not named like a migration.`,
          "Name it <yyyymmddhhmmss>_<what>.sql.",
        );
      const sql = await readFile(join(dir, file), "utf8");
      return { version, name, file, sql, statements: splitSql(sql) };
    }),
  );
}

async function readApplied(client: pg.Client): Promise<Applied[]> {
  await client.query(`
    set client_min_messages = warning;
    create schema if not exists supabase_migrations;
    create table if not exists supabase_migrations.schema_migrations (version text not null primary key);
    alter table supabase_migrations.schema_migrations add column if not exists statements text[];
    alter table supabase_migrations.schema_migrations add column if not exists name text;`);
  const result = await client.query<Applied>(
    "select version, name, statements from supabase_migrations.schema_migrations order by version",
  );
  return result.rows;
}

function check(migrations: Migration[], applied: Applied[]): void {
  for (const { version, name, statements } of applied) {
    const local = migrations.find((m) => m.version === version);
    if (!local || (statements && !isEqual(local.statements, statements)))
      throw new StackError(
        "migration_changed",
        `Migration ${version}_${name ?? ""}.sql was applied to this database and is ${local ? "different" : "not there"} now.`,
        "Applied migrations stay as they are: undo the edit and write a new migration. On one machine `npm run db:reset` starts afresh.",
      );
  }
  const last = applied.at(-1)?.version ?? "";
  const late = migrations.find((m) => m.version < last && !applied.some((a) => a.version === m.version));
  if (late)
    throw new StackError(
      "migration_order",
      `Migration ${late.file} is older than ${last}, which this database already has.`,
      "Give it a newer timestamp. On one machine `npm run db:reset` starts afresh.",
    );
}

const isEqual = (a: string[], b: string[]) => a.length === b.length && a.every((text, i) => text === b[i]);

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  try {
    await client.query("reset all; begin");
    await client.query(migration.sql);
    await client.query(
      "insert into supabase_migrations.schema_migrations (version, name, statements) values ($1, $2, $3)",
      [migration.version, migration.name, migration.statements],
    );
    await client.query("commit");
  } catch (cause) {
    await client.query("rollback");
    const { message, position, hint, detail } = cause as {
      message: string;
      position?: string;
      hint?: string;
      detail?: string;
    };
    const line = position ? `:${migration.sql.slice(0, Number(position)).split("\n").length}` : "";
    throw new StackError(
      "migration_failed",
      `${migration.file}${line}: ${[message, detail, hint].filter(Boolean).join(" ")}`,
      "Nothing of this migration was kept. Correct it and start again.",
      { cause },
    );
  }
}
