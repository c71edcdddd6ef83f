import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { call, json } from "@/lib/db/pool";
import { type RunAgain, runAgainIn } from "@/lib/queue";
import { type CrawlDeps, crashPoint, crawlerName } from "./deps";
import { enqueuePages, NewPages } from "./enqueue-pages";
import type { HostRules } from "./fetch-robots";
import { readSitemaps } from "./read-sitemaps";
import { hostRules } from "./robots-store";
import { linkRow } from "./start-run";

const Run = z.discriminatedUnion("state", [
  z.object({ state: z.literal("wait"), waitMs: z.number() }),
  z.object({
    state: z.literal("go"),
    sourceUrl: z.string(),
    include: z.array(z.string()),
    exclude: z.array(z.string()),
    maxDepth: z.number(),
    maxPages: z.number(),
    rootPageId: z.uuid().nullable(),
  }),
]);

const Discovered = z.object({ newPages: NewPages });
const BATCH = 500;
const LONGEST_WAIT_MS = 15 * 60_000;

/** The first job of a run: robots.txt decides whether there is anything to do, sitemaps say where to look beside the links. */
export async function beginRun(
  deps: CrawlDeps,
  ref: { tenantId: string; runId: string },
  signal: AbortSignal,
): Promise<RunAgain | undefined> {
  const runArgs = { tenant_id: ref.tenantId, run_id: ref.runId };
  const limit = { discovering: true, queue_limit: deps.config.maxQueueSize };
  const run = Run.nullable().parse(await call(deps.db, "begin_crawl_run", { ...runArgs, ...limit }));
  if (!run) return;
  if (run.state === "wait") return runAgainIn(run.waitMs);
  const answer = await rulesOf(deps, run.sourceUrl, signal);
  if (!("rules" in answer)) {
    if (answer.waitMs !== undefined && answer.waitMs <= LONGEST_WAIT_MS) return runAgainIn(answer.waitMs);
    await call(deps.db, "fail_crawl_run", { ...runArgs, code: answer.code, message: answer.reason });
    return;
  }
  if (run.rootPageId) await enqueuePages(deps, ref, [{ id: run.rootPageId, nudge: 0, place: 1 }]);
  crashPoint(deps, "begin");
  const { rules } = answer;
  const add = async (urls: string[]) => {
    const links = json(urls.map((url) => linkRow(url, 1)));
    await enqueuePages(deps, ref, NewPages.parse(await call(deps.db, "add_links", { ...runArgs, links })));
  };
  const beforeEach = async (sitemap: string) => {
    await turn(deps, sitemap, signal);
    // Shows the sweep that the run is in good hands.
    await add([]);
  };
  const urls = await readSitemaps(deps.config, { scope: run, rules, limit: run.maxPages }, signal, beforeEach);
  for (let i = 0; i < urls.length; i += BATCH) await add(urls.slice(i, i + BATCH));
  const { newPages } = Discovered.parse(await call(deps.db, "end_discovery", runArgs));
  await enqueuePages(deps, ref, newPages);
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
