import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";

const STAMP = ".local/build-stamp";
const INPUTS = [
  "{app,components,lib}/**/*",
  "deploy/*.ts",
  "next.config.ts",
  "proxy.ts",
  "tsconfig.json",
  "postcss.config.mjs",
  "package.json",
  "package-lock.json",
];

/** Builds web and widget unless the present build was made from the same sources. Returns the seconds it took; 0 when nothing was to be done. */
export async function ensureBuilt(say: (line: string) => void): Promise<number> {
  const fingerprint = sources();
  if (
    existsSync(".next/BUILD_ID") &&
    existsSync("public/widget/v1/loader.js") &&
    existsSync("dist/server.js") &&
    existsSync(STAMP) &&
    readFileSync(STAMP, "utf8") === fingerprint
  )
    return 0;
  const startedAt = performance.now();
  say("Building the web app and the widget (once; about a minute)");
  await run("npm", ["run", "build"]);
  mkdirSync(".local", { recursive: true });
  writeFileSync(STAMP, fingerprint);
  return (performance.now() - startedAt) / 1_000;
}

function sources(): string {
  const hash = createHash("sha256");
  const files = globSync(INPUTS).filter(
    (file) => !/\.test\.tsx?$/.test(file) && !file.startsWith("lib/testing/") && statSync(file).isFile(),
  );
  for (const file of files.sort()) hash.update(file).update("\0").update(readFileSync(file));
  return hash.digest("hex");
}

function run(command: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = "";
    const child = spawn(command, args, {
      env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (output += data));
    child.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ${args.join(" ")} failed:\n${output.slice(-4_000)}`)),
    );
  });
}
