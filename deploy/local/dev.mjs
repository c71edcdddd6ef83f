// `npm run dev`: installs what is missing, then starts everything with reload.
import { spawn } from "node:child_process";
import { ensureInstalled } from "./setup.mjs";

const { env } = await ensureInstalled({ browser: false, redis: false });
const child = spawn("tsx", ["deploy/local/dev.ts", ...process.argv.slice(2)], { stdio: "inherit", env });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => signal === "SIGTERM" && child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
