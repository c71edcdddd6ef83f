import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { testStack } from "@/lib/testing/stack";
import { repoRoot } from "./paths";

const HOSTED = {
  SUPABASE_URL: "https://example.supabase.co",
  SUPABASE_PUBLISHABLE_KEY: "sb_publishable_example_key",
  DATABASE_URL: "postgresql://alonchat_service:x@db.example.supabase.co:5432/postgres",
  QUEUE_URL: "redis://queue.example:6379",
};

/** Where commands run here: a `.env` of the developer's is not looked at, one of a test's is. */
const folder = mkdtempSync(join(tmpdir(), "alonchat-cli-"));
afterEach(() => rmSync(join(folder, ".env"), { force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

function cli(args: string[], env: Record<string, string> = {}) {
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !(name in HOSTED) && name !== "MIGRATION_DATABASE_URL"),
  );
  const options = ["--tsconfig", join(repoRoot, "tsconfig.json"), join(import.meta.dirname, "cli.ts")];
  const { stdout, stderr, status } = spawnSync("tsx", [...options, ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...clean, NODE_ENV: "test", ...env },
  });
  return { output: `${stdout}${stderr}`, status };
}

test("doctor gives every check a line, and names the port that is taken with its way out", async () => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  const { output, status } = cli(["doctor"], { PORT: String(port) });
  server.close();
  expect(output).toMatch(/✓ Node 22\.12 or later/);
  expect(output).toMatch(/✓ Postgres 17 with pgvector/);
  expect(output).toContain(`✗ Port ${port} for the web app`);
  expect(output).toContain("set PORT to another port");
  expect(status).toBe(1);
});

test("doctor finds a hosted project that is half configured", () => {
  const { QUEUE_URL: _left, ...half } = HOSTED;
  const { output, status } = cli(["doctor"], half);
  expect(output).toMatch(/✗ Environment[\s\S]*QUEUE_URL: is not set/);
  expect(output).not.toContain("Port");
  expect(status).toBe(1);
});

test("doctor asks the project and the database that are configured, and says which does not answer or refuses", async () => {
  const { apiUrl, publishableKey, databaseUrl } = testStack();
  const right = {
    SUPABASE_URL: apiUrl,
    SUPABASE_PUBLISHABLE_KEY: publishableKey,
    DATABASE_URL: databaseUrl,
    QUEUE_URL: databaseUrl,
  };
  expect(cli(["doctor"], right).output).toMatch(/✓ Supabase[\s\S]*✓ Database {2}alonchat_service at/);
  const password = Object.assign(new URL(databaseUrl), { password: "secret" }).href;
  const wrong = cli(["doctor"], { ...right, SUPABASE_PUBLISHABLE_KEY: `${publishableKey}x`, DATABASE_URL: password });
  expect(wrong.output).toMatch(/✗ Supabase .*refuses the key[\s\S]*✗ Database .*password authentication failed/);
  expect(wrong.output).not.toContain("secret");
  const away = cli(["doctor"], {
    ...right,
    SUPABASE_URL: "http://127.0.0.1:1",
    DATABASE_URL: "postgresql://x@127.0.0.1:1/x",
  });
  expect(away.output).toMatch(/✗ Supabase .*does not answer[\s\S]*✗ Database .*ECONNREFUSED/);
  expect(away.status).toBe(1);
});

test("doctor reads .env as the other commands do, and checks what is in it", () => {
  writeFileSync(join(folder, ".env"), "SUPABASE_URL=https://example.supabase.co\n");
  expect(cli(["doctor"]).output).toMatch(/✗ Environment[\s\S]*SUPABASE_PUBLISHABLE_KEY: is not set/);
  writeFileSync(join(folder, ".env"), "CHAT_MODEL=gpt-5\nLOCAL_API_PORT=many\n");
  const { output, status } = cli(["doctor"]);
  expect(output).toMatch(/✗ Environment[\s\S]*CHAT_MODEL: write provider\/model/);
  expect(output).toContain("✗ Port for the Supabase API  LOCAL_API_PORT=many is not a port number.");
  expect(status).toBe(1);
});

test("migrate says what is wrong with an address, and when nobody answers there", () => {
  expect(cli(["migrate"]).output).toContain("MIGRATION_DATABASE_URL is not set");
  for (const [url, words] of [
    ["db.example.supabase.co", "not the address of a Postgres"],
    ["postgresql://postgres:secret@127.0.0.1:1/postgres", "The database at 127.0.0.1:1 cannot be used"],
  ] as const) {
    const { output, status } = cli(["migrate"], { MIGRATION_DATABASE_URL: url });
    expect(output).toContain(words);
    expect(output).not.toContain("    at ");
    expect(output).not.toContain("secret");
    expect(status).toBe(1);
  }
});

test("up refuses to run beside a hosted project, in words and with a status", () => {
  const { output, status } = cli(["up"], HOSTED);
  expect(output).toContain("SUPABASE_URL is set");
  expect(output).toContain("→ Unset SUPABASE_URL");
  expect(output).not.toContain("    at ");
  expect(status).toBe(1);
});

test("an unknown command shows what there is", () => {
  const { output, status } = cli(["fly"]);
  expect(output).toContain("Usage:");
  expect(status).toBe(2);
});
