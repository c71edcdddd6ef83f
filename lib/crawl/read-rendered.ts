import { decodeHtml } from "@/lib/core/text/decode";
import type { CrawlDeps } from "./deps";
import { type Ending, redirectEnding, type Visit } from "./fetch-page";
import { extractLinks } from "./links";
import { type PageReading, readPage } from "./read-page";
import type { RenderOutcome } from "./render";
import { normalizeUrl } from "./url";

export interface ShellPage {
  tenantId: string;
  url: string;
  sourceUrl: string;
  ignoreCanonical: boolean;
  /** 1 for the first try. */
  attempt: number;
  /** The page as the site sent it, without text of its own. */
  response: { status: number; headers: Record<string, string>; body: Buffer };
  allowed(url: string): boolean;
}

const BUSY_MS = 15_000;
const AGAIN_MS = 2_000;

const UNREADABLE: Record<Extract<RenderOutcome, { kind: "unreadable" }>["code"], string> = {
  render_timeout: "The page's scripts did not come to an end in time. Check that the page opens quickly in a browser.",
  render_memory: "The page's scripts take more memory than a page may. Give this content on a lighter page.",
  render_failed: "The page broke off while its scripts ran. Check that it opens in a browser without errors.",
};

/**
 * Runs the scripts of a page and reads what they made of it, in the same way as any page. A page that sends on to another one by
 * script is a redirect. The site is asked for the scripts and their data only, not for the page again.
 * @throws the signal's reason only
 */
export async function readRendered(
  { renderer, config }: Pick<CrawlDeps, "renderer" | "config">,
  shell: ShellPage,
  signal: AbortSignal,
): Promise<{ reading: PageReading } | Exclude<Visit, { response: unknown }>> {
  const { url, response } = shell;
  const { html } = decodeHtml(response.body, response.headers["content-type"]);
  const { tenantId, allowed } = shell;
  const outcome = await renderer.render({ tenantId, url, html, allowed }, signal);
  switch (outcome.kind) {
    case "rendered": {
      const elsewhere = otherPage(outcome.url, url);
      if (elsewhere) return { ending: redirectEnding(shell, response.status, elsewhere) };
      const { "x-robots-tag": robots } = response.headers;
      const headers = { "content-type": "text/html; charset=utf-8", ...(robots ? { "x-robots-tag": robots } : {}) };
      // A main address that only the shell names stands on all of its pages alike; same text is found by the text.
      const isOfShell = extractLinks(html, url).canonical === extractLinks(outcome.html, url).canonical;
      const ignoreCanonical = shell.ignoreCanonical || isOfShell;
      const options = { ignoreCanonical, isRendered: true, userAgent: config.userAgent };
      return { reading: readPage(Buffer.from(outcome.html), url, headers, options) };
    }
    case "moved":
      return { ending: redirectEnding(shell, response.status, outcome.url) };
    case "slow_down":
      return { deferMs: outcome.waitMs, wholeHost: true, ending: failed("http_429", SLOWED, 429) };
    case "busy":
      return { deferMs: BUSY_MS, wholeHost: false, ending: failed("render_busy", BUSY) };
    case "unavailable":
      return {
        ending: { status: "excluded", code: "needs_javascript", reason: outcome.reason, httpStatus: response.status },
      };
    case "unreadable":
      return again(shell, failed(outcome.code, UNREADABLE[outcome.code], response.status));
  }
}

/** Once more: it may have been this machine that was busy. Only once, because a page that hangs takes a browser all that time. */
const again = ({ attempt }: ShellPage, ending: Ending) =>
  attempt === 1 ? { deferMs: AGAIN_MS, wholeHost: false, ending } : { ending };

const SLOWED = "The site asked us to slow down (HTTP 429). Refresh this source when the site is less busy.";
const BUSY = "Too many pages that need JavaScript were waiting at the same time. Refresh this source in a while.";

const failed = (code: string, reason: string, httpStatus?: number): Ending => ({
  status: "failed",
  code,
  reason,
  ...(httpStatus === undefined ? {} : { httpStatus }),
});

/** The page that the site's own routing went to. Another query alone is mostly a note of the page to itself. */
function otherPage(address: string, url: string): string | null {
  const target = normalizeUrl(address, url);
  if (!target) return null;
  const [to, from] = [new URL(target), new URL(url)];
  return to.origin + to.pathname === from.origin + from.pathname ? null : target;
}
