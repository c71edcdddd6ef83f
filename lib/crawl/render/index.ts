import { log } from "@/lib/core/log";
import { AnswerCache } from "./answer-cache";
import { findChromium } from "./browser";
import { pageLimits } from "./limits";
import type { PageSource, WayOut } from "./page-requests";
import { BrowserPool } from "./pool";
import { type RenderResult, renderPage } from "./render-page";

export interface RenderConfig extends WayOut {
  chromiumPath: string | undefined;
  /** Pages at once in this process; 0 renders none. */
  concurrency: number;
  timeoutMs: number;
  memoryMebibytes: number;
}

export type RenderOutcome =
  | RenderResult
  /** There is no browser, in words for the member. */
  | { kind: "unavailable"; reason: string }
  /** All browsers were taken for too long. */
  | { kind: "busy" };

export interface Renderer {
  /** @throws the signal's reason only */
  render(source: PageSource, signal: AbortSignal): Promise<RenderOutcome>;
  /** Browsers that run now. */
  readonly browsers: number;
  close(): Promise<void>;
}

const ELSE = "or give this content on a page that shows it without JavaScript.";
const OFF = `The page shows its text only with JavaScript, and rendering is switched off here. Ask whoever runs this server to set RENDER_CONCURRENCY to 1 or more, ${ELSE}`;
const NOT_FOUND = `The page shows its text only with JavaScript, and there is no Chromium here to run it. Ask whoever runs this server to install it (Debian and Ubuntu: apt-get install chromium) or to set CHROMIUM_PATH, ${ELSE}`;
const NOT_STARTED = `The page shows its text only with JavaScript, and Chromium did not start here. Ask whoever runs this server to look into the worker's log for "render.start_failed", ${ELSE}`;

/** Renders pages that need JavaScript. Costs nothing before the first of them: not even the driver is loaded. */
export function createRenderer(config: RenderConfig): Renderer {
  const limits = pageLimits(config.timeoutMs, config.memoryMebibytes);
  const answers = new AnswerCache();
  let pool: BrowserPool | undefined;
  return {
    async render(source, signal) {
      if (config.concurrency === 0) return { kind: "unavailable", reason: OFF };
      const executablePath = findChromium(config.chromiumPath);
      if (!executablePath) return { kind: "unavailable", reason: NOT_FOUND };
      pool ??= new BrowserPool({ executablePath, size: config.concurrency });
      let started = false;
      try {
        const result = await pool.use(source.tenantId, signal, (running) => {
          started = true;
          return renderPage(running, source, { out: config, limits, answers }, signal);
        });
        return result ?? { kind: "busy" };
      } catch (error) {
        if (signal.aborted || started) throw error;
        log.error({ event: "render.start_failed", reason: String(error).slice(0, 2_000) });
        return { kind: "unavailable", reason: NOT_STARTED };
      }
    },
    get browsers() {
      return pool?.running ?? 0;
    },
    close: async () => pool?.close(),
  };
}
