import { execFile } from "node:child_process";
import { parseArgs, promisify } from "node:util";
import { round } from "./load";
import { type SiteProcess, startSiteProcess } from "./site-process";

const run_ = promisify(execFile);

/** One crawler on one site, counted where it cannot cheat: by the site. */
interface Crawl {
  /** Different pages that the site gave out, forbidden ones included. */
  pages: number;
  pagesPerSecond: number;
  /** What tells on a machine that others use too: its own work. */
  cpuMsPerPage: number;
  seconds: number;
  blockedFetched: number;
  robotsFetches: number;
  /** Requests for a page beyond its first. */
  repeatedFetches: number;
  /** The most requests for pages open at once; a crawler that was given a number says that. */
  mostOpen: number;
}

const BARS = { 0: { bar: 3, stretch: 6 }, 50: { bar: 1.8, stretch: 2.1 } } as Record<
  number,
  { bar: number; stretch: number }
>;

/** Each crawler is a process of its own; the clock starts in it when it begins to crawl, after its modules are loaded. */
async function crawl(site: SiteProcess, script: string[]): Promise<Crawl> {
  await site.hits();
  const { stdout } = await run_(process.execPath, ["--import", "tsx", ...script], { maxBuffer: 64 * 1024 * 1024 });
  const { seconds, cpuSeconds, mostOpen } = JSON.parse(stdout.trim().split("\n").at(-1)!) as {
    seconds: number;
    cpuSeconds: number;
    mostOpen: number;
  };
  const hits = [...(await site.hits())];
  const pages = hits.filter(([path]) => path === "/" || path.startsWith("/kb/") || path.startsWith("/private/"));
  const sum = (list: [string, number][]) => list.reduce((total, [, count]) => total + count, 0);
  return {
    pages: pages.length,
    pagesPerSecond: round(pages.length / seconds),
    cpuMsPerPage: round((cpuSeconds * 1_000) / pages.length, 2),
    seconds: round(seconds, 2),
    blockedFetched: sum(hits.filter(([path]) => path.startsWith("/private/"))),
    robotsFetches: sum(hits.filter(([path]) => path === "/robots.txt")),
    repeatedFetches: sum(pages) - pages.length,
    mostOpen,
  };
}

/** `npm run bench -- crawl-peer [--pages N] [--concurrency N] [--latency 0,50] [--json]` */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      pages: { type: "string", default: "2000" },
      concurrency: { type: "string", default: "16" },
      latency: { type: "string", default: "0,50" },
      json: { type: "boolean", default: false },
    },
  });
  const { concurrency } = values;
  const results = [];
  for (const latencyMs of values.latency.split(",").map(Number)) {
    const site = await startSiteProcess({ pages: Number(values.pages), latencyMs, blocked: 20 });
    try {
      const crawlee = await crawl(site, ["bench/crawlee.ts", site.url, concurrency]);
      const ourCrawl = (places: string) =>
        crawl(site, ["bench/main.ts", "crawl", "--json", "--url", site.url, "--concurrency", places]);
      const compared = (ours: Crawl) => ({
        ours,
        ratio: round(ours.pagesPerSecond / crawlee.pagesPerSecond, 2),
        cpuRatio: round(crawlee.cpuMsPerPage / ours.cpuMsPerPage, 2),
      });
      const samePlaces = compared(await ourCrawl(concurrency));
      const ownChoice = compared(await ourCrawl("auto"));
      // Whether it is the places alone.
      const wideCrawlee = await crawl(site, ["bench/crawlee.ts", site.url, String(ownChoice.ours.mostOpen)]);
      results.push({ latencyMs, crawlee, samePlaces, ownChoice, wideCrawlee });
    } finally {
      await site.stop();
    }
  }
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ bench: "crawl-peer", concurrency: Number(concurrency), results })}\n`);
    return;
  }
  for (const { latencyMs, crawlee, samePlaces, ownChoice, wideCrawlee } of results) {
    const bars = BARS[latencyMs];
    process.stdout.write(
      `at ${latencyMs} ms, Crawlee ${crawlee.pagesPerSecond} pages/s with ${concurrency} open${bars ? ` (bar ${bars.bar}, stretch ${bars.stretch})` : ""}\n`,
    );
    for (const [what, { ours, ratio, cpuRatio }] of [
      [`ours with ${concurrency} open`, samePlaces],
      [`ours by its own choice, ${ownChoice.ours.mostOpen} open at most`, ownChoice],
    ] as const)
      process.stdout.write(`  ${what}: ${ours.pagesPerSecond} pages/s, ${ratio} times, ${cpuRatio} by CPU time\n`);
    process.stdout.write(`  Crawlee with ${wideCrawlee.mostOpen} open: ${wideCrawlee.pagesPerSecond} pages/s\n`);
    for (const [name, of] of Object.entries({ crawlee, ours: samePlaces.ours, "own choice": ownChoice.ours }))
      process.stdout.write(
        `  ${name.padEnd(12)}${of.pages} pages, ${of.cpuMsPerPage} ms of CPU each, blocked fetched ${of.blockedFetched}, robots.txt ${of.robotsFetches}, repeated ${of.repeatedFetches}\n`,
      );
  }
}
