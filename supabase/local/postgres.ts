import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { chown, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { StackError } from "./errors";
import { postgresUser } from "./paths";
import { portTaken } from "./ports";

const run = promisify(execFile);

/** The superuser, named as on hosted Supabase, where nobody but the platform has it. */
export const SUPERUSER = "supabase_admin";

export type Cluster = { port: number; pid: number; stop(): Promise<void> };

export type ClusterOptions = {
  binDir: string;
  dataDir: string;
  port: number;
  superuserPassword: string;
  /** for tests: survives nothing, writes faster */
  throwaway?: boolean;
  /** called once when Postgres ends without having been asked to */
  onCrash?: (log: string) => void;
};

const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "200",
  shared_buffers: "256MB",
  maintenance_work_mem: "512MB",
  work_mem: "32MB",
  max_wal_size: "2GB",
  jit: "off",
  // Passwords are 32 random bytes, which need no stretching; every connection of every pool would pay for it.
  scram_iterations: "64",
  log_timezone: "UTC",
};
const THROWAWAY = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };

/**
 * Ends with its parent, also when the parent is killed: the shell becomes Postgres, and a bystander waits for the pipe from
 * the parent to close, then asks Postgres for a fast shutdown.
 */
const LEASH = `( ( cat <&3 >/dev/null; kill -INT $$ 2>/dev/null ) & ) 3<&0 >/dev/null 2>&1; exec "$0" "$@" </dev/null`;

/** Creates the cluster when `dataDir` has none. @returns whether it was created */
export async function ensureCluster(options: ClusterOptions): Promise<boolean> {
  const { binDir, dataDir, superuserPassword } = options;
  const versionFile = join(dataDir, "PG_VERSION");
  if (existsSync(versionFile)) {
    const major = readFileSync(versionFile, "utf8").trim();
    if (major === "17") return false;
    throw new StackError(
      "wrong_major",
      `The data in ${dataDir} was written by Postgres ${major}; this is Postgres 17, which cannot read it.`,
      "Start afresh with `npm run db:reset`, or dump the data with the old version first.",
    );
  }
  await rm(dataDir, { recursive: true, force: true });
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const passwordFile = `${dataDir}.password`;
  await writeFile(passwordFile, superuserPassword, { mode: 0o600 });
  if (postgresUser) for (const path of [dataDir, passwordFile]) await chown(path, postgresUser.uid, postgresUser.gid);
  try {
    const args = ["-D", dataDir, "-U", SUPERUSER, "-A", "scram-sha-256", `--pwfile=${passwordFile}`, "-E", "UTF8"];
    args.push("--locale=C.UTF-8", "-N", "-c", "scram_iterations=64");
    await run(join(binDir, "initdb"), args, { ...postgresUser, env: cleanEnv(), cwd: "/" });
  } catch (cause) {
    await rm(dataDir, { recursive: true, force: true });
    const detail = (cause as { stderr?: string }).stderr?.trim() || String(cause);
    throw new StackError("postgres_failed", `initdb failed: ${detail}`, "Run `npm run doctor`.", { cause });
  } finally {
    await rm(passwordFile, { force: true });
  }
  return true;
}

/** Starts Postgres and waits until it takes connections. @throws StackError "port_taken" | "postgres_failed" */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { binDir, dataDir, port } = options;
  await endOrphan(dataDir);
  const settings = { ...SETTINGS, ...(options.throwaway ? THROWAWAY : {}) };
  const args = [
    "-D",
    dataDir,
    "-p",
    String(port),
    ...Object.entries(settings).flatMap(([k, v]) => ["-c", `${k}=${v}`]),
  ];
  const child = spawn("/bin/sh", ["-c", LEASH, join(binDir, "postgres"), ...args], {
    ...postgresUser,
    env: cleanEnv(),
    cwd: "/",
    detached: true, // Ctrl-C goes to the stack alone, which then stops Postgres after everything that uses it
    stdio: ["pipe", "ignore", "pipe"],
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const tail = await ready(child, port);
  let stopping = false;
  child.once("exit", () => stopping || options.onCrash?.(tail()));
  return {
    port,
    pid: child.pid!,
    async stop() {
      stopping = true;
      child.stdin?.destroy();
      await exited;
    },
  };
}

/** @returns a function that gives the last lines of Postgres' log */
function ready(child: ChildProcess, port: number): Promise<() => string> {
  let log = "";
  return new Promise((resolve, reject) => {
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      log = (log + text).slice(-8_000);
      if (text.includes("database system is ready to accept connections")) resolve(() => log);
    });
    child.once("error", reject);
    child.once("exit", (code) => {
      if (/could not bind|Address already in use/.test(log)) return reject(portTaken(port, "database"));
      reject(
        new StackError(
          "postgres_failed",
          `Postgres ended while starting (exit code ${code}):\n${log.trim()}`,
          "Run `npm run doctor`; if the data is broken, `npm run db:reset` starts afresh.",
        ),
      );
    });
  });
}

/**
 * A machine that lost power leaves postmaster.pid behind; Postgres removes it by itself unless another process got that
 * number. A Postgres whose stack was killed is asked to stop first.
 */
async function endOrphan(dataDir: string): Promise<void> {
  const file = join(dataDir, "postmaster.pid");
  if (!existsSync(file)) return;
  const pid = Number((await readFile(file, "utf8")).split("\n")[0]);
  if (!isPostgresOf(pid, dataDir)) return rm(file, { force: true });
  process.kill(pid, "SIGINT");
  for (let i = 0; i < 200 && isPostgresOf(pid, dataDir); i++) await new Promise((r) => setTimeout(r, 50));
  if (isPostgresOf(pid, dataDir))
    throw new StackError(
      "postgres_failed",
      `An earlier Postgres (process ${pid}) does not stop.`,
      `Stop it: kill -QUIT ${pid}`,
    );
}

/** Whether a process is a Postgres on this data folder; where there is no /proc, whether it lives. */
function isPostgresOf(pid: number, dataDir: string): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    if (process.platform === "linux") return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(dataDir);
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Without PG* variables of the caller, which Postgres' tools would read. */
function cleanEnv(): NodeJS.ProcessEnv {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("PG")));
  return { ...env, LC_ALL: "C.UTF-8", TZ: "UTC" } as unknown as NodeJS.ProcessEnv;
}
