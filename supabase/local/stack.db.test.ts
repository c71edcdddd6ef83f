import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fixtureMigrations } from "./fixtures/stack";
import { ensurePostgres, findPostgres } from "./install";
import { addPgvector } from "./install/pgvector";
import { findSystemPostgres } from "./install/postgres";
import { makeTempHome, postgresUser, reachableHome, removeHome, repoRoot } from "./paths";
import { freePort } from "./ports";
import { type Stack, type StackOptions, startStack } from "./stack";
import { ensureKeys, readRunning } from "./state";

let home: string;
const running: Stack[] = [];
beforeEach(() => {
  home = makeTempHome();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const stack of running.splice(0)) await stack.stop();
  removeHome(home);
});

const start = async (options: StackOptions = {}): Promise<Stack> => {
  const stack = await startStack({
    dataDir: home,
    apiPort: 0,
    dbPort: 0,
    throwaway: true,
    migrations: fixtureMigrations,
    ...options,
  });
  running.push(stack);
  return stack;
};
const query = async (url: string, sql: string) => {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
};
const occupy = async () => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  return { port, free: () => new Promise((done) => server.close(done)) };
};

describe("data and keys", () => {
  test("stay between runs, and so do the secrets, which nobody else may read", async () => {
    const first = await start();
    await query(first.ownerDatabaseUrl, "create table public.kept as select 1 as n");
    await first.stop();
    const second = await start();
    expect(await query(second.ownerDatabaseUrl, "select n from public.kept")).toEqual([{ n: 1 }]);
    expect([second.secretKey, second.publishableKey, second.jwtSecret]).toEqual([
      first.secretKey,
      first.publishableKey,
      first.jwtSecret,
    ]);
    expect(statSync(join(home, "stack.json")).mode & 0o777).toBe(0o600);
  });

  test("of a stack that was made before fields were encrypted are completed, and then stay", async () => {
    const { fieldKeys: _none, ...earlier } = await ensureKeys(home);
    writeFileSync(join(home, "stack.json"), JSON.stringify(earlier));
    const completed = await ensureKeys(home);
    expect(completed).toMatchObject(earlier);
    expect(await ensureKeys(home)).toEqual(completed);
  });

  test("differ between homes", async () => {
    const other = makeTempHome();
    const [a, b] = await Promise.all([start(), start({ dataDir: other })]);
    expect(a.secretKey).not.toBe(b.secretKey);
    await b.stop();
    removeHome(other);
  });

  test("Postgres asks for a password, on the loopback interface alone", async () => {
    const { ownerDatabaseUrl } = await start();
    const wrong = Object.assign(new URL(ownerDatabaseUrl), { password: "wrong" });
    await expect(query(wrong.href, "select 1")).rejects.toThrow("password authentication failed");
    expect(await query(ownerDatabaseUrl, "show listen_addresses")).toEqual([{ listen_addresses: "127.0.0.1" }]);
  });
});

test("the environment has everything that web and worker need, and each URL is the role that it should be", async () => {
  const { env, adminDatabaseUrl } = await start();
  expect(Object.keys(env).sort()).toEqual([
    "DATABASE_PREPARE",
    "DATABASE_URL",
    "FIELD_ENCRYPTION_KEYS",
    "MIGRATION_DATABASE_URL",
    "QUEUE_URL",
    "SUPABASE_PUBLISHABLE_KEY",
    "SUPABASE_SECRET_KEY",
    "SUPABASE_URL",
  ]);
  const who =
    "select current_user as role, rolsuper as super, rolbypassrls as bypass from pg_roles where rolname = current_user";
  expect(await query(env.DATABASE_URL ?? "", who)).toEqual([{ role: "alonchat_service", super: false, bypass: false }]);
  expect(await query(env.MIGRATION_DATABASE_URL ?? "", who)).toEqual([
    { role: "postgres", super: false, bypass: true },
  ]);
  expect(await query(adminDatabaseUrl, who)).toMatchObject([{ super: true }]);
  expect((await fetch(`${env.SUPABASE_URL}/health`)).status).toBe(200);
});

