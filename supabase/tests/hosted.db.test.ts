import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase } from "@/lib/testing/database";
import { ensurePostgres } from "@/supabase/local/install";
import { migrate } from "@/supabase/local/migrate";
import { defaultHome, makeTempHome, migrationsDir, reachableHome, removeHome, repoRoot } from "@/supabase/local/paths";
import { createPool } from "@/supabase/local/pool";
import { freePort } from "@/supabase/local/ports";
import { type Cluster, ensureCluster, SUPERUSER, startCluster } from "@/supabase/local/postgres";
import { provideQueues, SERVICE_ROLE } from "@/supabase/local/roles";

/** Projects differ in age: older ones give API roles everything that migrations make in public, newer ones nothing. */
const PROJECTS = {
  "that opens new tables to the API by itself": `
    alter default privileges for role postgres in schema public grant all on tables to anon, authenticated, service_role;
    alter default privileges for role postgres in schema public grant all on sequences to anon, authenticated, service_role;
    alter default privileges for role postgres in schema public grant all on functions to anon, authenticated, service_role;`,
  "that opens nothing by itself": "",
};

type Project = { cluster: Cluster; home: string; owner: pg.Pool; admin: pg.Pool; adminUrl: string; ownerUrl: string };

async function createProject(settings: string): Promise<Project> {
  const home = makeTempHome();
  const { binDir } = await ensurePostgres(defaultHome);
  const password = "superuser";
  const options = { binDir, dataDir: join(reachableHome(home), "data"), superuserPassword: password, throwaway: true };
  await ensureCluster({ ...options, port: 0 });
  const cluster = await startCluster({ ...options, port: await freePort() });
  const url = (role: string, secret: string) => `postgresql://${role}:${secret}@127.0.0.1:${cluster.port}/postgres`;
  const adminUrl = url(SUPERUSER, password);
  const admin = createPool(adminUrl, { max: 2 });
  await admin.query(await readFile(join(import.meta.dirname, "hosted-prelude.sql"), "utf8"));
  await admin.query(settings);
  const ownerUrl = url("postgres", "postgres");
  return { cluster, home, admin, adminUrl, ownerUrl, owner: createPool(ownerUrl, { max: 2 }) };
}

/** Who may do what with everything that migrations made, as text. */
const RIGHTS = `
  select 'table ' || c.oid::regclass::text as what, coalesce(c.relacl::text, '-') as rights, c.relrowsecurity || '/' || c.relforcerowsecurity as rls
  from pg_class c where c.relnamespace::regnamespace::text in ('public', 'private', 'service') and c.relkind in ('r', 'p', 'v', 'S')
  union all select 'column ' || a.attrelid::regclass || '.' || a.attname, a.attacl::text, '' from pg_attribute a
  where a.attacl is not null and a.attrelid::regclass::text !~ '^pg_|^information_schema'
  union all select 'function ' || p.oid::regprocedure::text, coalesce(p.proacl::text, '-'), p.prosecdef::text from pg_proc p
  where p.pronamespace::regnamespace::text in ('public', 'private', 'service') and p.proname <> 'refuse'
  union all select 'schema ' || nspname, coalesce(nspacl::text, '-'), '' from pg_namespace where nspname in ('private', 'service')
  union all select 'policy ' || schemaname || '.' || tablename || '.' || policyname, roles::text || cmd, coalesce(qual, '') || coalesce(with_check, '') from pg_policies
  order by 1`;

const rights: Record<string, unknown[]> = {};

