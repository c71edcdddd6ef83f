import type { TurnEvent } from "./schema";

/** One server-sent event. */
export const sseFrame = ({ event, data }: TurnEvent): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/** As long as the gateway gathers a running answer (see llm/http.ts): pieces that were held there are not held again. */
const FLUSH_MS = 40;

/**
 * Writes the events of one answer. The start and the first piece of text leave together and at once; after that there are 40 ms between
 * two writes, because a write per token is what costs a busy server most of its time. The tail and the end leave together.
 */
export class EventWriter {
  private held = "";
  private text = "";
  private timer: NodeJS.Timeout | undefined;
  private writtenAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly write: (chunk: string) => void) {}

  /** Held back until the first piece of text, or the end. */
  hold(event: TurnEvent): void {
    this.settleText();
    this.held += sseFrame(event);
  }

  delta(text: string): void {
    this.text += text;
    if (this.timer) return;
    const waitMs = this.writtenAt + FLUSH_MS - performance.now();
    // Timers count whole milliseconds: what is due within one is due.
    if (waitMs < 1) this.flush();
    else this.timer = setTimeout(() => this.flush(), waitMs);
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.settleText();
    if (!this.held) return;
    this.write(this.held);
    this.held = "";
    this.writtenAt = performance.now();
  }

  private settleText(): void {
    if (this.text) this.held += sseFrame({ event: "delta", data: { text: this.text } });
    this.text = "";
  }
}