describe("refuses, says what to do, and leaves nothing running", () => {
  const nothingRuns = async () => {
    expect(await readRunning(home)).toBeUndefined();
    const pidFile = join(reachableHome(home), "data/postmaster.pid");
    expect(existsSync(pidFile)).toBe(false);
  };

  test("when the API's port is taken", async () => {
    const { port, free } = await occupy();
    await expect(start({ apiPort: port })).rejects.toMatchObject({
      code: "port_taken",
      message: expect.stringContaining(String(port)),
      fix: expect.stringContaining("LOCAL_API_PORT="),
    });
    await nothingRuns();
    await free();
  });

  test("when Postgres' port is taken", async () => {
    const { port, free } = await occupy();
    await expect(start({ dbPort: port })).rejects.toMatchObject({
      code: "port_taken",
      fix: expect.stringContaining("LOCAL_DB_PORT="),
    });
    await nothingRuns();
    await free();
    await start({ dbPort: port });
  });

  test("when a port is no number", async () => {
    vi.stubEnv("LOCAL_API_PORT", "many");
    await expect(startStack({ dataDir: home, throwaway: true })).rejects.toMatchObject({ code: "port_invalid" });
  });

  test("when its keys are broken", async () => {
    for (const text of ["{", '{"secretKey": 1}']) {
      writeFileSync(join(home, "stack.json"), text);
      await expect(start()).rejects.toMatchObject({ code: "keys_broken", fix: expect.stringContaining("db:reset") });
    }
    await nothingRuns();
  });

  test("when it runs already", async () => {
    const first = await start();
    await expect(start()).rejects.toMatchObject({
      code: "already_running",
      message: expect.stringContaining(first.apiUrl),
    });
    expect((await fetch(`${first.apiUrl}/health`)).ok).toBe(true);
  });

  test("when a hosted project is configured", async () => {
    vi.stubEnv("SUPABASE_URL", "https://example.supabase.co");
    await expect(startStack({ dataDir: home, apiPort: 0, dbPort: 0 })).rejects.toMatchObject({
      code: "hosted_configured",
    });
    expect(existsSync(join(home, "stack.json"))).toBe(false);
  });

  test("when the data are another Postgres' and leaves them alone", async () => {
    const data = join(reachableHome(home), "data");
    mkdirSync(data);
    writeFileSync(join(data, "PG_VERSION"), "16\n");
    await expect(start()).rejects.toMatchObject({
      code: "wrong_major",
      message: expect.stringContaining("Postgres 16"),
    });
    expect(readFileSync(join(data, "PG_VERSION"), "utf8")).toBe("16\n");
  });

  test("when a migration fails", async () => {
    const migrations = mkdtempSync(join(tmpdir(), "alonchat-broken-"));
    writeFileSync(join(migrations, "20250101000000_broken.sql"), "select nonsense;");
    await expect(start({ migrations })).rejects.toMatchObject({ code: "migration_failed" });
    await nothingRuns();
    rmSync(migrations, { recursive: true });
    await start();
  });

  test.skipIf(findSystemPostgres() !== undefined)("on a machine for which there is no Postgres", async () => {
    const machine = { hasApt: false, distribution: undefined };
    const tryOn = (platform: { name: string; glibcMinor: number | undefined }) =>
      ensurePostgres(home, () => {}, { ...machine, ...platform });
    await expect(tryOn({ name: "windows-x64", glibcMinor: undefined })).rejects.toMatchObject({
      code: "wrong_platform",
    });
    await expect(tryOn({ name: "linux-x64", glibcMinor: undefined })).rejects.toMatchObject({ code: "wrong_platform" });
    await expect(tryOn({ name: "plan9-mips", glibcMinor: undefined })).rejects.toMatchObject({ code: "no_postgres" });
  });

  test("where pgvector cannot be had", async () => {
    const fedora = { name: "linux-x64", glibcMinor: 40, distribution: "fedora", hasApt: false };
    await expect(addPgvector(home, fedora)).rejects.toMatchObject({
      code: "no_pgvector",
      fix: expect.stringContaining("DATABASE_URL"),
    });
  });
});

