/** Places in one answer: its text is at most 40,000 characters long, and few events stand beside it. */
const PER_ANSWER = 100_000_000;
const PER_CHARACTER = 1_000;

/**
 * The cursors of one answer, which its events carry as their `id`: how much of the text a reader has, then how many other events since. So a reader
 * goes on from what is stored of the answer, whoever wrote it and whatever became of the events. They grow within an answer, and those of another
 * answer are not taken for its own: a question may be answered anew under its id.
 */
export class Cursors {
  private readonly base: number;

  constructor(answerId: string) {
    this.base = (Number.parseInt(answerId.slice(-3), 16) + 1) * PER_ANSWER;
  }

  at(length: number, events: number): number {
    return this.base + length * PER_CHARACTER + Math.min(events, PER_CHARACTER - 1);
  }

  /** How much of the text the reader has, or null for one who has nothing of this answer. */
  lengthAt(cursor: number | null): number | null {
    if (cursor === null || cursor <= this.base || cursor >= this.base + PER_ANSWER) return null;
    return Math.floor((cursor - this.base) / PER_CHARACTER);
  }
}

/** What a reader sent as the last id it saw; anything that is none means from the beginning. */
export const parseCursor = (text: string | null): number | null =>
  text !== null && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
