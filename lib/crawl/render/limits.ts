/** What one page may cost. Times include the wait for what its scripts ask for, and not the start of the browser. */
export interface RenderLimits {
  /** After that the page is given up, whatever it does. */
  timeoutMs: number;
  /** Private and shared memory of the browser with all its processes. */
  memoryBytes: number;
  /** Requests of its scripts, those answered from memory included. */
  requests: number;
  /** Of all answers together, decompressed. */
  totalBytes: number;
  /** At once, over all hosts: fewer than the six a host that browsers take. */
  parallelRequests: number;
  /** Of the HTML that comes out. */
  htmlBytes: number;
}

const MEBIBYTE = 1024 * 1024;

export const pageLimits = (timeoutMs: number, memoryMebibytes: number): RenderLimits => ({
  timeoutMs,
  memoryBytes: memoryMebibytes * MEBIBYTE,
  requests: 100,
  totalBytes: 20 * MEBIBYTE,
  parallelRequests: 4,
  htmlBytes: 5 * MEBIBYTE,
});

/** Pages of one browser, which is then replaced: what leaks in it does not add up. */
export const PAGES_A_BROWSER = 50;
/** A browser that has had nothing to do for so long ends. */
export const IDLE_MS = 60_000;
/** How long a page waits for its turn. With the start of a browser and the page's own time it stays below the lease of a visit. */
export const PATIENCE_MS = 45_000;
