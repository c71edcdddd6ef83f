import { FileProblem } from "../problem";

/** About 1,000 pages of a book. */
export const MAX_TEXT_CHARS = 3_000_000;
export const MAX_COLUMNS = 1_000;
export const MAX_PAGES = 3_000;

/** Adds up what a parser writes and stops it in words when that is more than one file may hold. */
export class TextBudget {
  private left = MAX_TEXT_CHARS;

  take(text: string): string {
    this.left -= text.length;
    if (this.left < 0) throw tooMuchText();
    return text;
  }
}

export const tooMuchText = (): FileProblem =>
  new FileProblem(
    "too_large",
    `This file holds more than ${MAX_TEXT_CHARS / 1_000_000} million characters of text. Split it into several files and upload those.`,
  );

export const tooManyColumns = (count: number): FileProblem =>
  new FileProblem(
    "too_large",
    `This table has ${count.toLocaleString("en")} or more columns; at most ${MAX_COLUMNS.toLocaleString("en")} can be read. Check whether the right separator was used, or keep the columns that matter.`,
  );
