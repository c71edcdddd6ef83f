import { expect, test } from "vitest";
import { wordDiff } from "./word-diff";

const short = (before: string, after: string) =>
  wordDiff(before, after)
    .map(({ text, kind }) => (kind === "same" ? text : kind === "removed" ? `[-${text}-]` : `{+${text}+}`))
    .join("");

test.each([
  ["the same", "a b", "a b", "a b"],
  ["a word replaced", "Answer very briefly.", "Answer quite briefly.", "Answer [-very-]{+quite+} briefly."],
  ["words added at the end", "Be kind.", "Be kind. Be brief.", "Be kind.{+ Be brief.+}"],
  ["words removed at the beginning", "Please answer", "answer", "[-Please -]answer"],
  ["several words replaced", "a b c d", "a x y d", "a [-b c-]{+x y+} d"],
  ["from nothing", "", "new", "{+new+}"],
  ["to nothing", "old", "", "[-old-]"],
])("%s", (_what, before, after, shown) => expect(short(before, after)).toBe(shown));

test("both texts can be read out of it, whatever they are", () => {
  const texts = ["", " ", "a  b\n c", "b a b a", "x ".repeat(2_100), `${"y ".repeat(1_500)}x z`];
  for (const before of texts)
    for (const after of texts) {
      const parts = wordDiff(before, after);
      const side = (without: string) =>
        parts
          .filter(({ kind }) => kind !== without)
          .map(({ text }) => text)
          .join("");
      expect(side("added")).toBe(before);
      expect(side("removed")).toBe(after);
    }
});
