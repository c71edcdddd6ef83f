import { CheerioCrawler, Configuration, LogLevel, log, RequestQueue } from "@crawlee/cheerio";

// `tsx bench/crawlee.ts URL CONCURRENCY`: Crawlee's CheerioCrawler at its best on one machine. Nothing is written to disk, no sessions,
// no scaling up from one. It takes each page's title and text and follows its links; robots.txt is not asked, as is its default.
log.setLevel(LogLevel.OFF);
const [, , url = "", concurrency = "16"] = process.argv;
const configuration = new Configuration({ persistStorage: false, purgeOnStart: true, logLevel: LogLevel.OFF });
const startedAt = performance.now();
const cpuAtStart = process.cpuUsage();
let pages = 0;
let characters = 0;
const crawler = new CheerioCrawler(
  {
    requestQueue: await RequestQueue.open(null, { config: configuration }),
    minConcurrency: Number(concurrency),
    maxConcurrency: Number(concurrency),
    autoscaledPoolOptions: { desiredConcurrency: Number(concurrency), maybeRunIntervalSecs: 0.05 },
    useSessionPool: false,
    statisticsOptions: { persistenceOptions: { enable: false } },
    async requestHandler({ $, enqueueLinks }) {
      pages++;
      characters += $("title").text().length + $("main").text().length;
      await enqueueLinks({ strategy: "same-origin" });
    },
  },
  configuration,
);
await crawler.run([url]);
const seconds = (performance.now() - startedAt) / 1_000;
const { user, system } = process.cpuUsage(cpuAtStart);
const cpuSeconds = (user + system) / 1_000_000;
process.stdout.write(`${JSON.stringify({ pages, characters, seconds, cpuSeconds, mostOpen: Number(concurrency) })}\n`);
process.exit(0);
