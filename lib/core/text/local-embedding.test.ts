import fc from "fast-check";
import { expect, test } from "vitest";
import { LOCAL_EMBEDDING_DIMENSIONS, localEmbedding } from "./local-embedding";

const cosine = (x: string, y: string) => {
  const b = localEmbedding(y);
  return localEmbedding(x).reduce((sum, value, i) => sum + value * b[i]!, 0);
};

test("every text has a vector of 384 finite numbers and length 1, or zero when it has no word", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (text) => {
      const vector = localEmbedding(text);
      const length = Math.hypot(...vector);
      expect(vector).toHaveLength(LOCAL_EMBEDDING_DIMENSIONS);
      expect(length < 1e-6 || Math.abs(length - 1) < 1e-5).toBe(true);
    }),
  );
  expect(localEmbedding(" ?! ").every((value) => value === 0)).toBe(true);
});

test("vectors are the same in every process: stored ones stay comparable", () => {
  const [first, second] = [localEmbedding("reset the password"), localEmbedding("reset the password")];
  expect(first).toEqual(second);
  const largest = first.reduce((best, value, i) => (Math.abs(value) > Math.abs(first[best]!) ? i : best), 0);
  expect([largest, Number(first[largest]!.toFixed(4))]).toMatchInlineSnapshot(`
    [
      153,
      -0.6342,
    ]
  `);
});

test.each([
  ["How do I reset my password?", "Resetting a password", "Shipping costs to Austria"],
  ["cancel my subcription", "Cancel a subscription", "Water the plants"],
  ["Wie kann ich die Lieferadresse ändern?", "Lieferadressen ändern Sie im Kundenkonto", "Pumpe reinigen"],
  ["パスワードを変更", "パスワードの変更方法", "送料について"],
])("%s is nearer to what shares its words than to something else", (question, near, far) => {
  expect(cosine(question, near)).toBeGreaterThan(cosine(question, far) + 0.2);
});
