/** What one request tells about its host: how long the answer took, or that the host could not keep up. */
export type Answer = { durationMs: number } | "strained";

/** Leave to ask a host. Whoever has it says once what came of it; undefined when nothing did. */
export type Leave = (answer: Answer | undefined) => void;

export interface OpenRequestsState {
  /** How many are let out at once now. */
  width: number;
  open: number;
  /** The most that ever were. */
  mostOpen: number;
}

const MOST_OPEN = 64;
const FIRST_WIDTH = 4;
const LEAST_WIDTH = 1;
/** Answers before anything is concluded from how long they took. */
const LEAST_ROUND = 8;
/** As fast as before; what a few milliseconds make of a fast host says nothing. */
const SAME_FACTOR = 1.5;
/** Slower than before. */
const SLOWER_FACTOR = 2;
const TOLERANCE_MS = 10;
const NARROWED = 0.75;
const HALVED = 0.5;

/**
 * How many requests hosts without a pause are asked at once, found out by asking: more while a host answers as fast as before, fewer
 * as soon as it does not, half as many when it says 429 or 503 or does not answer at all. Each process finds out for itself and takes what the
 * others ask for as part of the host's answer, as connections do that share a line.
 */
export class OpenRequests {
  readonly #hosts = new Map<string, HostWidth>();

  /** @param most never more than that at one host; 64 unless given */
  constructor(private readonly most = MOST_OPEN) {}

  /**
   * Waits for leave to ask a host, first come first served.
   * @param options.patienceMs null when it would take longer
   * @throws the signal's reason
   */
  async enter(host: string, options: { signal: AbortSignal; patienceMs?: number }): Promise<Leave | null> {
    options.signal.throwIfAborted();
    const known = this.#hosts.get(host) ?? new HostWidth(this.most);
    this.#hosts.set(host, known);
    const round = await known.enter(options);
    if (round === null) return null;
    let isBack = false;
    return (answer) => {
      if (!isBack) known.leave(round, answer);
      isBack = true;
    };
  }

  stateOf(host: string): OpenRequestsState | null {
    const known = this.#hosts.get(host);
    return known ? { width: known.width, open: known.open, mostOpen: known.mostOpen } : null;
  }
}

class HostWidth {
  width: number;
  open = 0;
  mostOpen = 0;
  /** Answers to requests of an earlier round say nothing about the width of this one. */
  #round = 0;
  #durationsMs: number[] = [];
  /** Whether all places were taken in this round: else its answers do not say that more would do. */
  #wasFull = false;
  #fastestMs = Number.POSITIVE_INFINITY;
  /** Doubled each round until the host first could not keep up, then an eighth more. */
  #hasStrained = false;
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly most: number) {
    this.width = Math.min(FIRST_WIDTH, most);
  }

  enter({ signal, patienceMs }: { signal: AbortSignal; patienceMs?: number }): Promise<number | null> {
    if (this.open < this.width) return Promise.resolve(this.#begin());
    return new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", abort);
        const at = this.#waiting.indexOf(begin);
        if (at >= 0) this.#waiting.splice(at, 1);
      };
      const begin = () => {
        stop();
        resolve(this.#begin());
      };
      const abort = () => {
        stop();
        reject(signal.reason);
      };
      const giveUp = () => {
        stop();
        resolve(null);
      };
      const timer = patienceMs === undefined ? undefined : setTimeout(giveUp, patienceMs);
      signal.addEventListener("abort", abort, { once: true });
      this.#waiting.push(begin);
    });
  }

  leave(round: number, answer: Answer | undefined): void {
    this.open--;
    if (answer !== undefined && round === this.#round) this.#learn(answer);
    while (this.open < this.width && this.#waiting.length > 0) this.#waiting[0]!();
  }

  #begin(): number {
    this.mostOpen = Math.max(this.mostOpen, ++this.open);
    if (this.open >= this.width) this.#wasFull = true;
    return this.#round;
  }

  #learn(answer: Answer): void {
    if (answer === "strained") {
      this.#hasStrained = true;
      this.#setWidth(Math.floor(this.width * HALVED));
      return;
    }
    this.#durationsMs.push(answer.durationMs);
    if (this.#durationsMs.length < Math.max(this.width, LEAST_ROUND)) return;
    const middleMs = this.#durationsMs.sort((a, b) => a - b)[this.#durationsMs.length >> 1]!;
    // Asked one thing at a time, a host is as fast as it is: one that has become slower for good is measured by that from then on.
    this.#fastestMs = this.width === LEAST_WIDTH ? middleMs : Math.min(this.#fastestMs, middleMs);
    if (middleMs > this.#fastestMs * SLOWER_FACTOR + TOLERANCE_MS) {
      this.#hasStrained = true;
      this.#setWidth(Math.floor(this.width * NARROWED));
    } else if (this.#wasFull && middleMs <= this.#fastestMs * SAME_FACTOR + TOLERANCE_MS)
      this.#setWidth(this.width + Math.max(1, this.#hasStrained ? this.width >> 3 : this.width));
    else this.#setWidth(this.width);
  }

  /** Begins a round. */
  #setWidth(width: number): void {
    this.width = Math.max(LEAST_WIDTH, Math.min(width, this.most));
    this.#round++;
    this.#durationsMs = [];
    this.#wasFull = this.open >= this.width;
  }
}
