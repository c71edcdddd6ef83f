import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startRun } from "@/lib/crawl";
import { addTestSource, type RunRow } from "@/lib/testing/crawl-runs";
import { startCrawlWorker } from "@/lib/testing/crawl-worker";
import { type OwnPostgres, startOwnPostgres } from "@/lib/testing/own-postgres";
import { startTinySite, tinyPage } from "@/lib/testing/tiny-site";
import { startWorkerProcess } from "@/lib/testing/worker-process";
import { round } from "./load";
import { startSiteProcess } from "./site-process";

const QUARTERS = [25, 50, 75, 100];
const LOOK_EVERY_MS = 500;
const OTHER_AT_PERCENT = 10;
const PROGRESS_PERCENT = 5;

interface Memory {
  rssMiB: number;
  peakMiB: number;
}

/** Of a process of this machine, as Linux counts it. */
function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const mebibytes = (name: string) =>
    round(Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) / 1_024, 0);
  return { rssMiB: mebibytes("VmRSS"), peakMiB: mebibytes("VmHWM") };
}

const runOf = async ({ owner }: OwnPostgres, runId: string): Promise<RunRow> =>
  (await owner.query<RunRow>("select * from crawl_runs where id = $1", [runId])).rows[0]!;

/**
 * How long the first page of another tenant takes while the large crawl goes on: read, and published.
 */
async function otherTenant(db: OwnPostgres, starter: Awaited<ReturnType<typeof startCrawlWorker>>) {
  const site = await startTinySite({ "/": tinyPage("The first page") });
  const source = await addTestSource(db, `${site.url}/`);
  const startedAt = performance.now();
  const { runId } = await startRun(starter.deps, source);
  while (!site.requests.some(({ path }) => path === "/")) await sleep(5);
  const readMs = round(performance.now() - startedAt, 0);
  while ((await runOf(db, runId)).published === 0) await sleep(5);
  const publishedMs = round(performance.now() - startedAt, 0);
  await site.stop();
  return { readMs, publishedMs };
}

/** `npm run bench -- ingest [--pages N] [--json]`: one real worker process, from the start address to published passages. */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { pages: { type: "string", default: "20000" }, json: { type: "boolean", default: false } },
  });
  const pages = Number(values.pages);
  const db = await startOwnPostgres();
  const site = await startSiteProcess({ pages, latencyMs: 0 });
  const env = { CRAWL_ALLOW_HOSTS: "127.0.0.1", LOG_LEVEL: "info", SWEEP_EVERY_MS: "15000", SWEEP_IDLE_MS: "30000" };
  const worker = startWorkerProcess(db.url, env);
  const starter = await startCrawlWorker(db.url, { env, idle: true });
  try {
    await worker.ready;
    const pid = worker.child.pid!;
    const idle = memoryOf(pid);
    const source = await addTestSource(db, `${site.url}/`, { maxPages: pages });
    const startedAt = performance.now();
    const { runId } = await startRun(starter.deps, source);
    const rssMiBAt: Record<string, number> = {};
    let shown = 0;
    let other: Awaited<ReturnType<typeof otherTenant>> | undefined;
    for (;;) {
      const run = await runOf(db, runId);
      const percent = (100 * (run.published + run.failed + run.excluded)) / pages;
      if (!other && percent >= OTHER_AT_PERCENT) other = await otherTenant(db, starter);
      for (const quarter of QUARTERS) if (percent >= quarter) rssMiBAt[quarter] ??= memoryOf(pid).rssMiB;
      if (percent >= shown + PROGRESS_PERCENT) {
        shown += PROGRESS_PERCENT;
        process.stderr.write(`${shown} %: ${memoryOf(pid).rssMiB} MiB, ${run.published} pages\n`);
      }
      if (run.finished_at) break;
      await sleep(LOOK_EVERY_MS);
    }
    const run = await runOf(db, runId);
    const seconds = (performance.now() - startedAt) / 1_000;
    const hits = [...(await site.hits())];
    const result = {
      bench: "ingest",
      pages,
      status: run.status,
      published: run.published,
      chunks: run.chunks,
      seconds: round(seconds),
      pagesPerSecond: round(run.published / seconds),
      idleMiB: idle.rssMiB,
      peakMiB: memoryOf(pid).peakMiB,
      rssMiBAt,
      otherTenant: other,
      robotsFetches: new Map(hits).get("/robots.txt"),
      repeatedFetches: hits.filter(([path, count]) => path.startsWith("/kb/") && count > 1).length,
    };
    process.stdout.write(
      values.json
        ? `${JSON.stringify(result)}\n`
        : `${result.published} pages published in ${result.seconds} s (${result.pagesPerSecond}/s, ${result.chunks} chunks)
memory of the worker: ${result.idleMiB} MiB idle, peak ${result.peakMiB} (bar 512), at 25/50/75/100 %: ${QUARTERS.map((q) => rssMiBAt[q]).join(", ")}
first page of another tenant meanwhile: read after ${other?.readMs} ms, published after ${other?.publishedMs} ms (bar 5000)
robots.txt ${result.robotsFetches}, pages fetched more than once ${result.repeatedFetches}\n`,
    );
  } finally {
    worker.child.kill("SIGTERM");
    await worker.ended;
    await starter.close();
    await site.stop();
    await db.drop();
  }
}
