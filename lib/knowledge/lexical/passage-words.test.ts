import fc from "fast-check";
import { expect, test } from "vitest";
import { type Passage, passageWords } from "./passage-words";
import { wordGrams } from "./word-grams";

const passage = (content: string, more: Partial<Passage> = {}): Passage => ({
  chunkId: content,
  title: "",
  headingPath: [],
  content,
  ...more,
});

test("a word's pieces are those of four letters with its borders; a short word has one", () => {
  const count = (text: string) => wordGrams([{ text }]).length;
  expect(["order", "ox", "a", ""].map(count)).toEqual([4, 1, 1, 1]);
  expect(wordGrams([{ text: "order" }, { text: "ox" }])).toEqual(
    Uint32Array.from([...wordGrams([{ text: "order" }]), ...wordGrams([{ text: "ox" }])]),
  );
});

test("equal pieces of a passage are counted together, and none is lost", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("pump", "pumps", "ox", "ump", "Wasserpumpe"), { maxLength: 30 }), (all) => {
      const { grams, gramTimes, gramCount, content } = passageWords(passage(all.join(" ")), "en");
      const expected = new Map<number, number>();
      for (const gram of wordGrams(content)) expected.set(gram, (expected.get(gram) ?? 0) + 1);
      expect(new Map(Array.from(grams, (gram, i) => [gram, gramTimes[i]]))).toEqual(expected);
      expect(gramCount).toBe(gramTimes.reduce((sum, times) => sum + times, 0));
    }),
  );
});

test("what is remembered of a passage ends with its text, its title and its headings", () => {
  const one = passage("The pump moves water.", { chunkId: "one" });
  const known = passageWords(one, "en");
  expect(passageWords({ ...one }, "en")).toBe(known);
  for (const changed of [{ content: "The lamp." }, { title: "Pumps" }, { headingPath: ["Pumps"] }])
    expect(passageWords({ ...one, ...changed }, "en")).not.toBe(known);
});
