// Runs a command of the project with everything it needs in place: `node deploy/local/run.mjs tsx bench/main.ts …`.
import { spawn } from "node:child_process";
import { ensureInstalled } from "./setup.mjs";

const [command, ...args] = process.argv.slice(2);
const parent = process.ppid;
// With --json the last line of stdout is the result, so everything said on the way goes to stderr.
const { env, seconds } = await ensureInstalled({ toStderr: args.includes("--json") });
const child = spawn(command, args, { stdio: "inherit", env: { ...env, ALONCHAT_INSTALL_SECONDS: String(seconds) } });
// A terminal's Ctrl-C reaches the child by itself.
process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
process.on("SIGTERM", () => child.kill("SIGTERM"));
// Whoever ends npm ends the shell that it started this with, and that tells nobody: what runs here would be left behind.
const orphaned = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(orphaned);
  child.kill("SIGTERM");
}, 500);
child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
