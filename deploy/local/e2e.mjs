// `npm run test:e2e`: the tests in Chromium alone; arguments go to Playwright.
import { spawn } from "node:child_process";
import { ensureInstalled } from "./setup.mjs";

const { env, chromiumPath } = await ensureInstalled({ browser: true, redis: false });
const run = (command, args) =>
  new Promise((resolve) => {
    spawn(command, args, { env: { ...env, CHROMIUM_PATH: chromiumPath ?? "" }, stdio: "inherit" }).on("exit", (code) =>
      resolve(code ?? 1),
    );
  });
const built = await run("tsx", ["deploy/local/build-once.ts"]);
process.exit(built || (await run("playwright", ["test", ...process.argv.slice(2)])));
