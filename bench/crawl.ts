import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { FetchConfig } from "@/lib/crawl";
import { fetchPage } from "@/lib/crawl/fetch-page";
import { fetchRobots, type HostRules, toRules } from "@/lib/crawl/fetch-robots";
import { readPage } from "@/lib/crawl/read-page";
import { readSitemaps } from "@/lib/crawl/read-sitemaps";
import { followable, type Scope } from "@/lib/crawl/scope";
import { normalizeUrl } from "@/lib/crawl/url";
import { closeConnections } from "@/lib/net";

export interface CrawlFigures {
  url: string;
  concurrency: number;
  /** Pages whose text was extracted and is not that of another page. */
  pages: number;
  /** Requests for pages, whatever came of them. */
  requests: number;
  seconds: number;
  pagesPerSecond: number;
  /** Of this process alone: `pages` by its CPU time. */
  pagesPerCpuSecond: number;
  cpuSeconds: number;
  /** Bodies of pages, decompressed. */
  bytes: number;
  words: number;
  /** How many addresses ended how: `stored`, or status and reason code as in the product. */
  statuses: Record<string, number>;
}

const MAX_ATTEMPTS = 4;

/**
 * The crawler without database, queue and models: robots.txt, sitemaps, fetching, links, extraction and duplicates as in the product,
 * with a frontier in memory and without a pause between requests.
 */
export async function measureCrawl(url: string, { concurrency = 8, maxPages = 100_000 } = {}): Promise<CrawlFigures> {
  const start = normalizeUrl(url);
  if (!start) throw new Error(`${url} is not the address of a web page.`);
  const config: FetchConfig = { userAgent: "AlonChatBot/1.0", allowHosts: [new URL(start).host] };
  const scope: Scope = { sourceUrl: start, include: [], exclude: [], maxDepth: 100 };
  const { signal } = new AbortController();
  const startedAt = performance.now();
  const cpuAtStart = process.cpuUsage();

  const { robots } = await fetchRobots(config, new URL(start).origin, signal);
  const rules = toRules(robots, config.userAgent);
  if (rules.denial) throw new Error(rules.denial.reason);
  const frontier = new Frontier(start, scope, maxPages);
  const visits = Array.from({ length: concurrency }, () => work(config, rules, frontier, signal));
  frontier.add(
    (await readSitemaps(config, { scope, rules, limit: maxPages }, signal)).pages.map((page) => page.url),
    1,
  );
  frontier.isComplete = true;
  await Promise.all(visits);

  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpuAtStart);
  const cpuSeconds = (user + system) / 1_000_000;
  const { stored, requests, bytes, words, statuses } = frontier;
  return {
    url: start,
    concurrency,
    pages: stored.size,
    requests,
    seconds: round(seconds),
    pagesPerSecond: round(stored.size / seconds),
    pagesPerCpuSecond: round(stored.size / cpuSeconds),
    cpuSeconds: round(cpuSeconds),
    bytes,
    words,
    statuses,
  };
}

interface Address {
  url: string;
  depth: number;
}

/** What the rows of a run are in the product. */
class Frontier {
  readonly stored = new Set<string>();
  readonly statuses: Record<string, number> = {};
  requests = 0;
  bytes = 0;
  words = 0;
  /** No address will come but from pages that are being read. */
  isComplete = false;
  #seen = new Set<string>();
  #queue: Address[] = [];
  #next = 0;
  #underWay = 0;

  constructor(
    start: string,
    readonly scope: Scope,
    readonly maxPages: number,
  ) {
    this.#put({ url: start, depth: 0 });
  }

  add(links: Iterable<string>, depth: number): void {
    for (const url of followable(links, depth, this.scope)) this.#put({ url, depth });
  }

  #put(address: Address): void {
    if (this.#seen.has(address.url) || this.#seen.size >= this.maxPages) return;
    this.#seen.add(address.url);
    this.#queue.push(address);
  }

  /** Undefined at the end; waits while pages under way may still bring some. */
  async take(): Promise<Address | undefined> {
    while (this.#next >= this.#queue.length) {
      if (this.isComplete && this.#underWay === 0) return undefined;
      await sleep(1);
    }
    this.#underWay++;
    return this.#queue[this.#next++];
  }

  done(status: string): void {
    this.#underWay--;
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
  }
}

async function work(config: FetchConfig, rules: HostRules, frontier: Frontier, signal: AbortSignal): Promise<void> {
  for (let address = await frontier.take(); address; address = await frontier.take())
    frontier.done(
      rules.allowed(address.url) ? await visit(config, address, frontier, signal) : "excluded robots_denied",
    );
}

async function visit(
  config: FetchConfig,
  { url, depth }: Address,
  frontier: Frontier,
  signal: AbortSignal,
): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    frontier.requests++;
    const result = await fetchPage(config, { url, sourceUrl: frontier.scope.sourceUrl, attempt }, signal);
    if ("deferMs" in result && attempt < MAX_ATTEMPTS) {
      await sleep(result.deferMs);
      continue;
    }
    if ("ending" in result) {
      const { status, code, links = [] } = result.ending;
      frontier.add(links, code === "redirect" ? depth : depth + 1);
      return `${status} ${code}`;
    }
    frontier.bytes += result.response.body.length;
    const reading = readPage(result.response.body, url, result.response.headers);
    frontier.add(reading.links, depth + 1);
    if (reading.kind === "left_out") return `${reading.status} ${reading.code}`;
    if (frontier.stored.has(reading.page.contentHash)) return "duplicate duplicate_content";
    frontier.stored.add(reading.page.contentHash);
    frontier.words += reading.page.wordCount;
    return "stored";
  }
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** `npm run bench -- crawl --url URL [--concurrency N] [--max-pages N] [--json]` */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      url: { type: "string" },
      concurrency: { type: "string", default: "8" },
      "max-pages": { type: "string", default: "100000" },
      json: { type: "boolean", default: false },
    },
  });
  if (!values.url)
    throw new Error(
      "Which site? npm run bench -- crawl --url http://127.0.0.1:4400/ (tsx lib/testing/sample-site/main.ts serves one)",
    );
  const figures = await measureCrawl(values.url, {
    concurrency: Number(values.concurrency),
    maxPages: Number(values["max-pages"]),
  });
  await closeConnections();
  if (values.json) {
    process.stdout.write(`${JSON.stringify(figures)}\n`);
    return;
  }
  const { statuses, ...numbers } = figures;
  for (const [name, value] of Object.entries(numbers)) process.stdout.write(`${name.padEnd(20)}${value}\n`);
  for (const [status, count] of Object.entries(statuses).sort((a, b) => b[1] - a[1]))
    process.stdout.write(`  ${status.padEnd(30)}${count}\n`);
}
