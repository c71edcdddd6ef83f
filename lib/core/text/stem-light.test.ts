import { expect, test } from "vitest";
import { stem } from "./stem";

test.each([
  ["pl", ["gwarancja", "gwarancji", "gwarancję", "gwarancją"]],
  ["pl", ["filtr", "filtry", "filtrów", "filtrem", "filtrami"]],
  ["pl", ["zamówienie", "zamówienia", "zamówień", "zamówieniem"]],
  ["pl", ["dostarczamy", "dostarczyć", "dostarcza", "dostarczają"]],
  ["he", ["מסנן", "המסנן", "למסנן", "ובמסנן", "מסננים"]],
  ["he", ["הזמנה", "ההזמנה", "בהזמנה"]],
])("%s: %j are one word", (language, words) => {
  expect(new Set(words.map((word) => stem(word, language))).size).toBe(1);
});

test.each([
  ["pl", "dom", "dama"],
  ["pl", "filtr", "film"],
  ["he", "מסנן", "מכונה"],
])("%s: %s and %s stay apart", (language, one, other) => {
  expect(stem(one, language)).not.toBe(stem(other, language));
});

test("short words lose nothing", () => {
  expect(["ma", "sól", "חם"].map((word) => stem(word, /\p{Script=Hebrew}/u.test(word) ? "he" : "pl"))).toEqual([
    "ma",
    "sol",
    "חמ",
  ]);
});
