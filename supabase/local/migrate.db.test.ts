import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { migrate } from "./migrate";

let db: TestDatabase;
let dir: string;
const write = (file: string, sql: string) => writeFile(join(dir, file), sql);
const ONE = "20250101000000_one.sql";
const TWO = "20250102000000_two.sql";

beforeEach(async () => {
  db = await createTestDatabase();
  await db.owner.query("drop schema supabase_migrations cascade"); // the product's own, which this folder does not have
  dir = await mkdtemp(join(tmpdir(), "alonchat-migrations-"));
});
afterEach(async () => {
  await db.drop();
  await rm(dir, { recursive: true, force: true });
});

const history = async () =>
  (await db.owner.query("select version, name, statements from supabase_migrations.schema_migrations order by version"))
    .rows;

test("new migrations are applied in order, once, and recorded with their statements", async () => {
  await write(TWO, "insert into public.a values (2);");
  await write(ONE, "-- the table\ncreate table public.a (n int); insert into public.a values (1);");
  expect(await migrate(db.ownerUrl, dir)).toEqual(["20250101000000", "20250102000000"]);
  expect(await migrate(db.ownerUrl, dir)).toEqual([]);
  expect((await db.owner.query("select n from public.a order by n")).rows).toEqual([{ n: 1 }, { n: 2 }]);
  expect(await history()).toEqual([
    {
      version: "20250101000000",
      name: "one",
      statements: ["-- the table\ncreate table public.a (n int)", "insert into public.a values (1)"],
    },
    { version: "20250102000000", name: "two", statements: ["insert into public.a values (2)"] },
  ]);
});

test("two migrators at the same time apply each migration once", async () => {
  await write(ONE, "create table public.a (n int); select pg_sleep(0.1);");
  const applied = await Promise.all([migrate(db.ownerUrl, dir), migrate(db.ownerUrl, dir)]);
  expect(applied.flat()).toEqual(["20250101000000"]);
});

test("a migration that fails leaves nothing, names file and line, and keeps those before it", async () => {
  await write(ONE, "create table public.a (n int);");
  await write(TWO, "create table public.b (n int);\n\ninsert into public.nowhere values (1);");
  await expect(migrate(db.ownerUrl, dir)).rejects.toMatchObject({
    code: "migration_failed",
    message: expect.stringMatching(/^20250102000000_two\.sql:3: relation "public\.nowhere" does not exist/),
  });
  expect((await history()).map((row) => row.version)).toEqual(["20250101000000"]);
  await expect(db.owner.query("select from public.b")).rejects.toThrow("does not exist");
  await write(TWO, "create table public.b (n int);");
  expect(await migrate(db.ownerUrl, dir)).toEqual(["20250102000000"]);
});

test("an applied migration that was edited is refused, and nothing newer is applied", async () => {
  await write(ONE, "create table public.a (n int);");
  await migrate(db.ownerUrl, dir);
  await write(ONE, "create table public.a (n bigint);");
  await write(TWO, "create table public.b (n int);");
  await expect(migrate(db.ownerUrl, dir)).rejects.toMatchObject({
    code: "migration_changed",
    message: expect.stringContaining(ONE),
  });
  await expect(db.owner.query("select from public.b")).rejects.toThrow("does not exist");
  await write(ONE, "\n\ncreate table public.a (n int)  ;\n");
  expect(await migrate(db.ownerUrl, dir), "blank lines between statements are no edit").toEqual(["20250102000000"]);
});

test("an applied migration that was removed is refused", async () => {
  await write(ONE, "create table public.a (n int);");
  await migrate(db.ownerUrl, dir);
  await rm(join(dir, ONE));
  await expect(migrate(db.ownerUrl, dir)).rejects.toMatchObject({ code: "migration_changed" });
});

test("a new migration that is older than an applied one is refused", async () => {
  await write(TWO, "create table public.b (n int);");
  await migrate(db.ownerUrl, dir);
  await write(ONE, "create table public.a (n int);");
  await expect(migrate(db.ownerUrl, dir)).rejects.toMatchObject({ code: "migration_order" });
});

test("a file whose name is no migration's is refused before anything is applied", async () => {
  await write(ONE, "create table public.a (n int);");
  await write("fix.sql", "select 1");
  await expect(migrate(db.ownerUrl, dir)).rejects.toMatchObject({ code: "migration_order" });
  await expect(db.owner.query("select from public.a")).rejects.toThrow("does not exist");
});

test("settings of one migration do not reach the next", async () => {
  await write(ONE, "set search_path = pg_catalog;");
  await write(TWO, "create table here (n int);");
  await migrate(db.ownerUrl, dir);
  expect((await db.owner.query("select to_regclass('public.here') is not null as there")).rows).toEqual([
    { there: true },
  ]);
});
