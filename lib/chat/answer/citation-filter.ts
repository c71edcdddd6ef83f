/** `[1]` or `[1, 2]` with the space before it, unless it is the text of a link. At most 40 characters inside, as in UNDECIDED. */
const MARKER = /( ?)\[(?=[\d,\s]{1,40}\])\s*(\d{1,3}(?:\s*,\s*\d{1,3})*)\s*\](?!\()/g;
/** The end of a piece that may yet become a marker, or a link: a space, "[", "[1, ", "[1]". */
const UNDECIDED = / ?(?:\[[\d,\s]{0,40}\]?)?$/;

/**
 * Lets the text of a model through while it streams, but no citation that leads nowhere: `[7]` stays only when there is a
 * source 7. A marker may be cut in two by the stream, so an open bracket is held back until it is decided.
 */
export class CitationFilter {
  readonly used = new Set<number>();
  private pending = "";

  constructor(private readonly sourceCount: number) {}

  push(piece: string): string {
    const text = this.pending + piece;
    const held = UNDECIDED.exec(text)![0];
    this.pending = held;
    return this.resolve(text.slice(0, text.length - held.length));
  }

  end(): string {
    const rest = this.pending;
    this.pending = "";
    return this.resolve(rest);
  }

  private resolve(text: string): string {
    return text.replace(MARKER, (_marker, space: string, list: string) => {
      const known = list
        .split(",")
        .map(Number)
        .filter((n) => n >= 1 && n <= this.sourceCount);
      for (const n of known) this.used.add(n);
      return known.length === 0 ? "" : `${space}${known.map((n) => `[${n}]`).join("")}`;
    });
  }
}
