import { readFile } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { FileProblem } from "../problem";
import { parseFile } from "./parse-file";
import type { Reply, Task } from "./sandbox";

/** Whoever started this may be killed and cannot end it then; a file that never ends would keep it for ever. */
const LIFETIME_MS = 60_000;
new Worker(`setTimeout(() => process.kill(process.pid, "SIGKILL"), ${LIFETIME_MS})`, { eval: true }).unref();
process.once("disconnect", () => process.exit(0));

/** The process that opens strangers' files: it has no environment, no connection, and ends after one file. */
process.once("message", async (task: Task) => {
  const reply = await work(task).catch((error: unknown): Reply => {
    if (error instanceof FileProblem) return { ok: false, code: error.code, reason: error.message };
    return {
      ok: false,
      code: "broken",
      reason: BROKEN,
      fault: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  });
  process.send!(reply, () => process.exit(0));
});
process.send!("ready");

const BROKEN =
  "This file is damaged or not made as its kind should be. Open it, save it again, and upload the new copy.";

const work = async ({ path, name }: Task): Promise<Reply> => ({
  ok: true,
  file: await parseFile(await readFile(path), name),
});
