import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type FetchConfig, OpenRequests } from "@/lib/crawl";
import { fetchOwnPage } from "@/lib/crawl/fetch-own-page";
import { fetchPage, type PageResponse, type Visit } from "@/lib/crawl/fetch-page";
import { fetchRobots, type HostRules, toRules } from "@/lib/crawl/fetch-robots";
import { readPage } from "@/lib/crawl/read-page";
import { readSitemaps } from "@/lib/crawl/read-sitemaps";
import { followable, type Scope } from "@/lib/crawl/scope";
import { normalizeUrl } from "@/lib/crawl/url";
import { closeConnections } from "@/lib/net";

/** How many pages are asked for at once; "auto": as many as the crawler finds that the host bears, as with CRAWL_ALLOW_HOSTS. */
export type Concurrency = number | "auto";

export interface CrawlFigures {
  url: string;
  concurrency: Concurrency;
  /** The most requests for pages that could be open at once; with "auto", that were. */
  mostOpen: number;
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
/** As many pages as a worker can have under way: WORKER_CONCURRENCY=64. */
const AUTO_PLACES = 64;
/** Fetched pages that wait to be read, for each place: beyond them places stay empty, so that memory is bounded. */
const UNREAD_PER_PLACE = 2;

/**
 * The crawler without database, queue and models: robots.txt, sitemaps, fetching, links, extraction and duplicates as in the product,
 * with a frontier in memory and without a pause between requests.
 */
export async function measureCrawl(
  url: string,
  { concurrency = 8, maxPages = 100_000 }: { concurrency?: Concurrency; maxPages?: number } = {},
): Promise<CrawlFigures> {
  const start = normalizeUrl(url);
  if (!start) throw new Error(`${url} is not the address of a web page.`);
  const config: FetchConfig = { userAgent: "AlonChatBot/1.0", allowHosts: [new URL(start).host] };
  const scope: Scope = { sourceUrl: start, include: [], exclude: [], maxDepth: 100, readDocuments: false };
  const { signal } = new AbortController();
  const startedAt = performance.now();
  const cpuAtStart = process.cpuUsage();

  const { robots } = await fetchRobots(config, new URL(start).origin, signal);
  const rules = toRules(robots, config.userAgent);
  if (rules.denial) throw new Error(rules.denial.reason);
  const frontier = new Frontier(start, scope, maxPages);
  const places = concurrency === "auto" ? AUTO_PLACES : concurrency;
  const open = concurrency === "auto" ? new OpenRequests(places) : null;
  const unread = new Unread(places * UNREAD_PER_PLACE);
  const visits = Array.from({ length: places }, () => work({ config, rules, frontier, unread, open, signal }));
  frontier.add(
    (await readSitemaps(config, { scope, rules, limit: maxPages }, signal)).pages.map((page) => page.url),
    1,
  );
  frontier.complete();
  await Promise.all(visits);

  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpuAtStart);
  const cpuSeconds = (user + system) / 1_000_000;
  const { stored, requests, bytes, words, statuses } = frontier;
  return {
    url: start,
    concurrency,
    mostOpen: open?.stateOf(new URL(start).host)?.mostOpen ?? places,
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
  #seen = new Set<string>();
  #queue: Address[] = [];
  #next = 0;
  #underWay = 0;
  #isComplete = false;
  #change = new Signal();

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
    this.#change.give();
  }

  /** No address will come but from pages that are being visited. */
  complete(): void {
    this.#isComplete = true;
    this.#change.give();
  }

  /** Undefined at the end; waits while pages under way may still bring some. */
  async take(): Promise<Address | undefined> {
    while (this.#next >= this.#queue.length) {
      if (this.#isComplete && this.#underWay === 0) return undefined;
      await this.#change.next();
    }
    this.#underWay++;
    return this.#queue[this.#next++];
  }

  done(status: string): void {
    this.#underWay--;
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    this.#change.give();
  }
}

/** Wakes all who wait for the next time that something is so. */
class Signal {
  #wake = () => {};
  #next: Promise<void> | undefined;

  next(): Promise<void> {
    this.#next ??= new Promise((resolve) => {
      this.#wake = resolve;
    });
    return this.#next;
  }

  give(): void {
    this.#next = undefined;
    this.#wake();
  }
}

/**
 * Fetched pages, read one after the other. Between two of them the process looks at its sockets, so that a place whose answer is in asks for
 * its next page before this one is read.
 */
class Unread {
  #pages: (() => void)[] = [];
  #isReading = false;
  #room = new Signal();

  constructor(readonly maxPages: number) {}

  /** Waits for room. */
  async add(read: () => void): Promise<void> {
    while (this.#pages.length >= this.maxPages) await this.#room.next();
    this.#pages.push(read);
    if (!this.#isReading) void this.#readAll();
  }

  async #readAll(): Promise<void> {
    this.#isReading = true;
    while (this.#pages.length > 0) {
      await nextTurn();
      this.#pages.shift()!();
      this.#room.give();
    }
    this.#isReading = false;
  }
}

interface Crawl {
  config: FetchConfig;
  rules: HostRules;
  frontier: Frontier;
  unread: Unread;
  /** Null where a number was given. */
  open: OpenRequests | null;
  signal: AbortSignal;
}

async function work({ config, rules, frontier, unread, open, signal }: Crawl): Promise<void> {
  for (let address = await frontier.take(); address; address = await frontier.take()) {
    if (!rules.allowed(address.url)) {
      frontier.done("excluded robots_denied");
      continue;
    }
    const page = address;
    const visit = await fetched({ config, frontier, open, signal }, page);
    if ("ending" in visit) {
      const { status, code, links = [] } = visit.ending;
      frontier.add(links, code === "redirect" ? page.depth : page.depth + 1);
      frontier.done(`${status} ${code}`);
    } else await unread.add(() => frontier.done(read(visit.response, page, frontier)));
  }
}

async function fetched(
  { config, frontier, open, signal }: Pick<Crawl, "config" | "frontier" | "open" | "signal">,
  { url }: Address,
): Promise<Exclude<Visit, { deferMs: number }>> {
  for (let attempt = 1; ; attempt++) {
    const request = { url, sourceUrl: frontier.scope.sourceUrl, attempt };
    const visit = (await (open
      ? fetchOwnPage(open, config, request, { signal })
      : fetchPage(config, request, signal)))!;
    frontier.requests++;
    if (!("deferMs" in visit) || attempt >= MAX_ATTEMPTS) return visit;
    await sleep(visit.deferMs);
  }
}

/** How the page's address ended. */
function read({ body, headers }: PageResponse, { url, depth }: Address, frontier: Frontier): string {
  frontier.bytes += body.length;
  const reading = readPage(body, url, headers);
  frontier.add(reading.links, depth + 1);
  if (reading.kind === "left_out") return `${reading.status} ${reading.code}`;
  if (frontier.stored.has(reading.page.contentHash)) return "duplicate duplicate_content";
  frontier.stored.add(reading.page.contentHash);
  frontier.words += reading.page.wordCount;
  return "stored";
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** `npm run bench -- crawl --url URL [--concurrency N|auto] [--max-pages N] [--json]` */
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
    concurrency: values.concurrency === "auto" ? "auto" : Number(values.concurrency),
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