describe.each(Object.entries(PROJECTS))("on a hosted project %s", (name, settings) => {
  let project: Project;
  beforeAll(async () => {
    project = await createProject(settings);
    await migrate(project.ownerUrl, migrationsDir);
    rights[name] = (await project.admin.query(RIGHTS)).rows;
  });
  afterAll(async () => {
    await Promise.all([project.owner.end(), project.admin.end()]);
    await project.cluster.stop();
    removeHome(project.home);
  });

  test("the migrations are recorded as the Supabase CLI records them, and a second run changes nothing", async () => {
    const { rows } = await project.owner.query(
      "select version, name, statements from supabase_migrations.schema_migrations order by 1",
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { version, name: what, statements } of rows) {
      expect(version).toMatch(/^\d{14}$/);
      expect(what).toMatch(/^[a-z0-9_]+$/);
      expect(statements.length).toBeGreaterThan(0);
    }
    expect(await migrate(project.ownerUrl, migrationsDir)).toEqual([]);
  });

  test("the Supabase CLI, which pushes to hosted projects, finds nothing left to push", () => {
    const args = ["db", "push", "--dry-run", "--db-url", `${project.ownerUrl}?sslmode=disable`, "--workdir", repoRoot];
    const env = { ...process.env, HOME: project.home, DO_NOT_TRACK: "1" };
    const { stdout, stderr, status } = spawnSync("supabase", args, { encoding: "utf8", env, input: "" });
    expect(`${stdout}${stderr}`).toContain("Remote database is up to date");
    expect(status).toBe(0);
  });

  test("everything belongs to postgres, extensions live in their schema", async () => {
    const foreign = await project.admin.query(
      `select c.oid::regclass::text from pg_class c
       where c.relnamespace::regnamespace::text in ('public', 'private', 'service') and c.relowner <> 'postgres'::regrole`,
    );
    expect(foreign.rows).toEqual([]);
    const { rows } = await project.admin.query(
      "select extnamespace::regnamespace::text as schema from pg_extension where extname = 'vector'",
    );
    expect(rows).toEqual([{ schema: "extensions" }]);
  });

  test("the service role can log in, is nobody special, and holds no password of ours", async () => {
    const { rows } = await project.admin.query(
      "select rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolpassword from pg_authid where rolname = $1",
      [SERVICE_ROLE],
    );
    expect(rows).toEqual([
      {
        rolcanlogin: true,
        rolsuper: false,
        rolbypassrls: false,
        rolcreaterole: false,
        rolcreatedb: false,
        rolpassword: null,
      },
    ]);
  });

  test("the deploy guide's statements let it log in and keep its queues", async () => {
    await project.owner.query(
      `alter role ${SERVICE_ROLE} with password 'chosen by the operator'; grant ${SERVICE_ROLE} to postgres`,
    );
    await project.owner.query(provideQueues("postgres"));
    const service = new pg.Client({
      connectionString: `postgresql://${SERVICE_ROLE}:${encodeURIComponent("chosen by the operator")}@127.0.0.1:${project.cluster.port}/postgres`,
    });
    await service.connect();
    const { runMigrations } = await import("bullmq");
    await runMigrations(service as never);
    const { rows } = await service.query(
      "select count(*)::int as tables from pg_tables where schemaname = 'bullmq' and tableowner = current_user",
    );
    await service.end();
    expect(rows[0].tables).toBeGreaterThan(0);
  });

  test("a sign-up through Auth, whose role has no right in public, makes a workspace that its owner alone sees", async () => {
    const client = new pg.Client(project.adminUrl);
    await client.connect();
    try {
      const people = { a: randomUUID(), b: randomUUID() };
      for (const [name, id] of Object.entries(people)) {
        await client.query("begin; set local role supabase_auth_admin; set local search_path = auth");
        const insert =
          "insert into users (id, aud, role, email, raw_user_meta_data) values ($1, 'authenticated', 'authenticated', $2, '{}')";
        await client.query(insert, [id, `${name}@example.test`]);
        await client.query("commit");
      }
      for (const [name, id] of Object.entries(people)) {
        await client.query("begin");
        await client.query("select set_config('request.jwt.claims', $1, true)", [
          JSON.stringify({ sub: id, role: "authenticated" }),
        ]);
        await client.query("set local role authenticated");
        const { rows } = await client.query("select name from public.tenants");
        await client.query("rollback");
        expect(rows).toEqual([{ name }]);
      }
    } finally {
      await client.end();
    }
  });

  test("a visitor's key may touch no table", async () => {
    const { rows } = await project.admin.query(
      `select c.oid::regclass::text as "table" from pg_class c
       where c.relnamespace::regnamespace::text in ('public', 'private', 'service') and c.relkind in ('r', 'p', 'v')
         and (has_table_privilege('anon', c.oid, 'select, insert, update, delete, truncate') or has_any_column_privilege('anon', c.oid, 'select, insert, update'))`,
    );
    expect(rows).toEqual([]);
  });

  test("messages that functions send are stored for their private topic", async () => {
    await project.owner.query("select realtime.send('{\"n\": 1}', 'progress', 'tenant:x:crawl', true)");
    const { rows } = await project.owner.query("select topic, event, private, extension from realtime.messages");
    expect(rows).toEqual([{ topic: "tenant:x:crawl", event: "progress", private: true, extension: "broadcast" }]);
  });

  test("what the platform owns stays closed to migrations: the stand-in refuses as hosted does", async () => {
    for (const statement of [
      "alter table auth.users add column ours text",
      "alter table storage.objects disable row level security",
      "create table auth.ours ()",
      "create or replace function auth.uid() returns uuid language sql as 'select null::uuid'",
      "create table realtime.ours ()",
    ])
      await expect(project.owner.query(statement), statement).rejects.toThrow(/must be owner|permission denied/);
  });
});

test("both kinds of project end up with the same rights, and so does the local stack", async () => {
  const [old, recent] = Object.keys(PROJECTS).map((name) => rights[name]);
  expect(old?.length).toBeGreaterThan(20);
  expect(recent).toEqual(old);
  const local = await createTestDatabase();
  try {
    expect((await local.owner.query(RIGHTS)).rows).toEqual(old);
  } finally {
    await local.drop();
  }
});
