import type { TurnEvent } from "./schema";

/** One server-sent event. */
export const sseFrame = ({ event, data }: TurnEvent): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

const FLUSH_MS = 50;

/**
 * Writes the events of one answer. The start and the first piece of text leave together and at once; after that pieces are
 * joined for 50 ms, because a write per token is what costs a busy server most of its time. The tail and the end leave together.
 */
export class EventWriter {
  private held = "";
  private text = "";
  private timer: NodeJS.Timeout | undefined;
  private hasText = false;

  constructor(private readonly write: (chunk: string) => void) {}

  /** Held back until the first piece of text, or the end. */
  hold(event: TurnEvent): void {
    this.settleText();
    this.held += sseFrame(event);
  }

  delta(text: string): void {
    this.text += text;
    if (!this.hasText) {
      this.hasText = true;
      this.flush();
    } else {
      this.timer ??= setTimeout(() => this.flush(), FLUSH_MS);
    }
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.settleText();
    if (this.held) this.write(this.held);
    this.held = "";
  }

  private settleText(): void {
    if (this.text) this.held += sseFrame({ event: "delta", data: { text: this.text } });
    this.text = "";
  }
}
