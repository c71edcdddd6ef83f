import { expect, test } from "vitest";
import { confidence } from "./confidence";
import type { MatchedChunk } from "./fuse";

const chunk = (content: string, more: Partial<MatchedChunk> = {}): MatchedChunk => ({
  chunkId: content,
  pageId: "page",
  sourceId: "source",
  url: "https://x.test/",
  title: "Help",
  headingPath: [],
  anchor: null,
  content,
  position: 0,
  tokenCount: 50,
  lexical: 1,
  similarity: 0.2,
  ...more,
});
const others = [
  "Gardens are delivered in two boxes.",
  "The tank holds four litres.",
  "Light comes on at seven.",
  "Our stores open at ten.",
].map((text) => chunk(text));
/** Above it the knowledge most likely answers the question. */
const THRESHOLD = 0.35;

test("a passage that has what is asked for is above the threshold", () => {
  const ranked = [chunk("You may return a garden within 45 days and we pay the return label."), ...others];
  expect(confidence("How many days do I have to return a garden?", ranked)).toBeGreaterThan(THRESHOLD);
});

test("passages that share a single common word are below it", () => {
  expect(confidence("Which wine goes with the garden salad?", others)).toBeLessThan(THRESHOLD);
  expect(confidence("Who is the chief financial officer?", others)).toBeLessThan(THRESHOLD);
});

test("a code that stands in the passage counts more than the words around it in the question", () => {
  const ranked = [chunk("E02: the filter is blocked. Rinse it."), ...others];
  const without = confidence("My screen says E07, what should I do", ranked);
  expect(confidence("My screen says E02, what should I do", ranked)).toBeGreaterThan(without + 0.1);
});

test("a synonym counts, though less than the word", () => {
  const question = "How long is the guarantee on lamps?";
  const exact = confidence(question, [chunk("The guarantee on lamps is five years."), ...others]);
  const synonym = confidence(question, [chunk("The warranty on lamps is five years."), ...others]);
  const neither = confidence(question, [chunk("The colour of lamps is white."), ...others]);
  expect(exact).toBeGreaterThan(synonym);
  expect(synonym).toBeGreaterThan(neither);
});

test("title and headings are part of the passage", () => {
  const bare = [chunk("Within 45 days."), ...others];
  const titled = [chunk("Within 45 days.", { title: "Return a garden", headingPath: ["How many days"] }), ...others];
  expect(confidence("Until what day may I return a garden?", titled)).toBeGreaterThan(
    confidence("Until what day may I return a garden?", bare),
  );
});

test("nothing found and nothing asked is no confidence", () => {
  expect(confidence("return", [])).toBe(0);
  expect(confidence("?!", others)).toBe(0);
});

test("local similarity says nothing that the words do not; a neural one may carry a question in another language", () => {
  const ranked = [chunk("You may return a garden within 45 days.", { similarity: 0.6 }), ...others];
  const question = "Wie lange kann ich zurückgeben?";
  expect(confidence(question, ranked, { model: "local/hash-384" })).toBe(confidence(question, ranked));
  expect(confidence(question, ranked, { model: "openai/text-embedding-3-small" })).toBeGreaterThan(THRESHOLD);
});

test("words that are names of JavaScript's own are words like others", () => {
  const ranked = [chunk("The constructor takes a port."), ...others];
  for (const before of ["constructor", "toString", "__proto__", "hasOwnProperty"])
    expect(confidence(`What does the ${before} take long?`, ranked)).toBeGreaterThanOrEqual(0);
  expect(confidence("What does the constructor take?", ranked)).toBeGreaterThan(THRESHOLD);
});
