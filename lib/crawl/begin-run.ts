import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { call, json } from "@/lib/db/pool";
import { DOCUMENT_READER } from "@/lib/files/jobs";
import { type RunAgain, runAgainIn } from "@/lib/queue";
import { type CrawlDeps, crashPoint, crawlerName } from "./deps";
import { enqueuePages, NewPages } from "./enqueue-pages";
import type { HostRules } from "./fetch-robots";
import { READER_VERSION } from "./read-page";
import { type FoundPage, readSitemaps } from "./read-sitemaps";
import { hostRules } from "./robots-store";
import { linkRow } from "./start-run";

const Run = z.discriminatedUnion("state", [
  z.object({ state: z.literal("wait"), waitMs: z.number() }),
  z.object({
    state: z.literal("go"),
    kind: z.enum(["website", "sitemap", "urls"]),
    sourceUrl: z.string().nullable(),
    isRetry: z.boolean(),
    /** The source has pages that visitors are answered from. */
    isRefresh: z.boolean(),
    include: z.array(z.string()),
    exclude: z.array(z.string()),
    maxDepth: z.number(),
    readDocuments: z.boolean(),
    maxPages: z.number(),
    startPages: NewPages,
    startUrls: z.array(z.string()),
  }),
]);
type Begun = Extract<z.infer<typeof Run>, { state: "go" }>;

const Added = z.object({ goOn: z.boolean(), newPages: NewPages });
const Discovered = z.object({ newPages: NewPages });
const BATCH = 500;
const LONGEST_WAIT_MS = 15 * 60_000;

type RunRef = { tenantId: string; runId: string };

/**
 * The first job of a run: robots.txt decides whether there is anything to do, sitemaps say where to look beside the links.
 * A refresh reads the sitemaps before its first page, because they tell which pages need not be asked for.
 */
export async function beginRun(deps: CrawlDeps, ref: RunRef, signal: AbortSignal): Promise<RunAgain | undefined> {
  const runArgs = { tenant_id: ref.tenantId, run_id: ref.runId };
  const limit = { discovering: true, queue_limit: deps.config.maxQueueSize };
  const run = Run.nullable().parse(await call(deps.db, "begin_crawl_run", { ...runArgs, ...limit }));
  if (!run) return;
  if (run.state === "wait") return runAgainIn(run.waitMs);
  const reads = run.sourceUrl !== null && !run.isRetry ? run.sourceUrl : undefined;
  let keepsKnown = false;
  if (reads === undefined) await refreshRules(deps, run.startUrls, signal);
  else {
    const answer = await rulesOf(deps, reads, signal);
    if (!("rules" in answer)) {
      if (answer.waitMs !== undefined && answer.waitMs <= LONGEST_WAIT_MS) return runAgainIn(answer.waitMs);
      await call(deps.db, "fail_crawl_run", { ...runArgs, code: answer.code, message: answer.reason });
      return;
    }
    if (!run.isRefresh) await enqueuePages(deps, ref, run.startPages);
    crashPoint(deps, "begin");
    const discovered = await discover(deps, ref, { ...run, sourceUrl: reads }, answer.rules, signal);
    if (!discovered) return;
    keepsKnown = discovered.isIncomplete;
  }
  const { newPages } = Discovered.parse(await call(deps.db, "end_discovery", { ...runArgs, keep_known: keepsKnown }));
  await enqueuePages(deps, ref, [...run.startPages, ...newPages]);
}

/** Takes in what the sitemaps name. Null when the run has ended or was paused meanwhile. */
async function discover(
  deps: CrawlDeps,
  ref: RunRef,
  run: Begun & { sourceUrl: string },
  rules: HostRules,
  signal: AbortSignal,
): Promise<{ isIncomplete: boolean } | null> {
  const runArgs = { tenant_id: ref.tenantId, run_id: ref.runId };
  const halt = new AbortController();
  const add = async (entries: FoundPage[]) => {
    const links = json(entries.map(({ url, changedBy }) => ({ ...linkRow(url, 1), changedBy })));
    const readers = run.readDocuments ? [READER_VERSION, DOCUMENT_READER] : [READER_VERSION];
    const rest = { readers, hand_out: !run.isRefresh };
    const { goOn, newPages } = Added.parse(await call(deps.db, "add_links", { ...runArgs, links, ...rest }));
    await enqueuePages(deps, ref, newPages);
    if (!goOn) halt.abort();
    return goOn;
  };
  const beforeEach = async (sitemap: string) => {
    await turn(deps, sitemap, signal);
    // Shows the sweep that the run is in good hands, and learns of a pause.
    if (!(await add([]))) throw halt.signal.reason;
  };
  const request = {
    scope: { ...run, maxDepth: run.kind === "sitemap" ? Math.max(run.maxDepth, 1) : run.maxDepth },
    rules,
    limit: run.maxPages,
    ...(run.kind === "sitemap" && { given: run.sourceUrl }),
  };
  try {
    const { pages, problem, isIncomplete } = await readSitemaps(deps.config, request, signal, beforeEach);
    if (problem) {
      await call(deps.db, "fail_crawl_run", { ...runArgs, code: "sitemap_unreadable", message: problem });
      return null;
    }
    for (let i = 0; i < pages.length; i += BATCH) if (!(await add(pages.slice(i, i + BATCH)))) return null;
    return { isIncomplete };
  } catch (error) {
    if (halt.signal.aborted) return null;
    throw error;
  }
}

/** Pages that are visited for themselves: their sites' rules are read anew, and each page is judged by them when it has its turn. */
async function refreshRules(deps: CrawlDeps, urls: string[], signal: AbortSignal): Promise<void> {
  for (const url of urls)
    await hostRules(deps, url, signal, { maxAgeMs: 60_000 }).catch((error: unknown) => {
      if (!(error instanceof AppError) || signal.aborted) throw error;
    });
}

type Rules = { rules: HostRules } | { code: string; reason: string; waitMs?: number };

/** The site's rules, or why nothing can be read. Asked anew if they forbid: the member may have just changed them and tries again. */
async function rulesOf(deps: CrawlDeps, url: string, signal: AbortSignal): Promise<Rules> {
  let refusal: Rules | undefined;
  for (const maxAgeMs of [60_000, 5_000]) {
    try {
      const rules = await hostRules(deps, url, signal, { maxAgeMs });
      if (!rules.denial && rules.allowed(url)) return { rules };
      refusal = rules.denial ?? { code: "robots_denied", reason: forbidden(deps, url) };
    } catch (error) {
      if (!(error instanceof AppError) || error.retryAfterMs === undefined) throw error;
      return {
        code: "http_429",
        reason: `The site asked us to stay away for ${Math.ceil(error.retryAfterMs / 60_000)} minutes. Start the crawl again after that.`,
        waitMs: error.retryAfterMs,
      };
    }
  }
  return refusal!;
}

const forbidden = (deps: CrawlDeps, url: string): string =>
  `The site's robots.txt forbids reading ${url}. If the site is yours, allow "${crawlerName(deps.config)}" in ${new URL("/robots.txt", url).href}; otherwise start from a page that may be read.`;

/** Waits until the host has had its pause since the last request. */
async function turn(deps: CrawlDeps, url: string, signal: AbortSignal): Promise<void> {
  const { minDelayMs, allowHosts } = deps.config;
  const waitMs = await call<number>(deps.db, "take_turn", {
    host: new URL(url).host,
    delay_ms: minDelayMs,
    own_hosts: allowHosts,
  });
  if (waitMs > 0) await sleep(waitMs, undefined, { signal });
}
