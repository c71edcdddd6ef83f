import { gatherMs } from "@/lib/core/pace";
import type { TurnEvent } from "../schema";
import { Cursors } from "./cursor";
import { type AnswerSoFar, framesAfter, sseFrame } from "./frames";

/** Of this process. */
let openStreams = 0;

type Write = (chunk: string) => void;

/**
 * The events of one answer, for any number of readers who come and go. The start and the first piece of text leave together and at once; after
 * that there are 40 to 100 ms between two writes (see core/pace.ts), as long as the gateway gathers: what was held there is not held again. The tail
 * and the end leave together. Who comes late is given what it has not seen, and is a reader like the others from then on.
 */
export class AnswerStream {
  /** What has left, text and the newest checks. */
  readonly sent: AnswerSoFar;
  isEnded = false;
  private readonly cursors: Cursors;
  private readonly readers = new Map<Write, () => void>();
  private held = "";
  private pending = "";
  /** Of events since the last piece of text. */
  private events = 0;
  private timer: NodeJS.Timeout | undefined;
  private writtenAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly start: Extract<TurnEvent, { event: "start" }>) {
    const { answerId } = start.data;
    this.cursors = new Cursors(answerId);
    this.sent = { answerId, start, text: "", checks: [], tail: [] };
    this.hold(start);
    openStreams++;
  }

  /** Of the text that has left or is about to. */
  get length(): number {
    return this.sent.text.length + this.pending.length;
  }

  get readerCount(): number {
    return this.readers.size;
  }

  /** Held back until the first piece of text, or the end. */
  hold(event: TurnEvent): void {
    this.settleText();
    this.held += sseFrame(event, this.cursors.at(this.sent.text.length, ++this.events));
    if (event.event === "checks") this.sent.checks = [...event.data.checks];
    else if (event !== this.start) this.sent.tail.push(event);
  }

  delta(text: string): void {
    if (!text) return;
    this.pending += text;
    if (this.timer) return;
    const waitMs = this.writtenAt + gatherMs(openStreams) - performance.now();
    // Timers count whole milliseconds: what is due within one is due.
    if (waitMs < 1) this.flush();
    else this.timer = setTimeout(() => this.flush(), waitMs);
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.settleText();
    if (!this.held) return;
    const chunk = this.held;
    this.held = "";
    this.writtenAt = performance.now();
    for (const write of this.readers.keys()) write(chunk);
  }

  /** Nothing follows. */
  end(): void {
    this.flush();
    if (!this.isEnded) openStreams--;
    this.isEnded = true;
    for (const leave of [...this.readers.values()]) leave();
  }

  /**
   * Writes what follows a cursor, up to the end of the answer or until the reader goes away, which does not concern the answer.
   * @param after null: from the beginning
   */
  read(write: Write, signal: AbortSignal, after: number | null): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    // One who is there before anything was written gets it as it is written.
    if (this.isFresh) return this.follow(write, signal);
    this.flush();
    const isAhead = (this.cursors.lengthAt(after) ?? 0) > this.sent.text.length;
    if (isAhead && !this.isEnded) return this.follow(this.onceCaughtUp(write, after), signal);
    const missed = framesAfter(after, this.sent, this.events);
    if (missed) write(missed);
    return this.isEnded ? Promise.resolve() : this.follow(write, signal);
  }

  /** For one who has heard more elsewhere than is known here: silence until then. */
  private onceCaughtUp(write: Write, after: number | null): Write {
    let isBehind = false;
    return (chunk) => {
      if (isBehind) return write(chunk);
      isBehind = (this.cursors.lengthAt(after) ?? 0) <= this.sent.text.length || this.sent.tail.length > 0;
      if (isBehind) write(framesAfter(after, this.sent, this.events));
    };
  }

  private get isFresh(): boolean {
    return this.writtenAt === Number.NEGATIVE_INFINITY;
  }

  private follow(write: Write, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const leave = () => {
        this.readers.delete(write);
        signal.removeEventListener("abort", leave);
        resolve();
      };
      this.readers.set(write, leave);
      signal.addEventListener("abort", leave);
    });
  }

  private settleText(): void {
    if (!this.pending) return;
    this.sent.text += this.pending;
    this.events = 0;
    const delta: TurnEvent = { event: "delta", data: { text: this.pending } };
    this.held += sseFrame(delta, this.cursors.at(this.sent.text.length, 0));
    this.pending = "";
  }
}
