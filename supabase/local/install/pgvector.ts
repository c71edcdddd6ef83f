import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { appendFile, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { StackError } from "../errors";
import { lowerGlibc, NewerSymbolError } from "./elf";
import type { Platform } from "./platform";

const run = promisify(execFile);
const PACKAGE = "postgresql-17-pgvector";
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
/** Version 0.8.0-1 for amd64. Other architectures rest on apt's own check against Debian's signed list. */
const SHA256_AMD64 = "6e8a457eb252617b66cf7b2908c736127eae43703fffec94492ac131ca921515";

/** What to do where pgvector cannot be fetched. */
export const PGVECTOR_BY_HAND =
  "Install Postgres 17 with pgvector (macOS: `brew install postgresql@17 pgvector`; Debian and Ubuntu: postgresql-17-pgvector), " +
  "or set DATABASE_URL to a Postgres that has it, or run `supabase start` and set SUPABASE_URL.";

/**
 * Adds pgvector to an unpacked Postgres 17: Debian's package, from the mirror that this machine's apt already uses, without
 * root and without touching the system's package lists.
 * @param root folder with lib/postgresql and share/postgresql
 * @throws StackError "no_pgvector" | "pgvector_checksum" | "pgvector_incompatible"
 */
export async function addPgvector(root: string, platform: Platform): Promise<void> {
  if (!platform.hasApt || !["debian", "ubuntu"].includes(platform.distribution ?? ""))
    throw new StackError(
      "no_pgvector",
      "pgvector cannot be fetched here: this is not a Debian or Ubuntu.",
      PGVECTOR_BY_HAND,
    );
  const scratch = await mkdtemp(join(tmpdir(), "alonchat-pgvector-"));
  try {
    const deb = await download(scratch, platform);
    await verify(deb);
    await run("dpkg", ["-x", deb, join(scratch, "x")]);
    await copyIn(join(scratch, "x/usr"), root, platform);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function download(scratch: string, platform: Platform): Promise<string> {
  const options = [
    ...["-o", `Dir::State::Lists=${scratch}/lists`, "-o", `Dir::Cache=${scratch}/cache`],
    ...["-o", "Acquire::Languages=none", "-o", "Acquire::Retries=3"],
    // The scratch folder is ours alone, so apt's own unprivileged account could not write into it.
    ...(process.getuid?.() === 0 ? ["-o", "APT::Sandbox::User=root"] : []),
  ];
  if (platform.distribution === "debian") {
    const source = join(scratch, "trixie.list");
    await writeFile(source, `deb [signed-by=${KEYRING}] ${await debianMirror()} trixie main\n`);
    options.push("-o", `Dir::Etc::SourceList=${source}`, "-o", "Dir::Etc::SourceParts=-");
  }
  await mkdir(join(scratch, "lists/partial"), { recursive: true });
  await mkdir(join(scratch, "cache/archives/partial"), { recursive: true });
  try {
    await run("apt-get", [...options, "update"], { cwd: scratch });
    await run("apt-get", [...options, "download", PACKAGE], { cwd: scratch });
  } catch (cause) {
    const detail = String((cause as { stderr?: string }).stderr ?? cause).match(/^E: .*/m)?.[0] ?? "apt-get failed";
    throw new StackError("no_pgvector", `pgvector could not be fetched with apt: ${detail}`, PGVECTOR_BY_HAND, {
      cause,
    });
  }
  const file = (await readdir(scratch)).find((name) => name.endsWith(".deb"));
  if (!file) throw new StackError("no_pgvector", "apt-get downloaded nothing.", PGVECTOR_BY_HAND);
  return join(scratch, file);
}

/** The address of the Debian mirror in the machine's own sources; suites of security updates live elsewhere. */
async function debianMirror(): Promise<string> {
  const { stdout } = await run("apt-get", [
    "indextargets",
    "--format",
    "$(REPO_URI) $(RELEASE)",
    "Created-By: Packages",
  ]);
  const targets = stdout.split("\n").map((line) => line.trim().split(" "));
  const main = targets.find(
    ([uri, release]) => uri && release && !/security|updates|backports/.test(`${uri} ${release}`),
  );
  if (main?.[0]) return main[0];
  throw new StackError("no_pgvector", "apt has no Debian mirror configured.", PGVECTOR_BY_HAND);
}

async function verify(deb: string): Promise<void> {
  if (!/_0\.8\.0-1_amd64\.deb$/.test(deb)) return;
  const actual = createHash("sha256")
    .update(await readFile(deb))
    .digest("hex");
  if (actual !== SHA256_AMD64)
    throw new StackError(
      "pgvector_checksum",
      `The downloaded pgvector package has SHA-256 ${actual}, expected ${SHA256_AMD64}.`,
      "Do not use it. Try again; if it stays so, the mirror serves something else than Debian does.",
    );
}

async function copyIn(unpacked: string, root: string, platform: Platform): Promise<void> {
  const from = join(unpacked, "share/postgresql/17/extension");
  const to = join(root, "share/postgresql/extension");
  for (const file of await readdir(from))
    if (/^vector(--.*\.sql|\.control)$/.test(file)) await copyFile(join(from, file), join(to, file));
  // Hosted Supabase lets the non-superuser `postgres` create it; "trusted" is how plain Postgres says the same.
  await appendFile(join(to, "vector.control"), "\ntrusted = true\n");
  const library = await readFile(join(unpacked, "lib/postgresql/17/lib/vector.so"));
  await writeFile(join(root, "lib/postgresql/vector.so"), fitGlibc(library, platform), { mode: 0o755 });
}

function fitGlibc(library: Buffer, platform: Platform): Buffer {
  try {
    return platform.glibcMinor === undefined ? library : lowerGlibc(library, platform.glibcMinor).library;
  } catch (cause) {
    if (!(cause instanceof NewerSymbolError)) throw cause;
    throw new StackError(
      "pgvector_incompatible",
      `Debian's pgvector needs ${cause.message}, which this system's C library (glibc 2.${platform.glibcMinor}) does not have.`,
      PGVECTOR_BY_HAND,
      { cause },
    );
  }
}

/** Whether a Postgres whose `share` folder is given has pgvector. */
export const hasPgvector = (shareDir: string): boolean => existsSync(join(shareDir, "extension/vector.control"));
