import fc from "fast-check";
import { expect, test } from "vitest";
import { CitationFilter } from "./citation-filter";

function filtered(text: string, sources: number, cuts: number[] = []): { text: string; used: number[] } {
  const filter = new CitationFilter(sources);
  const at = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((x, y) => x - y);
  const pieces = [0, ...at].map((from, i) => text.slice(from, at[i] ?? text.length));
  const out = pieces.map((piece) => filter.push(piece)).join("") + filter.end();
  return { text: out, used: [...filter.used] };
}

test.each([
  ["Two years [1].", "Two years [1].", [1]],
  ["Two years [7].", "Two years.", []],
  ["Both [1, 2] and [2][3].", "Both [1][2] and [2].", [1, 2]],
  ["Array a[0] and [x] and [link](https://a.test) stay", "Array a and [x] and [link](https://a.test) stay", []],
  ["[1](https://a.test) is a link", "[1](https://a.test) is a link", []],
  ["open [", "open [", []],
  ["[12345678901234567890] is a number", "[12345678901234567890] is a number", []],
])("%j with two sources becomes %j", (text, expected, used) => {
  expect(filtered(text, 2)).toEqual({ text: expected, used });
});

test("a stream cut anywhere gives the same text as the whole", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.constantFrom("[1]", "[2]", "[9]", " [1, 2]", "[", "]", "(", "1", " ", "word"),
          fc.string({ maxLength: 4 }),
        ),
        { maxLength: 12 },
      ),
      fc.array(fc.nat(60), { maxLength: 6 }),
      (parts, cuts) => {
        const text = parts.join("");
        expect(filtered(text, 2, cuts).text).toBe(filtered(text, 2).text);
      },
    ),
  );
});

test("no marker of an unknown source ever comes through", () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 3, max: 999 }), fc.array(fc.nat(100)), (text, n, cuts) => {
      const out = filtered(`${text} [${n}] ${text}`, 2, cuts).text;
      for (const marker of out.matchAll(/\[(\d{1,3})\](?!\()/g)) expect(Number(marker[1])).toBeLessThanOrEqual(2);
    }),
  );
});
