import type { ParsedDocument } from "./document";
import type { Pair } from "./schema";

/** One passage a pair, with the question as its heading. Headings within an answer stay below it. */
export const pairsDocument = (pairs: Pair[]): ParsedDocument => ({
  title: "",
  description: null,
  language: null,
  markdown: pairs
    .map(({ question, answer }) => `## ${question.replace(/\s+#+\s*$/, "")}\n\n${below(answer)}`)
    .join("\n\n"),
  kind: "qa",
  places: null,
  count: null,
  notes: [],
});

const below = (answer: string): string =>
  answer
    .replace(/^ {0,3}#{1,6}(?=\s)/gm, "###")
    // A line of dashes or equals signs would make a heading of the line above it.
    .replace(/^ {0,3}(=+|-+)[ \t]*$/gm, "")
    .replace(/\n{3,}/g, "\n\n");
