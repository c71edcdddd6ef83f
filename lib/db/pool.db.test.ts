import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { call, createPool } from "./pool";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.owner.query(
    `create function service.answer(p_a integer, p_b integer default 0) returns integer language sql as 'select p_a + p_b'`,
  );
  await db.owner.query("grant execute on function service.answer(integer, integer) to alonchat_service");
});
afterAll(() => db.drop());

function onePool(prepares: boolean) {
  const pool = createPool(db.url, { max: 1, name: "test", prepares });
  onTestFinished(() => pool.end());
  const kept = async () => {
    const { rows } = await pool.query<{ statement: string }>(
      "select statement from pg_prepared_statements where statement like '%service.answer%' order by statement",
    );
    return rows.map(({ statement }) => statement);
  };
  return { pool, kept };
}

test("behind a transaction pooler no connection keeps a statement", async () => {
  const { pool, kept } = onePool(false);
  expect(await call(pool, "answer", { a: 1 })).toBe(1);
  expect(await kept()).toEqual([]);
});

test("a pool that prepares keeps each way to call a function once, and none for another", async () => {
  const { pool, kept } = onePool(true);
  for (const a of [1, 2, 3]) expect(await call(pool, "answer", { a })).toBe(a);
  expect(await call(pool, "answer", { a: 1, b: 2 })).toBe(3);
  expect(await call(pool, "answer", { b: 5, a: 2 })).toBe(7);
  expect(await kept()).toHaveLength(3);
});

test("two bundles of one process, each with this module of its own, call over the same connections", async () => {
  const { pool, kept } = onePool(true);
  vi.resetModules();
  const other = await import("./pool");
  expect(other.call).not.toBe(call);
  expect(await call(pool, "answer", { a: 1 })).toBe(1);
  expect(await other.call(pool, "answer", { a: 1, b: 2 })).toBe(3);
  expect(await call(pool, "answer", { a: 1, b: 3 })).toBe(4);
  expect(await other.call(pool, "answer", { a: 5 })).toBe(5);
  expect(await kept()).toHaveLength(2);
});

test("a function that is replaced or made anew under a prepared call is the new one from then on", async () => {
  const { pool } = onePool(true);
  await db.owner.query("create function service.changing() returns json language sql as $$ select '1'::json $$");
  await db.owner.query("grant execute on function service.changing() to alonchat_service");
  expect(await call(pool, "changing", {})).toBe(1);
  await db.owner.query(
    "create or replace function service.changing() returns json language sql as $$ select '2'::json $$",
  );
  expect(await call(pool, "changing", {})).toBe(2);
  await db.owner.query("drop function service.changing()");
  await expect(call(pool, "changing", {})).rejects.toThrow("does not exist");
  await db.owner.query("create function service.changing() returns json language sql as $$ select '3'::json $$");
  await db.owner.query("grant execute on function service.changing() to alonchat_service");
  expect(await call(pool, "changing", {})).toBe(3);
});
