import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { StackError } from "./errors";

export const repoRoot = resolve(import.meta.dirname, "../..");

/** Where everything local lives unless a caller names another folder. Ignored by git. */
export const defaultHome = join(repoRoot, ".local");

export const migrationsDir = join(repoRoot, "supabase/migrations");

/** Postgres refuses to run as root, so as root its files belong to `nobody`, which every Linux has. */
export const postgresUser: { uid: number; gid: number } | undefined =
  process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;

/** Whether an account with no rights of its own may walk through every existing parent of `path` and `path` itself. */
export function isTraversable(path: string): boolean {
  for (let current = resolve(path); ; current = dirname(current)) {
    const stat = statSync(current, { throwIfNoEntry: false });
    const own = postgresUser !== undefined && stat?.uid === postgresUser.uid;
    if (stat && !(stat.mode & (own ? 0o100 : 0o001))) return false;
    if (current === dirname(current)) return true;
  }
}

/**
 * The folder for what the Postgres account must reach (binaries, cluster). It is `home` itself, except as root below a
 * closed folder such as /root: then a folder in /var/tmp named after `home`, so that every checkout keeps its own.
 */
export function reachableHome(home: string): string {
  mkdirSync(home, { recursive: true });
  if (!postgresUser || isTraversable(home)) return home;
  const outside = outsideHome(home);
  mkdirSync(outside, { recursive: true, mode: 0o711 });
  const stat = statSync(outside);
  // /var/tmp is everybody's: a folder that somebody else made there first is not ours to trust.
  if (stat.uid !== process.getuid?.() || stat.mode & 0o022)
    throw new StackError(
      "data_not_traversable",
      `${home} is closed to the account that runs Postgres, and ${outside} belongs to somebody else.`,
      `Move the checkout out of the closed folder, or remove ${outside}.`,
    );
  writeFileSync(join(home, "location.json"), JSON.stringify({ cluster: outside }));
  return outside;
}

function outsideHome(home: string): string {
  const hash = createHash("sha256").update(resolve(home)).digest("hex").slice(0, 12);
  return `/var/tmp/alonchat-${hash}`;
}

/** A home for a stack that is thrown away. The Postgres account may walk through it, which mkdtemp alone does not allow. */
export function makeTempHome(): string {
  const home = mkdtempSync(join(tmpdir(), "alonchat-"));
  chmodSync(home, 0o711);
  return home;
}

/** Removes a home and what lies outside it. */
export function removeHome(home: string): void {
  rmSync(home, { recursive: true, force: true });
  rmSync(outsideHome(home), { recursive: true, force: true });
}
