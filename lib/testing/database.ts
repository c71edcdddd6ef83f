import { randomBytes } from "node:crypto";
import pg from "pg";
import { createPool } from "@/supabase/local/pool";
import { provideQueues } from "@/supabase/local/roles";
import { TEMPLATE_DATABASE, testStack } from "./stack";

export type TestDatabase = {
  /** as alonchat_service, as the product connects */
  url: string;
  /** as postgres, who owns the tables */
  ownerUrl: string;
  /** as the superuser, for what neither may do */
  adminUrl: string;
  owner: pg.Pool;
  service: pg.Pool;
  drop(): Promise<void>;
};

/** A database of one's own, migrated and empty, in some 60 ms. The API of `testStack()` does not see it: it is for SQL. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const stack = testStack();
  const name = `test_${randomBytes(8).toString("hex")}`;
  const at = (url: string, database = name) => Object.assign(new URL(url), { pathname: `/${database}` }).href;
  const admin = async (sql: string, database?: string) => {
    const client = new pg.Client({ connectionString: at(stack.adminDatabaseUrl, database) });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  // Rights on a database are not part of a template.
  await admin(
    `create database "${name}" template "${TEMPLATE_DATABASE}" owner postgres strategy file_copy`,
    "template1",
  );
  await admin(provideQueues(name));
  const url = at(stack.databaseUrl);
  const ownerUrl = at(stack.ownerDatabaseUrl);
  const owner = createPool(ownerUrl, { max: 5 });
  const service = createPool(url, { max: 8 });
  return {
    url,
    ownerUrl,
    adminUrl: at(stack.adminDatabaseUrl),
    owner,
    service,
    async drop() {
      await Promise.all([owner.end(), service.end()]);
      await admin(`drop database if exists "${name}" with (force)`, "template1");
    },
  };
}
