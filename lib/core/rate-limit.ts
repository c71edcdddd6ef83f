const MINUTE_MS = 60_000;
const MAX_KEYS = 50_000;

/**
 * How often something may be done for each key, counted in this process alone: for what costs little each time and is too much only in masses.
 * A minute's worth may be done at once and comes back evenly; n processes allow n times as much.
 */
export class RateLimit {
  /** When a key will have all of its worth back. The one that was used last stands last. */
  private readonly fullAt = new Map<string, number>();

  constructor(
    private readonly perMinute: number,
    private readonly maxKeys = MAX_KEYS,
  ) {}

  /**
   * Takes one.
   * @param key is kept for a minute or more: a hash, so that a long one costs no more than a short one
   * @param now of `performance.now()`
   * @returns 0, or the milliseconds until there is one (and takes none)
   */
  take(key: string, now = performance.now()): number {
    const fullAt = Math.max(this.fullAt.get(key) ?? 0, now) + MINUTE_MS / this.perMinute;
    // Less than a whole millisecond is what adding and taking away fractions leaves, not a wait.
    const waitMs = Math.floor(fullAt - MINUTE_MS - now);
    if (waitMs > 0) return waitMs;
    this.fullAt.delete(key);
    this.fullAt.set(key, fullAt);
    this.forget(now);
    return 0;
  }

  /** Those that are full again are as good as unknown; above the most that are kept, those that were not used for longest go as well. */
  private forget(now: number): void {
    for (const [key, fullAt] of this.fullAt) {
      if (fullAt > now && this.fullAt.size <= this.maxKeys) return;
      this.fullAt.delete(key);
    }
  }
}
