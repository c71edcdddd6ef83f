import { rm } from "node:fs/promises";
import { join } from "node:path";
import { loadDotEnv } from "./dotenv";
import { StackError } from "./errors";
import { defaultHome, migrationsDir, reachableHome } from "./paths";
import type { Stack } from "./stack";
import { alreadyRunning, readRunning } from "./state";
import { bold, dim, green, say, sayError, sayTable } from "./terminal";

const USAGE = `Usage: tsx supabase/local/cli.ts <command>

  up       start Postgres and the Supabase API here and stay in the foreground
  down     stop a stack that runs in another terminal
  status   say whether it runs, and where
  reset    throw the local data away; the next start makes them anew
  doctor   check this machine and say how to repair what is missing
  migrate  apply supabase/migrations to MIGRATION_DATABASE_URL
  install  fetch Postgres and pgvector without starting anything`;

const commands: Record<string, () => Promise<void>> = {
  async up() {
    const { startStack } = await import("./stack");
    const stack = await startStack({ log: (line) => say(dim(`· ${line}`)) });
    const end = once(async () => {
      await stack.stop();
      say("Stopped. The data stay in .local.");
    });
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
    announce(stack);
  },

  async down() {
    const running = await readRunning(defaultHome);
    if (!running) throw new StackError("not_running", "No local stack is running.", "npm run stack starts one.");
    process.kill(running.pid, "SIGTERM");
    for (let i = 0; i < 200 && (await readRunning(defaultHome)); i++) await new Promise((r) => setTimeout(r, 50));
    if (await readRunning(defaultHome))
      throw new StackError(
        "already_running",
        `Process ${running.pid} does not stop.`,
        `Stop it: kill -9 ${running.pid}`,
      );
    say("Stopped.");
  },

  async status() {
    const running = await readRunning(defaultHome);
    if (!running) {
      say("The local stack is not running. Start it: npm run dev");
      process.exitCode = 3;
      return;
    }
    const health = await fetch(`${running.apiUrl}/health`, { signal: AbortSignal.timeout(2_000) }).then(
      (r) => (r.ok ? "answers" : `answers with ${r.status}`),
      () => "does not answer",
    );
    sayTable([
      ["API", `${running.apiUrl} (${health})`],
      ["Postgres", `127.0.0.1:${running.dbPort}`],
      ["Process", `${running.pid}, since ${running.startedAt}`],
    ]);
    if (health !== "answers") process.exitCode = 1;
  },

  async reset() {
    const running = await readRunning(defaultHome);
    if (running) throw alreadyRunning(running);
    await rm(join(reachableHome(defaultHome), "data"), { recursive: true, force: true });
    for (const part of ["data", "storage", "mail", "stack.json"])
      await rm(join(defaultHome, part), { recursive: true, force: true });
    say("The local data are gone. The next start makes a new database.");
  },

  async migrate() {
    const { migrate } = await import("./migrate");
    const url = process.env.MIGRATION_DATABASE_URL;
    if (!url)
      throw new StackError(
        "database_url",
        "MIGRATION_DATABASE_URL is not set.",
        "Set it to the owner's URL of the database. The local stack migrates by itself when it starts.",
      );
    if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol))
      throw new StackError(
        "database_url",
        "MIGRATION_DATABASE_URL is not the address of a Postgres.",
        "Write it as postgresql://postgres:<password>@<host>:5432/postgres, special characters of the password encoded (@ is %40).",
      );
    const applied = await migrate(url, migrationsDir);
    say(applied.length === 0 ? "Nothing to apply: the database is up to date." : `Applied ${applied.join(", ")}.`);
  },

  async doctor() {
    const { doctor } = await import("./doctor");
    const isWell = await doctor();
    process.exitCode = isWell ? 0 : 1;
  },

  async install() {
    const { ensurePostgres } = await import("./install/postgres");
    const { binDir } = await ensurePostgres(defaultHome, (line) => say(`· ${line}`));
    say(binDir);
  },
};

function announce(stack: Stack): void {
  say(`${green("✓")} ${bold("The local stack runs")} ${dim(`(${(stack.timings.total ?? 0) / 1_000} s)`)}`);
  say();
  sayTable([
    ["API", stack.apiUrl],
    ["Publishable key", stack.publishableKey],
    ["Secret key", `in .local/stack.json`],
    ["Postgres", stack.ownerDatabaseUrl],
    ["Mails", stack.mailDir],
  ]);
  say();
  say(dim("Ctrl-C stops it. The data stay in .local."));
}

/** Acts at the first signal; a second Ctrl-C while it works changes nothing. */
function once(action: () => Promise<void>): () => void {
  let begun = false;
  return () => {
    if (begun) return;
    begun = true;
    action().catch((error: unknown) => {
      sayError(error);
      process.exitCode = 1;
    });
  };
}

loadDotEnv();
const name = process.argv[2] ?? "";
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (!command) {
  say(USAGE);
  process.exitCode = name === "" || name === "help" ? 0 : 2;
} else {
  command().catch((error: unknown) => {
    sayError(error);
    process.exitCode = 1;
  });
}
