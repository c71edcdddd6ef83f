import fc from "fast-check";
import { expect, test } from "vitest";
import { indexTerms, queryTerms } from "./terms";

const passage = (content: string, more: Partial<Parameters<typeof indexTerms>[0]> = {}) =>
  indexTerms({ title: "", headingPath: [], content, language: "en", agentId: "agent-a", ...more });
const query = (text: string, agentId = "agent-a", language = "en") => queryTerms({ text, agentId, language });

test("terms fit the index: ascending, unique, 1 to 999,999,999, one frequency each, length their sum", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", maxLength: 400 }),
      fc.array(fc.string(), { maxLength: 3 }),
      (content, headingPath) => {
        const { terms, tf, length } = passage(content, { headingPath, title: content.slice(0, 20) });
        expect(terms).toEqual([...new Set(terms)].sort((a, b) => a - b));
        for (const term of terms) expect(Number.isInteger(term) && term >= 1 && term <= 999_999_999).toBe(true);
        expect(tf).toHaveLength(terms.length);
        expect(length).toBe(tf.reduce((sum, value) => sum + value, 0));
      },
    ),
  );
});

test("a word counts 4 in the title, 2 in the nearest heading, 1 in the text", () => {
  const { tf, length } = passage("pump", { title: "pump", headingPath: ["pump pump pump", "pump"] });
  expect([tf, length]).toEqual([[7], 7]);
});

test("a question's terms are found among those of a passage that answers it, with its own endings", () => {
  const asked = query("How do I empty my tanks?").terms;
  const found = new Set(passage("Emptying a tank takes one minute.").terms);
  expect(asked).toHaveLength(2);
  for (const term of asked) expect(found).toContain(term);
});

test("the same word has another term for another agent", () => {
  expect(query("pump", "agent-a").terms).not.toEqual(query("pump", "agent-b").terms);
});

test("a word asked twice weighs twice", () => {
  expect(query("pump, pump!").weights).toEqual([2]);
});

test("link targets are not indexed, link words and bare addresses are", () => {
  const terms = new Set(passage("See [the manual](https://www.shop.test/files/x.pdf) at help.test").terms);
  expect(terms).toContain(passage("manual").terms[0]);
  expect(terms).toContain(passage("help").terms[0]);
  expect(terms).not.toContain(passage("pdf").terms[0]);
});

test("a page whose template says English but whose text is German is indexed as German", () => {
  const german = "Die Bestellungen werden nicht von uns versandt, und der Versand ist für Sie kostenlos.";
  expect(passage(german, { language: "en" }).terms).toEqual(passage(german, { language: "de" }).terms);
});

test("nothing to look for gives no terms", () => {
  expect([query("").terms, query("???").terms, passage("").length]).toEqual([[], [], 0]);
});

test("synonyms are searched too, at less than half the weight, in English only", () => {
  const { terms, weights } = query("guarantee");
  const [warranty] = passage("warranty").terms;
  expect(weights[terms.indexOf(warranty!)]).toBe(0.4);
  expect(query("Wo ist die guarantee und was ist das", "agent-a", "de").terms).not.toContain(warranty);
});

test("a short form is looked for with the word it stands for, and half as much the other way", () => {
  const weigh = (question: string, content: string) => {
    const asked = query(question);
    const found = new Set(passage(content).terms);
    return asked.terms.flatMap((term, i) => (found.has(term) ? [asked.weights[i]] : []));
  };
  expect(weigh("repo config", "Configuration of the repository")).toEqual([0.4, 0.4]);
  expect(weigh("configuration of the repository", "repo config")).toEqual([0.2, 0.2]);
});
