import { statfs } from "node:fs/promises";
import { parseEnv } from "../../lib/core/env";
import type { AppError } from "../../lib/core/errors";
import { checkDatabase, checkProject } from "./check-hosted";
import type { StackError } from "./errors";
import { findBrowser, findPostgres } from "./install";
import { readPlatform } from "./install/platform";
import { defaultHome, repoRoot } from "./paths";
import { isPortFree, PORTS, type PortName, wantedPort } from "./ports";
import { readRunning } from "./state";
import { bold, dim, green, red, say } from "./terminal";

/** One thing that must be so. `fix` is what to do when it is not. */
type Check = { what: string; ok: boolean; detail?: string; fix?: string };

const MIN_FREE_BYTES = 2 * 1024 ** 3;
/** Stands in for what the local stack sets itself, so that the rest of the environment can be checked before it runs. */
const GIVEN_BY_STACK = {
  SUPABASE_URL: "http://127.0.0.1",
  SUPABASE_PUBLISHABLE_KEY: "sb_publishable_stand_in",
  DATABASE_URL: "postgresql://127.0.0.1",
  QUEUE_URL: "postgresql://127.0.0.1",
};

/** Prints a line for each check. @returns whether everything is well */
export async function doctor(): Promise<boolean> {
  const isHosted = Boolean(process.env.SUPABASE_URL);
  const checks: Check[] = [checkNode(), checkEnv(), await checkBrowser(), await checkDisk()];
  if (isHosted) checks.push(...(await checkHosted()));
  else checks.push(...(await checkPostgres()), ...(await checkPorts()));
  say(bold(isHosted ? "This machine uses a hosted project" : "This machine uses the local stack"));
  for (const { what, ok, detail, fix } of checks) {
    say(`${ok ? green("✓") : red("✗")} ${what}${detail ? dim(`  ${detail}`) : ""}`);
    if (!ok && fix) say(`    → ${fix}`);
  }
  const failed = checks.filter((check) => !check.ok).length;
  say(failed === 0 ? green("Everything is there.") : red(`${failed} of ${checks.length} checks failed.`));
  return failed === 0;
}

function checkNode(): Check {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const ok = major > 22 || (major === 22 && minor >= 12);
  return {
    what: "Node 22.12 or later",
    ok,
    detail: process.versions.node,
    fix: "Start it through `npm run …`, which brings its own Node.",
  };
}

function checkEnv(): Check {
  const isHosted = Boolean(process.env.SUPABASE_URL);
  const what = "Environment";
  const half = Object.keys(GIVEN_BY_STACK).filter((name) => name.startsWith("SUPABASE_") && process.env[name]);
  if (!isHosted && half.length > 0)
    return { what, ok: false, fix: `Unset ${half.join(", ")}, or set SUPABASE_URL too (also in .env).` };
  try {
    // DATABASE_URL alone is a Postgres for the local stack, QUEUE_URL alone a Redis for it.
    parseEnv(isHosted ? process.env : { ...GIVEN_BY_STACK, ...process.env });
    return { what, ok: true, detail: isHosted ? "hosted project, complete" : "nothing needed" };
  } catch (error) {
    const list = (error as AppError).message.split("\n").filter((line) => line.startsWith("  "));
    const way = isHosted
      ? "Set them (.env.example explains each), or unset SUPABASE_URL."
      : ".env.example explains each.";
    return { what, ok: false, detail: `\n${list.join("\n")}`, fix: way };
  }
}

/** Asks what the environment names, as far as it is set. */
async function checkHosted(): Promise<Check[]> {
  const { SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY, DATABASE_URL } = process.env;
  const checks: Promise<Check>[] = [];
  if (SUPABASE_URL && URL.canParse(SUPABASE_URL) && SUPABASE_PUBLISHABLE_KEY)
    checks.push(
      checkProject(SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY).then((answer) => ({ what: "Supabase", ...answer })),
    );
  if (DATABASE_URL && URL.canParse(DATABASE_URL))
    checks.push(checkDatabase(DATABASE_URL).then((answer) => ({ what: "Database", ...answer })));
  return Promise.all(checks);
}

async function checkPostgres(): Promise<Check[]> {
  const platform = readPlatform();
  const checks: Check[] = [];
  if (process.env.DATABASE_URL) return [{ what: "Postgres", ok: true, detail: "DATABASE_URL" }];
  const found = await findPostgres(defaultHome).catch(() => undefined);
  checks.push({
    what: "Postgres 17 with pgvector",
    ok: found !== undefined,
    detail: found ? `${found.source}, ${found.binDir}` : platform.name,
    fix: "Run `npx tsx supabase/local/cli.ts install`, which says what it cannot do.",
  });
  return checks;
}

async function checkPorts(): Promise<Check[]> {
  const running = await readRunning(defaultHome);
  if (running)
    return [{ what: "Ports", ok: true, detail: `the stack runs: ${running.apiUrl}, Postgres ${running.dbPort}` }];
  return Promise.all(
    (Object.keys(PORTS) as PortName[]).map(async (name): Promise<Check> => {
      const { what, variable } = PORTS[name];
      try {
        const port = wantedPort(name);
        return {
          what: `Port ${port} for ${what}`,
          ok: await isPortFree(port),
          fix: `Another program listens there. Stop it, or set ${variable} to another port.`,
        };
      } catch (error) {
        const { message, fix } = error as StackError;
        return { what: `Port for ${what}`, ok: false, detail: message, fix };
      }
    }),
  );
}

async function checkBrowser(): Promise<Check> {
  const path = findBrowser();
  return {
    what: "Chromium, for rendering and end-to-end tests",
    ok: path !== undefined,
    ...(path ? { detail: path } : {}),
    fix: "Debian or Ubuntu: apt-get install chromium. Elsewhere install Chrome or Chromium, or set CHROMIUM_PATH.",
  };
}

async function checkDisk(): Promise<Check> {
  const { bavail, bsize } = await statfs(repoRoot);
  const free = bavail * bsize;
  return {
    what: "Disk",
    ok: free >= MIN_FREE_BYTES,
    detail: `${(free / 1024 ** 3).toFixed(1)} GB free`,
    fix: "The stack, the browser and a build need 2 GB.",
  };
}
