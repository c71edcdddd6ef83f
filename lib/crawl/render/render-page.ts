import { setTimeout as sleep } from "node:timers/promises";
import type { BrowserContext, CDPSession, Page } from "playwright-core";
import { log } from "@/lib/core/log";
import type { AnswerCache } from "./answer-cache";
import type { RunningBrowser } from "./browser";
import type { RenderLimits } from "./limits";
import { type Interruption, PageRequests, type PageSource, type WayOut } from "./page-requests";
import { BEFORE_PAGE, MEASURE, type Measure, type Serialized, serialize } from "./page-scripts";

export type RenderResult =
  /** `url` is where the page's own routing went to; mostly where it was. */
  { kind: "rendered"; html: string; url: string } | Interruption | Unreadable;

export interface Unreadable {
  kind: "unreadable";
  code: "render_timeout" | "render_memory" | "render_failed";
}

const LOOK_EVERY_MS = 100;
const WATCH_EVERY_MS = 250;
/** Nothing has been asked for and nothing has changed for so long: the page is complete. */
const QUIET_MS = 500;
/** The same for a page that shows next to nothing yet, … */
const EMPTY_QUIET_MS = 2_000;
/** … and for one that has its text but never stops asking. */
const BUSY_QUIET_MS = 2_000;
const ENOUGH_WORDS = 25;
/** Of the time limit: then a page that still moves is taken as it is. */
const SETTLE_SHARE = 0.8;
const CLOSE_LIMIT_MS = 2_000;

/**
 * Renders one page in a browser that has no other page open.
 * @throws the signal's reason; everything that the page does to itself is a result
 */
export async function renderPage(
  running: RunningBrowser,
  source: PageSource,
  { out, limits, answers }: { out: WayOut; limits: RenderLimits; answers: AnswerCache },
  signal: AbortSignal,
): Promise<RenderResult> {
  const done = new AbortController();
  let context: BrowserContext | undefined;
  let requests: PageRequests | undefined;
  const read = async (interrupt: (what: RenderResult) => void): Promise<RenderResult> => {
    context = await isolatedContext(running, out.userAgent);
    requests = new PageRequests(source, out, limits, answers, interrupt);
    const page = await onlyPage(context, requests, interrupt);
    return readWhenSettled(page, source.url, requests, limits, done.signal);
  };
  try {
    return await new Promise<RenderResult>((resolve, reject) => {
      const onAbort = () => reject(signal.reason);
      if (signal.aborted) return onAbort();
      signal.addEventListener("abort", onAbort, { once: true, signal: done.signal });
      const giveUp = (code: Unreadable["code"]) => resolve({ kind: "unreadable", code });
      const timer = setTimeout(() => giveUp("render_timeout"), limits.timeoutMs);
      done.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
      watchMemory(running, limits.memoryBytes, done.signal, () => giveUp("render_memory"));
      read(resolve).then(resolve, (error: unknown) => {
        if (!done.signal.aborted)
          log.warn({ event: "render.failed", tenantId: source.tenantId, reason: String(error).slice(0, 300) });
        giveUp("render_failed");
      });
    });
  } finally {
    done.abort();
    requests?.close();
    await closeOrKill(running, context);
  }
}

const isolatedContext = async ({ browser }: RunningBrowser, userAgent: string): Promise<BrowserContext> => {
  const context = await browser.newContext({
    userAgent,
    serviceWorkers: "block",
    acceptDownloads: false,
    permissions: [],
    locale: "en-US",
    viewport: { width: 1280, height: 2_000 },
    reducedMotion: "reduce",
  });
  await context.addInitScript(BEFORE_PAGE);
  return context;
};

async function onlyPage(
  context: BrowserContext,
  requests: PageRequests,
  interrupt: (what: RenderResult) => void,
): Promise<Page> {
  let page: Page | undefined;
  await context.route("**/*", (route) => requests.answer(route, page));
  await context.routeWebSocket(/.*/, (socket) => socket.close());
  context.on("page", (opened) => {
    if (page && opened !== page) void opened.close().catch(() => {});
  });
  page = await context.newPage();
  page.on("dialog", (dialog) => void dialog.dismiss().catch(() => {}));
  page.on("download", (download) => void download.cancel().catch(() => {}));
  page.on("crash", () => interrupt({ kind: "unreadable", code: "render_failed" }));
  return page;
}

async function readWhenSettled(
  page: Page,
  url: string,
  requests: PageRequests,
  limits: RenderLimits,
  done: AbortSignal,
): Promise<RenderResult> {
  const startedAt = performance.now();
  await page.goto(url, { waitUntil: "commit", timeout: limits.timeoutMs });
  const view = await page.context().newCDPSession(page);
  await settled(view, requests, startedAt + limits.timeoutMs * SETTLE_SHARE, done);
  const { html, address } = await evaluate<Serialized>(view, serialize(limits.htmlBytes));
  if (!/^https?:/.test(address)) return { kind: "unreadable", code: "render_failed" };
  return { kind: "rendered", html, url: address };
}

async function settled(view: CDPSession, requests: PageRequests, untilMs: number, done: AbortSignal): Promise<void> {
  let size = -1;
  let changedAt = performance.now();
  let askedAt = changedAt;
  while (performance.now() < untilMs) {
    await sleep(LOOK_EVERY_MS, undefined, { signal: done });
    const seen = await evaluate<Measure>(view, MEASURE);
    const now = performance.now();
    if (requests.inFlight > 0) askedAt = now;
    if (seen.size !== size) changedAt = now;
    size = seen.size;
    if (!seen.isParsed) continue;
    const unchangedMs = now - changedAt;
    const quietMs = Math.min(unchangedMs, now - askedAt);
    if (quietMs >= (seen.words >= ENOUGH_WORDS ? QUIET_MS : EMPTY_QUIET_MS)) return;
    if (seen.words >= ENOUGH_WORDS && unchangedMs >= BUSY_QUIET_MS) return;
  }
}

/** In a world of its own, where nothing is what the page's scripts made of it. */
async function evaluate<T>(view: CDPSession, expression: string): Promise<T> {
  const { frameTree } = await view.send("Page.getFrameTree");
  const { executionContextId } = await view.send("Page.createIsolatedWorld", {
    frameId: frameTree.frame.id,
    worldName: "reader",
  });
  const { result, exceptionDetails } = await view.send("Runtime.evaluate", {
    expression,
    contextId: executionContextId,
    returnByValue: true,
  });
  if (exceptionDetails) throw new Error(exceptionDetails.text);
  return result.value as T;
}

function watchMemory(
  { memoryBytes }: RunningBrowser,
  limitBytes: number,
  done: AbortSignal,
  exceeded: () => void,
): void {
  const look = async (): Promise<void> => {
    for (;;) {
      await sleep(WATCH_EVERY_MS, undefined, { signal: done });
      if (((await memoryBytes()) ?? 0) > limitBytes) return exceeded();
    }
  };
  look().catch(() => {});
}

/** A page that hangs keeps its context from closing: the browser goes with it. */
async function closeOrKill(running: RunningBrowser, context: BrowserContext | undefined): Promise<void> {
  const closed = context?.close().then(
    () => true,
    () => false,
  );
  const limit = new AbortController();
  const isClosed = await Promise.race([
    closed ?? false,
    sleep(CLOSE_LIMIT_MS, false, { signal: limit.signal }).catch(() => false),
  ]);
  limit.abort();
  if (!isClosed) running.kill();
}
