import { describe, expect, test } from "vitest";
import { fingerprintOf } from "./fingerprint";

const terms = Array.from(
  { length: 40 },
  (_, i) =>
    `Rule ${"abcdefghij"[i % 10]}${"klmnopqrst"[i % 7]} says that parcels of kind ${"uvwxyz"[i % 6]} leave the house when clerk ${"lmnop"[i % 5]} has seen them twice.`,
).join("\n\n");
const page = (body: string, title = "Shipping") => fingerprintOf(title, `# ${title}\n\n${body}`)!;
const likeness = (a: number[], b: number[]) => a.filter((value, i) => value === b[i]).length / a.length;
const areAlike = (a: ReturnType<typeof page>, b: ReturnType<typeof page>) =>
  a.bands.some((band) => b.bands.includes(band)) && likeness(a.signature, b.signature) >= 0.85;

describe("pages count as almost the same", () => {
  test.each([
    ["a date", "Updated on 2026-01-02.", "Updated on 2026-03-04."],
    ["a date in words", "Updated January 2, 2026.", "Updated March 14, 2026."],
    ["an age", "Written 3 days ago.", "Written 5 weeks ago."],
    ["a counter", "1,234 views", "1,250 views"],
    ["a link's address", "[Share](https://x.test/?id=123)", "[Share](https://x.test/?id=456)"],
    ["a word", "Printed for you.", "Written for you."],
  ])("when they differ in %s", (_, one, other) => {
    expect(areAlike(page(`${one}\n\n${terms}`), page(`${other}\n\n${terms}`))).toBe(true);
  });
});

describe("pages that share a template are different when they differ in", () => {
  test.each([
    ["a price", "It costs 99 euros.", "It costs 109 euros."],
    ["an article number", "Article AB-1200.", "Article AB-1300."],
    ["a size", "Size 42", "Size 43"],
    ["a heading", "## Red chair", "## Blue chair"],
    ["half of what they say", terms.replaceAll("parcels", "letters"), terms.replaceAll("twice", "never")],
  ])("%s", (_, one, other) => {
    expect(areAlike(page(`${one}\n\n${terms}`), page(`${other}\n\n${terms}`))).toBe(false);
  });

  test("their title", () => {
    expect(areAlike(page(terms, "Red chair"), page(terms, "Blue chair"))).toBe(false);
  });
});

test("the share of equal places is near the share of equal runs of words", () => {
  const words = (from: number, to: number) =>
    Array.from(
      { length: to - from },
      (_, i) =>
        `w${"abcdefghij"[(i + from) % 10]}x${(i + from).toString(36).replace(/\d/g, "q")}${"z".repeat(Math.floor((i + from) / 36))}`,
    ).join(" ");
  const [a, b] = [page(words(0, 400)), page(words(100, 500))];
  expect(likeness(a.signature, b.signature)).toBeGreaterThan(0.45);
  expect(likeness(a.signature, b.signature)).toBeLessThan(0.75);
});

test("a short page has none", () => {
  expect(fingerprintOf("Title", "# Title\n\nOnly a few words.")).toBeNull();
});
