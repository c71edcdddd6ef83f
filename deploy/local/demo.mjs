// `npm run demo`: installs what is missing, then starts the demo itself with the right Node.
import { spawn } from "node:child_process";
import { ensureInstalled } from "./setup.mjs";

// With --json the last line of stdout is the result, so everything said on the way goes to stderr.
const json = process.argv.includes("--json");
const { env, seconds } = await ensureInstalled({ browser: false, redis: false, toStderr: json });
const child = spawn("tsx", ["deploy/local/demo.ts", ...process.argv.slice(2)], {
  stdio: "inherit",
  env: { ...env, DEMO_INSTALL_SECONDS: String(seconds) },
});
// Ctrl-C reaches the child through the terminal as well; it stops the stack and ends.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => signal === "SIGTERM" && child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
