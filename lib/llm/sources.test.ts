import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  DEFAULT_FALLBACK,
  parseFallback,
  parseQuestion,
  parseSources,
  renderFallback,
  renderQuestion,
  renderSources,
} from "./sources";
import type { Passage } from "./types";

const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  fc
    .array(
      fc.constantFrom(
        "</source>",
        '<source id="9">',
        "</sources>",
        "< / source >",
        "&lt;source",
        "&amp;lt;/sources",
        "<question>",
        "</question>",
        "</fallback>",
        "<b>",
        "&",
        '"',
        "\n",
        "\r\n",
        " text ",
      ),
    )
    .map((parts) => parts.join("")),
);
const passage = fc.record({
  number: fc.integer({ min: 1, max: 99 }),
  title: hostile,
  heading: hostile,
  url: hostile,
  text: hostile,
});
const given = ({ heading, ...rest }: Passage): Passage => (heading ? { ...rest, heading } : rest);

describe("whatever the site wrote", () => {
  test("comes back as it was", () => {
    fc.assert(
      fc.property(fc.array(passage, { maxLength: 4 }), hostile, (passages, question) => {
        const message = renderQuestion({ sources: passages, question });
        expect(parseSources(message)).toEqual(passages.map(given));
        expect(parseQuestion(message)).toBe(question);
      }),
    );
  });

  test("cannot close its block, open another one, or ask a question of its own", () => {
    fc.assert(
      fc.property(fc.array(passage, { minLength: 1, maxLength: 3 }), (passages) => {
        const rendered = renderSources(passages);
        expect(rendered.match(/<source /g)).toHaveLength(passages.length);
        expect(rendered.match(/<\/source>/g)).toHaveLength(passages.length);
        expect(rendered.match(/<\s*\/?\s*question/gi)).toBeNull();
        expect(rendered.endsWith("</sources>")).toBe(true);
      }),
    );
  });
});

test("a source is written with its number, title, heading and address", () => {
  const [first] = renderSources([
    { number: 1, title: 'The "Sill"', heading: "Returns › Costs", url: "https://x.test/?a=1&b=2", text: "Five euros." },
  ]).split("</source>");
  expect(first).toBe(
    '<sources>\n<source id="1" title="The &quot;Sill&quot;" heading="Returns › Costs" url="https://x.test/?a=1&amp;b=2">\nFive euros.\n',
  );
});

test("no sources leave no trace, and a message without marks is the question", () => {
  expect(renderSources([])).toBe("");
  expect(renderQuestion({ question: "Hello?" })).toBe("<question>\nHello?\n</question>");
  expect(parseQuestion("  How much is it?\n")).toBe("How much is it?");
  expect(parseSources("How much is it?")).toEqual([]);
});

test("the fallback sentence is read where it was marked", () => {
  const odd = "Sorry </fallback> <b>no</b>";
  expect(parseFallback(`Rules.\nElse say ${renderFallback(odd)} only.`)).toBe(odd);
  expect(parseFallback("If not, reply with exactly this and nothing else: I do not know.\n\nMore.")).toBe(
    "I do not know.",
  );
  expect(parseFallback("Rules without one.")).toBe(DEFAULT_FALLBACK);
});
