/** The text of a piece in the events of every provider's protocol: a JSON string under one of these names. */
const TEXT = /"(?:content|text)": ?"((?:[^"\\]|\\.)*)"/;
/** More without the end of an event is no stream of small pieces. */
const MAX_HELD_CHARACTERS = 65_536;

interface Piece {
  before: string;
  text: string;
  after: string;
}

/**
 * Joins neighbouring server-sent events that differ in one text alone: `…"content":"Two"…` and `…"content":" years"…` become one with
 * `Two years`. Every event costs a provider's adapter a parsing, a validation and six stream stages, whatever its length; anything
 * that is not alike passes unchanged. Whole events in, whole events out: the beginning of one is held until its end comes.
 */
export class EventMerger {
  private held = "";
  private isOff = false;

  push(chunk: string): string {
    if (this.isOff) return chunk;
    const all = this.held + chunk;
    this.held = "";
    // A carriage return stands raw only in line ends, and nobody who sends these small pieces ends lines so.
    if (all.includes("\r") || all.length > MAX_HELD_CHARACTERS) {
      this.isOff = true;
      return all;
    }
    const end = all.lastIndexOf("\n\n");
    if (end < 0) {
      this.held = all;
      return "";
    }
    this.held = all.slice(end + 2);
    return merge(all.slice(0, end).split("\n\n"));
  }

  /** What no blank line has ended. */
  end(): string {
    return this.held;
  }
}

function merge(events: string[]): string {
  let out = "";
  let piece: Piece | undefined;
  for (const event of events) {
    const next = pieceOf(event);
    if (piece && next && piece.before === next.before && piece.after === next.after) {
      piece.text += next.text;
      continue;
    }
    if (piece) out += whole(piece);
    piece = next;
    if (!piece) out += `${event}\n\n`;
  }
  return piece ? out + whole(piece) : out;
}

function pieceOf(event: string): Piece | undefined {
  const found = TEXT.exec(event);
  if (!found) return undefined;
  const end = found.index + found[0].length - 1;
  const start = end - found[1]!.length;
  return { before: event.slice(0, start), text: found[1]!, after: event.slice(end) };
}

const whole = ({ before, text, after }: Piece): string => `${before}${text}${after}\n\n`;
