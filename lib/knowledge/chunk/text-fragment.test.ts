import { describe, expect, test } from "vitest";
import { plainText } from "./plain-text";
import { textFragment } from "./text-fragment";

const fragment = (content: string, anchor: string | null = null, quote?: string) =>
  textFragment({ content, anchor }, quote);

test("a short passage is named as a whole, a long one by its first and last words", () => {
  expect(fragment("Wet all day.")).toBe("#:~:text=Wet%20all%20day.");
  expect(fragment("One two three four five six seven eight nine ten eleven twelve.")).toBe(
    "#:~:text=One%20two%20three%20four%20five,eight%20nine%20ten%20eleven%20twelve.",
  );
});

test("only the first block is named, because a match does not cross blocks", () => {
  expect(fragment("First block.\n\nSecond block.")).toBe("#:~:text=First%20block.");
  expect(fragment("### Heading\n\nText below.")).toBe("#:~:text=Text%20below.");
});

describe("a table", () => {
  const table =
    "| Country | Days | Price |\n|---|---|---|\n| Germany | 2 | €4.90 |\n| France | 3 | €6.90 |\n| France | 1 | €9.90 |";

  test("is opened at its first row, from the first cell to the last", () => {
    expect(fragment(table)).toBe("#:~:text=Germany,%E2%82%AC4.90");
  });

  test("is opened at the row that is quoted", () => {
    expect(fragment(`${table}\n| Spain | 5 | €8.90 |`, null, "| Spain | 5 | €8.90 |")).toBe(
      "#:~:text=Spain,%E2%82%AC8.90",
    );
  });

  test("whose first cell several rows have is opened by the two first cells together", () => {
    expect(fragment(table, null, "| France | 1 | €9.90 |")).toBe("#:~:text=France-,1,%E2%82%AC9.90");
  });

  test("cells are named without their marks, empty ones and dashes are not", () => {
    expect(fragment(table, null, "| **Press** `reset` | – | [the manual](https://x.test/a) |")).toBe(
      "#:~:text=Press%20reset,the%20manual",
    );
  });
});

test("a beginning that others share grows until it is its own", () => {
  const said = (last: string) => `The pump of the small tank runs for ${last} minutes in every hour of the day.`;
  expect(fragment(`${said("five")} ${said("ten")}`, null, said("ten"))).toBe(
    "#:~:text=The%20pump%20of%20the%20small%20tank%20runs%20for%20ten,every%20hour%20of%20the%20day.",
  );
});

test("a term and its definition are two blocks of the page", () => {
  expect(fragment("- **Weight**\n  1.2 kg")).toBe("#:~:text=Weight,1.2%20kg");
});

test("text without spaces is cut where a word ends", () => {
  const [start, end] = fragment("花园灌溉系统的说明很长很详细".repeat(20))
    .slice("#:~:text=".length)
    .split(",")
    .map(decodeURIComponent);
  const words = Array.from(new Intl.Segmenter("zh", { granularity: "word" }).segment(start!), ({ segment }) => segment);
  expect(start!.length).toBeLessThanOrEqual(40);
  expect(words.join("")).toBe(start);
  expect("花园灌溉系统的说明很长很详细".repeat(20).endsWith(end!)).toBe(true);
});

test("characters that separate the parts of a directive are encoded", () => {
  expect(fragment("Well-known, a & b")).toBe("#:~:text=Well%2Dknown%2C%20a%20%26%20b");
});

test("Markdown marks are not looked for on the page", () => {
  expect(fragment("> **Press** the [reset button](https://x.test/a) on `back`")).toBe(
    "#:~:text=Press%20the%20reset%20button%20on%20back",
  );
});

test("an anchor comes first, and stands alone when there are no words", () => {
  expect(fragment("Wet.", "wet & cold")).toBe("#wet%20%26%20cold:~:text=Wet.");
  expect(fragment("---", "wet")).toBe("#wet");
  expect(fragment("---")).toBe("");
});

test("a quote is named instead of the passage", () => {
  expect(fragment("First.\n\nSecond sentence here.", null, "Second sentence")).toBe("#:~:text=Second%20sentence");
});

test("text without spaces and broken surrogates give a short directive", () => {
  expect(fragment("漢".repeat(500)).length).toBeLessThan(900);
  expect(() => fragment(`bad \ud800 surrogate`)).not.toThrow();
});

test("plain text keeps what stands in fences and drops marks elsewhere", () => {
  expect(
    plainText("## Head\n\n- **bold** and *thin*, snake_case\n\n```sh\n# keep **this**\n```\n\n| a | b |\n|---|---|"),
  ).toBe("Head\n\nbold and thin, snake_case\n\n# keep **this**\n\n\n a \n b");
});
