import { randomUUID } from "node:crypto";
import { globSync } from "node:fs";
import pg from "pg";
import { expect, test } from "vitest";
import { createTestDatabase } from "@/lib/testing/database";
import { RESERVED_SLUGS } from "./schema";

test("no workspace gets a reserved word as its slug, whatever its name", async () => {
  const db = await createTestDatabase();
  const admin = new pg.Client({ connectionString: db.adminUrl });
  await admin.connect();
  try {
    const names = [...RESERVED_SLUGS, "日本", "Acme"];
    for (const name of names)
      await admin.query("insert into auth.users (id, email, raw_user_meta_data) values ($1, $2, $3)", [
        randomUUID(),
        `${randomUUID()}@example.test`,
        { workspace_name: name },
      ]);
    const { rows } = await admin.query<{ slug: string }>("select slug from public.tenants");
    const slugs = rows.map(({ slug }) => slug);
    expect(slugs).toHaveLength(names.length);
    expect(slugs.filter((slug) => RESERVED_SLUGS.has(slug) || slug === "workspace")).toEqual([]);
    expect(slugs).toContain("acme");
  } finally {
    await admin.end();
    await db.drop();
  }
});

test("every first segment of the app's own addresses is a reserved word", () => {
  const segments = globSync("app/**/{page.tsx,route.ts}").map(
    (file) =>
      file
        .split("/")
        .slice(1, -1)
        .find((part) => !part.startsWith("("))!,
  );
  // [tenant] is what the words are kept from; _server is no address.
  const own = new Set(segments.filter((segment) => segment && !/^[[_]/.test(segment)));
  expect(own.size).toBeGreaterThan(5);
  expect([...own].filter((segment) => !RESERVED_SLUGS.has(segment))).toEqual([]);
});
