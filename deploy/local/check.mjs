// `npm run check`: types, lint and format, boundaries, unused code, generated types. `--fix` formats first.
import { spawn } from "node:child_process";
import { ensureInstalled } from "./setup.mjs";

const { env } = await ensureInstalled({ browser: false, redis: false });

/** @typedef {[name: string, command: string, args: string[]]} Step */
/** @type {Step} What the types are checked with. */
const routes = ["types of routes", "next", ["typegen"]];
/** @type {Step[]} */
const steps = [
  // Not from what the last run remembers: it does not know of routes that came since.
  ["types", "tsc", ["--noEmit", "--incremental", "false"]],
  ["lint and format", "biome", ["check", "--error-on-warnings", "."]],
  ["boundaries", "depcruise", ["app", "components", "lib", "workers", "supabase", "deploy", "bench", "e2e"]],
  ["unused code", "knip", []],
  ["generated types", "tsx", ["supabase/local/types.ts", "--check"]],
];

/** @returns {Promise<{ code: number, output: string }>} */
const run = (command, args) =>
  new Promise((resolve) => {
    let output = "";
    const child = spawn(command, args, {
      env: { ...env, FORCE_COLOR: process.stdout.isTTY ? "1" : "0", NEXT_TELEMETRY_DISABLED: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
    child.on("error", (error) => resolve({ code: 1, output: error.message }));
    child.on("exit", (code) => resolve({ code: code ?? 1, output }));
  });

let failed = 0;
const check = async ([name, command, args]) => {
  const startedAt = performance.now();
  const { code, output } = await run(command, args);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  process.stdout.write(`${code === 0 ? "✓" : "✗"} ${name} (${seconds} s)\n`);
  if (code === 0) return;
  failed++;
  process.stdout.write(`${output.trimEnd()}\n\n`);
};
await check(routes);
// Two at a time, and the next as soon as one has ended: most of them use one core.
const left = [...steps];
const lane = async () => {
  for (let next = left.shift(); next; next = left.shift()) await check(next);
};
await Promise.all([lane(), lane()]);
if (failed > 0) {
  process.stdout.write(
    `${failed} of ${steps.length + 1} checks failed. \`npm run format\` mends what can be mended by itself.\n`,
  );
  process.exit(1);
}
