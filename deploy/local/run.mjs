// Runs a command of the project with everything it needs in place: `node deploy/local/run.mjs tsx bench/main.ts …`.
import { spawn } from "node:child_process";
import { ensureInstalled } from "./setup.mjs";

const [command, ...args] = process.argv.slice(2);
const { env } = await ensureInstalled({ browser: false, redis: false });
const child = spawn(command, args, { stdio: "inherit", env });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
