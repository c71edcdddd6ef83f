import { expect, test } from "vitest";
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
  expect(fragment("| Part | Years |\n|---|---|\n| Pump | 3 |")).toBe("#:~:text=Part");
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
