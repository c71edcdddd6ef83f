import { expect, test } from "vitest";
import { createTestDatabase } from "./database";

test("a test database is migrated, empty, of its own, and open to the service role", async () => {
  const [a, b] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  try {
    const tables = "select count(*)::int as n from pg_tables where schemaname = 'public'";
    const { rows } = await a.owner.query(tables);
    expect(rows[0].n).toBeGreaterThan(0);
    await a.owner.query("create table public.only_in_a ()");
    await expect(b.owner.query("select from public.only_in_a")).rejects.toThrow("does not exist");
    const { rows: who } = await a.service.query("select current_user as role");
    expect(who).toEqual([{ role: "alonchat_service" }]);
    await expect(a.service.query("create table public.mine ()")).rejects.toThrow("permission denied");
  } finally {
    await Promise.all([a.drop(), b.drop()]);
  }
});
