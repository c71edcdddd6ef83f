import { expect, test } from "vitest";
import { otherLanguage } from "./other-language";

const EN = { content: "Every scale comes with a warranty of two years from the day of delivery." };
const DE = { content: "Auf jede Waage gibt es zwei Jahre Garantie ab dem Tag der Lieferung." };

test.each([
  ["fr", [EN, EN, DE], "fr", "en"],
  ["de", [DE, DE, EN], "en", "en"],
  ["de", [DE, EN], "de", null],
  ["he", [], "en", "en"],
  ["en", [], "en", null],
  ["en", [DE, DE, EN], "en", "de"],
] as const)("asked in %s, found %j, agent of %s: %s", (asked, found, agent, expected) => {
  expect(otherLanguage(asked, found, agent)).toBe(expected);
});
