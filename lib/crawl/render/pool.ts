import { log } from "@/lib/core/log";
import { type RunningBrowser, startBrowser } from "./browser";
import { IDLE_MS, PAGES_A_BROWSER, PATIENCE_MS } from "./limits";

interface Slot {
  running: RunningBrowser | undefined;
  pages: number;
  idle: NodeJS.Timeout | undefined;
}

interface Waiting {
  tenantId: string;
  take(slot: Slot): void;
}

export interface PoolOptions {
  executablePath: string;
  /** Browsers, and so pages, at once. */
  size: number;
  idleMs?: number;
  pagesABrowser?: number;
  patienceMs?: number;
}

/**
 * Browsers that start with the first page and end when there is nothing to do. A page has a browser to itself while it is open, so
 * that one that hangs or hoards takes no other down with it.
 */
export class BrowserPool {
  readonly #free: Slot[];
  readonly #slots: Slot[];
  readonly #waiting: Waiting[] = [];
  /** When a tenant had a browser last: a site of a thousand pages does not keep another tenant's first one waiting. */
  readonly #servedAt = new Map<string, number>();
  #turns = 0;
  #closed = false;

  constructor(private readonly options: PoolOptions) {
    this.#slots = Array.from({ length: options.size }, () => ({ running: undefined, pages: 0, idle: undefined }));
    this.#free = [...this.#slots];
  }

  /** Browsers that run now. */
  get running(): number {
    return this.#slots.filter(({ running }) => running?.browser.isConnected()).length;
  }

  /**
   * @returns what `work` gives; undefined when no browser was free in time
   * @throws what `work` throws, the signal's reason, or Playwright's error when the browser does not start
   */
  async use<T>(
    tenantId: string,
    signal: AbortSignal,
    work: (running: RunningBrowser) => Promise<T>,
  ): Promise<T | undefined> {
    const slot = await this.#take(tenantId, signal);
    if (!slot) return undefined;
    try {
      return await work(await this.#ready(slot));
    } finally {
      await this.#giveBack(slot);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#slots.map((slot) => this.#end(slot)));
  }

  #take(tenantId: string, signal: AbortSignal): Promise<Slot | undefined> {
    signal.throwIfAborted();
    const free = this.#free.pop();
    if (free) {
      this.#remember(tenantId);
      return Promise.resolve(free);
    }
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(patience);
        signal.removeEventListener("abort", onAbort);
        const at = this.#waiting.indexOf(entry);
        if (at >= 0) this.#waiting.splice(at, 1);
      };
      const onAbort = () => {
        leave();
        reject(signal.reason);
      };
      const entry: Waiting = {
        tenantId,
        take: (slot) => {
          leave();
          resolve(slot);
        },
      };
      const patience = setTimeout(() => {
        leave();
        resolve(undefined);
      }, this.options.patienceMs ?? PATIENCE_MS);
      signal.addEventListener("abort", onAbort, { once: true });
      this.#waiting.push(entry);
    });
  }

  async #ready(slot: Slot): Promise<RunningBrowser> {
    clearTimeout(slot.idle);
    if (slot.running && slot.pages >= (this.options.pagesABrowser ?? PAGES_A_BROWSER)) await this.#end(slot);
    if (!slot.running?.browser.isConnected()) {
      const startedAt = performance.now();
      slot.running = await startBrowser(this.options.executablePath);
      slot.pages = 0;
      log.info({ event: "render.browser_started", durationMs: Math.round(performance.now() - startedAt) });
    }
    slot.pages++;
    return slot.running;
  }

  async #giveBack(slot: Slot): Promise<void> {
    if (this.#closed) await this.#end(slot);
    const next = this.#waiting.toSorted((a, b) => this.#lastTurn(a) - this.#lastTurn(b))[0];
    if (next) {
      this.#remember(next.tenantId);
      return next.take(slot);
    }
    this.#free.push(slot);
    slot.idle = setTimeout(() => void this.#end(slot), this.options.idleMs ?? IDLE_MS);
    slot.idle.unref();
  }

  #lastTurn({ tenantId }: Waiting): number {
    return this.#servedAt.get(tenantId) ?? 0;
  }

  #remember(tenantId: string): void {
    this.#servedAt.delete(tenantId);
    this.#servedAt.set(tenantId, ++this.#turns);
    if (this.#servedAt.size > 1_000) this.#servedAt.delete(this.#servedAt.keys().next().value!);
  }

  async #end(slot: Slot): Promise<void> {
    clearTimeout(slot.idle);
    const { running } = slot;
    slot.running = undefined;
    if (!running) return;
    const limit = setTimeout(() => running.kill(), 2_000);
    await running.browser.close().catch(() => {});
    clearTimeout(limit);
    running.kill();
  }
}
