import { expect, test } from "vitest";
import { sentenceEnd } from "./sentence-end";

test.each([
  ["Two years. Keep it.", "Two years. "],
  ["Two years [1]. Keep it.", "Two years [1]. "],
  ["Two years. [1][2] Keep it.", "Two years. [1][2] "],
  ["It costs 4.90 euros. Then", "It costs 4.90 euros. "],
  ["On 14. December it opens. Then", "On 14. December it opens. "],
  ["Use e.g. Soap. Then", "Use e.g. Soap. "],
  ["- one item\n- two", "- one item\n"],
  ["两年。保修", "两年。"],
  ["Really?! Yes", "Really?! "],
  ['He said "no." Then', 'He said "no." '],
])("%j begins with the sentence %j", (text, sentence) => {
  expect(text.slice(0, sentenceEnd(text, false))).toBe(sentence);
});

test.each(["Two years", "Two years.", "Two years. ", "Two years. [", "See [a. B](https://x.test/a. B"])(
  "of %j nobody knows yet",
  (text) => {
    expect(sentenceEnd(text, false)).toBe(-1);
  },
);

test("cells of a table end at their bar", () => {
  expect(sentenceEnd("| Austria | 6.90 |\n", true)).toBe(1);
  expect(sentenceEnd(" Austria | 6.90 |\n", true)).toBe(10);
});
