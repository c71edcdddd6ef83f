import { spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repoRoot } from "./paths";

const HOSTED = {
  SUPABASE_URL: "https://example.supabase.co",
  SUPABASE_PUBLISHABLE_KEY: "sb_publishable_example_key",
  DATABASE_URL: "postgresql://alonchat_service:x@db.example.supabase.co:5432/postgres",
  QUEUE_URL: "redis://queue.example:6379",
};

function cli(args: string[], env: Record<string, string> = {}) {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !(name in HOSTED)));
  const { stdout, stderr, status } = spawnSync("tsx", [join(import.meta.dirname, "cli.ts"), ...args], {
    cwd: repoRoot,
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
  expect(output).toContain(`✗ Port ${port} for web`);
  expect(output).toContain("set PORT to another port");
  expect(status).toBe(1);
});

test("doctor finds a hosted project that is half configured, and one that is whole", () => {
  const { QUEUE_URL: _left, ...half } = HOSTED;
  const broken = cli(["doctor"], half);
  expect(broken.output).toMatch(/✗ Environment[\s\S]*Also set QUEUE_URL/);
  expect(broken.status).toBe(1);
  const whole = cli(["doctor"], HOSTED);
  expect(whole.output).toMatch(/✓ Environment/);
  expect(whole.output).not.toContain("Port");
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
