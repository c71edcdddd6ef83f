import { expect, test } from "vitest";
import { fuse, type MatchedChunk, vectorWeight } from "./fuse";
import { rescore } from "./rescore";

const row = (id: string, content: string, more: Partial<MatchedChunk> = {}): MatchedChunk => ({
  chunkId: id,
  pageId: `page-${id}`,
  sourceId: "source",
  url: `https://x.test/${id}`,
  title: "Garden",
  headingPath: [],
  anchor: null,
  content,
  position: 0,
  tokenCount: 50,
  lexical: 1,
  similarity: 0,
  ...more,
});
const ids = (rows: MatchedChunk[]) => rows.map(({ chunkId }) => chunkId);
const local = { model: "local/hash-384" };

test("with equal scores the passage wins whose title or heading fits", () => {
  const rows = [
    row("a", "The pump is in the box."),
    row("b", "The pump is in the box.", { title: "Replace the pump" }),
  ];
  expect(ids(fuse("replace the pump", rows, local))).toEqual(["b", "a"]);
});

test("with equal scores the passage wins in which the words stand side by side", () => {
  const rows = [row("a", "A card for the gift of water."), row("b", "A gift card for water today.")];
  expect(ids(fuse("gift card", rows, local))).toEqual(["b", "a"]);
});

test("with equal scores the passage wins that shares parts of a misspelt word", () => {
  const rows = [row("a", "Lamps and light.", { lexical: 0 }), row("b", "Fertilizer and water.", { lexical: 0 })];
  expect(ids(fuse("fertiliser", rows, local))).toEqual(["b", "a"]);
});

test("vectors decide when no word fits", () => {
  const rows = [
    row("a", "Lamps.", { lexical: 0, similarity: 0.2 }),
    row("b", "Water.", { lexical: 0, similarity: 0.9 }),
  ];
  expect(ids(fuse("xyzzy", rows, { model: "openai/text-embedding-3-small" }))).toEqual(["b", "a"]);
});

test("local vectors weigh less than those of a neural model", () => {
  expect(vectorWeight("local/hash-384")).toBeLessThan(vectorWeight("openai/text-embedding-3-small"));
  const rows = [
    row("a", "Water.", { lexical: 2, similarity: 0.4 }),
    row("b", "Water too.", { lexical: 1.5, similarity: 0.8 }),
  ];
  expect(ids(fuse("xyzzy", rows, local))[0]).toBe("a");
  expect(ids(fuse("xyzzy", rows, { model: "openai/text-embedding-3-small" }))[0]).toBe("b");
});

test("the order does not depend on the order of the rows", () => {
  const rows = Array.from({ length: 30 }, (_, i) =>
    row(`c${i}`, `Pump number ${i % 7}.`, { lexical: i % 5, similarity: (i % 3) / 3 }),
  );
  expect(ids(fuse("pump 3", rows.toReversed(), local))).toEqual(ids(fuse("pump 3", rows, local)));
});

test("the same text under the same title and headings appears once, the better one", () => {
  const rows = [
    row("a", "Required: yes"),
    row("b", "Required: yes", { lexical: 3 }),
    row("c", "Required: yes", { headingPath: ["name"] }),
  ];
  expect(ids(fuse("required", rows, local)).sort()).toEqual(["b", "c"]);
});

test("rows keep all they came with", () => {
  expect(fuse("pump", [{ ...row("a", "Pump."), extra: 7 }], local)).toMatchObject([
    { extra: 7, url: "https://x.test/a" },
  ]);
});

test("no rows, no words and negative similarities are no trouble", () => {
  expect(fuse("pump", [], local)).toEqual([]);
  expect(rescore("", [])).toEqual([]);
  const [only] = fuse("", [row("a", "", { lexical: 0, similarity: -0.5 })], local);
  expect(only!.score).toBe(0);
});
