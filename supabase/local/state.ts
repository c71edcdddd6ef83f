import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { areFieldKeys, newFieldKey } from "@/lib/core/field-cipher";
import { StackError } from "./errors";

/** Generated once per data folder; a checkout has no secrets in common with another. */
const secret = z.string().min(20);
const Keys = z.object({
  publishableKey: secret,
  secretKey: secret,
  jwtSecret: secret,
  superuserPassword: secret,
  ownerPassword: secret,
  servicePassword: secret,
  fieldKeys: z.string().refine(areFieldKeys),
});
export type Keys = z.infer<typeof Keys>;

/** The keys of a home folder, from stack.json (mode 0600). @throws StackError "keys_broken" */
export async function ensureKeys(home: string): Promise<Keys> {
  const file = join(home, "stack.json");
  if (existsSync(file)) {
    const text = await readFile(file, "utf8");
    try {
      const kept = JSON.parse(text);
      if (kept.fieldKeys) return Keys.parse(kept);
      // Of a stack that was made before fields were encrypted.
      const keys = Keys.parse({ ...kept, fieldKeys: newFieldKey("local") });
      await writeWhole(file, keys);
      return keys;
    } catch (cause) {
      throw new StackError(
        "keys_broken",
        `${file}, which holds the local stack's keys, cannot be read.`,
        "`npm run db:reset` throws it and the data away; the next start makes both anew.",
        { cause },
      );
    }
  }
  const random = () => randomBytes(32).toString("base64url");
  const keys: Keys = {
    publishableKey: `sb_publishable_${random()}`,
    secretKey: `sb_secret_${random()}`,
    jwtSecret: random(),
    superuserPassword: random(),
    ownerPassword: random(),
    servicePassword: random(),
    fieldKeys: newFieldKey("local"),
  };
  await mkdir(home, { recursive: true });
  await writeWhole(file, keys);
  return keys;
}

/** What a running stack says about itself to `status`, `down` and `reset`. */
export type Running = { pid: number; born: string; apiUrl: string; dbPort: number; startedAt: string };

const runningFile = (home: string) => join(home, "stack.pid");

/** The stack that runs on a home folder now; the file of one that was killed counts as none. */
export async function readRunning(home: string): Promise<Running | undefined> {
  const file = runningFile(home);
  if (!existsSync(file)) return undefined;
  const running = JSON.parse(await readFile(file, "utf8")) as Running;
  return birthOf(running.pid) === running.born ? running : undefined;
}

export type Claim = { update(where: { apiUrl: string; dbPort: number }): Promise<void>; release(): Promise<void> };

/** Takes a home folder for this stack alone. @throws StackError "already_running" */
export async function claim(home: string, where: { apiUrl: string; dbPort: number }): Promise<Claim> {
  const file = runningFile(home);
  const running: Running = {
    pid: process.pid,
    born: birthOf(process.pid),
    ...where,
    startedAt: new Date().toISOString(),
  };
  await writeFirst(file, running, home);
  return {
    update: (now) => writeWhole(file, { ...running, ...now }),
    release: () => rm(file, { force: true }),
  };
}

/** Of two processes that start together one makes the file and the other fails. */
async function writeFirst(file: string, running: Running, home: string): Promise<void> {
  const other = await readRunning(home);
  if (other) throw alreadyRunning(other);
  await rm(file, { force: true });
  const own = `${file}.${process.pid}`;
  await writeFile(own, JSON.stringify(running), { mode: 0o600 });
  try {
    await link(own, file);
  } catch (cause) {
    const winner = await readRunning(home);
    throw winner ? alreadyRunning(winner) : cause;
  } finally {
    await rm(own, { force: true });
  }
}

export const alreadyRunning = (other: Running): StackError =>
  new StackError(
    "already_running",
    `The local stack runs already (process ${other.pid}, ${other.apiUrl}).`,
    "Use it as it is, or stop it first: Ctrl-C where it runs, or npx tsx supabase/local/cli.ts down",
  );

/** When a process began, as the system counts; "" when there is none. Numbers of processes are used again, births are not. */
function birthOf(pid: number): string {
  try {
    if (process.platform !== "linux") return process.kill(pid, 0) ? "alive" : "";
    // The name in brackets may hold spaces; the state is the first field after it, the start time the 20th.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    const isGone = fields[0] === "Z" || fields[0] === "X"; // ended, and nobody has asked how
    return isGone ? "" : (fields[19] ?? "");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM" ? "alive" : "";
  }
}

/** Nobody reads half a file, and nobody else reads any of it. */
async function writeWhole(file: string, value: unknown): Promise<void> {
  const partial = `${file}.${process.pid}`;
  await writeFile(partial, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  await rename(partial, file);
}