describe("after an accident", () => {
  test("a postmaster.pid of a process that is gone, or is somebody else, is no hindrance", async () => {
    await (await start()).stop();
    for (const pid of [999_999, process.pid]) {
      writeFileSync(join(reachableHome(home), "data/postmaster.pid"), `${pid}\n/nowhere\n0\n5432\n\n\n\n`);
      await (await start()).stop();
    }
  });

  test("a stack that was killed takes Postgres with it, loses nothing, and can be started again", async () => {
    const script = `
      import { startStack } from ${JSON.stringify(join(import.meta.dirname, "stack.ts"))};
      startStack({ dataDir: ${JSON.stringify(home)}, apiPort: 0, dbPort: 0, throwaway: true, migrations: ${JSON.stringify(fixtureMigrations)} })
        .then((stack) => console.log(stack.ownerDatabaseUrl));`;
    const child = spawn("tsx", ["-e", script], { cwd: repoRoot, stdio: ["ignore", "pipe", "inherit"], detached: true });
    const url = await new Promise<string>((resolve) =>
      child.stdout.once("data", (data) => resolve(String(data).trim())),
    );
    await query(url, "create table public.kept ()");
    process.kill(-child.pid!, "SIGKILL");
    await expect
      .poll(
        () =>
          query(url, "select 1").then(
            () => "up",
            () => "down",
          ),
        { timeout: 30_000 },
      )
      .toBe("down");
    expect(await readRunning(home)).toBeUndefined();
    const { ownerDatabaseUrl } = await start();
    expect(await query(ownerDatabaseUrl, "select to_regclass('public.kept') is not null as there")).toEqual([
      { there: true },
    ]);
  });
});

test("a Postgres that runs already is used through its URL, and stays up", async () => {
  const server = await start({ migrate: false });
  await query(server.adminDatabaseUrl, "create database own");
  const databaseUrl = Object.assign(new URL(server.adminDatabaseUrl), { pathname: "/own" }).href;
  const other = makeTempHome();
  const stack = await startStack({
    dataDir: other,
    apiPort: 0,
    databaseUrl,
    throwaway: true,
    migrations: fixtureMigrations,
  });
  expect(new URL(stack.databaseUrl).pathname).toBe("/own");
  expect(await query(stack.databaseUrl, "select current_user as role")).toEqual([{ role: "alonchat_service" }]);
  expect(await query(databaseUrl, "select to_regclass('public.notes') is not null as there")).toEqual([
    { there: true },
  ]);
  await stack.stop();
  removeHome(other);
  expect(await query(databaseUrl, "select 1 as n")).toEqual([{ n: 1 }]);
  await expect(startStack({ apiPort: 0, databaseUrl: server.ownerDatabaseUrl, throwaway: true })).rejects.toMatchObject(
    {
      message: expect.stringContaining("no superuser"),
    },
  );
  const nobody = `postgresql://x@127.0.0.1:${await freePort()}/x`;
  await expect(startStack({ apiPort: 0, databaseUrl: nobody, throwaway: true })).rejects.toMatchObject({
    code: "postgres_failed",
  });
});

// Only root's files are ever out of reach of the account that Postgres runs under.
test.skipIf(!postgresUser)(
  "as root below a closed folder, the cluster is placed where Postgres can reach it",
  async () => {
    const closed = mkdtempSync(join(tmpdir(), "alonchat-closed-"));
    chmodSync(closed, 0o700);
    const inside = join(closed, "checkout/.local");
    const stack = await startStack({
      dataDir: inside,
      apiPort: 0,
      dbPort: 0,
      throwaway: true,
      migrations: fixtureMigrations,
    });
    const { cluster } = JSON.parse(readFileSync(join(inside, "location.json"), "utf8")) as { cluster: string };
    expect(cluster).toMatch(/^\/var\/tmp\/alonchat-[0-9a-f]{12}$/);
    expect(statSync(cluster).mode & 0o777).toBe(0o711);
    expect(await query(stack.databaseUrl, "select 1 as n")).toEqual([{ n: 1 }]);
    await stack.stop();
    removeHome(inside);
    expect(existsSync(cluster)).toBe(false);
    rmSync(closed, { recursive: true });
  },
);

test("binaries that are there are found without work", async () => {
  await ensurePostgres(join(repoRoot, ".local"));
  const lines: string[] = [];
  const found = await ensurePostgres(join(repoRoot, ".local"), (line) => lines.push(line));
  expect(await findPostgres(join(repoRoot, ".local"))).toEqual(found);
  expect(lines).toEqual([]);
});
