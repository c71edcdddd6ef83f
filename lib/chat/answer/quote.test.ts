import { describe, expect, test } from "vitest";
import { textFragment } from "@/lib/knowledge";
import { claimsOf, quoteFor } from "./quote";

const TABLE = `| Country | Days | Price |
| --- | --- | --- |
| Germany | 2 | €4.90 |
| France | 3 | €6.90 |
| Spain | 5 | €8.90 |`;
const PROSE =
  "Parcels leave our warehouse within one working day, also in December. Delivery to islands takes two days more than to the mainland. " +
  "A broken parcel is replaced when you send us a photograph of it within a week.";

const quote = (content: string, question: string, claim: string) =>
  quoteFor(content, { claim, question, language: "en" });

describe("the quote of a citation is what answers, not what comes first", () => {
  test("the row of a table, and its link opens that row", () => {
    const found = quote(TABLE, "What does shipping to Spain cost?", "Shipping there costs €8.90");
    expect(found.text).toBe("Spain · 5 · €8.90");
    expect(textFragment({ content: TABLE, anchor: "prices" }, found.markdown)).toBe(
      "#prices:~:text=Spain,%E2%82%AC8.90",
    );
  });

  test("the row that was asked about, when the answer repeats the whole table", () => {
    expect(quote(TABLE, "How long does delivery to France take?", TABLE).text).toBe("France · 3 · €6.90");
  });

  test("the row of which the answer speaks, when the question names none", () => {
    expect(quote(TABLE, "Which country is the cheapest?", "The cheapest is Germany with €4.90").text).toBe(
      "Germany · 2 · €4.90",
    );
  });

  test("the sentence of a paragraph", () => {
    const found = quote(
      PROSE,
      "My parcel arrived broken. What now?",
      "You get a new one if you send a photograph within a week",
    );
    expect(found.text).toBe("A broken parcel is replaced when you send us a photograph of it within a week.");
    expect(textFragment({ content: PROSE, anchor: null }, found.markdown)).toBe(
      "#:~:text=A%20broken%20parcel%20is%20replaced,of%20it%20within%20a%20week.",
    );
  });

  test("the item of a list, without its mark", () => {
    const list = "- Basil likes it warm.\n- Mint drinks most of all.\n- Chives survive frost.";
    expect(quote(list, "Which herb needs most water?", "Mint drinks most").text).toBe("Mint drinks most of all.");
  });

  test("the beginning, when the answer shares no word with the passage", () => {
    expect(quote(PROSE, "Versand?", "Innerhalb eines Tages.").text).toMatch(/^Parcels leave our warehouse/);
  });
});

test("a quote is never longer than a reader wants, and short sentences bring the next along", () => {
  expect(quote("word ".repeat(400), "word", "word").text.length).toBeLessThanOrEqual(241);
  expect(quote("Basil may stay outside. It survives rain.", "May basil stay outside?", "Yes").text).toBe(
    "Basil may stay outside. It survives rain.",
  );
});

test("what is said with a number is the text before its markers", () => {
  expect([...claimsOf("Two years [1]. Free of charge [2][1], see [3](https://x.test).")]).toEqual([
    [1, " Two years  . Free of charge "],
    [2, " . Free of charge "],
  ]);
});
