import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { analyzeLikeLucene, Bm25 } from "./bm25";
import { loadDataset } from "./dataset";
import { evaluate, percentile } from "./metrics";
import { porter } from "./porter";

const folder = (files: Record<string, unknown[]>) => {
  const made = mkdtempSync(path.join(tmpdir(), "alonchat-dataset-"));
  for (const [name, rows] of Object.entries(files)) {
    writeFileSync(path.join(made, `${name}.jsonl.gz`), gzipSync(rows.map((row) => JSON.stringify(row)).join("\n")));
  }
  return made;
};
const corpus = [
  { id: "a", title: "Pumps", text: "The pump moves water." },
  { id: "b", title: "Lamps", text: "Lamps give light to plants, and plants need light." },
  { id: "c", text: "Water and light." },
];

test("the stemmer gives the examples of Porter's paper", () => {
  const pairs =
    "caresses:caress ponies:poni ties:ti cats:cat feed:feed agreed:agre plastered:plaster motoring:motor sing:sing conflated:conflat hopping:hop hissing:hiss failing:fail filing:file happy:happi sky:sky relational:relat vietnamization:vietnam triplicate:triplic hopefulness:hope allowance:allow adjustment:adjust adoption:adopt rate:rate cease:ceas controll:control";
  for (const pair of pairs.split(" ")) expect(porter(pair.split(":")[0]!)).toBe(pair.split(":")[1]);
});

test("BM25 drops stop words and possessives, and scores as the formula says", () => {
  expect(analyzeLikeLucene("The garden's pumps, and it's water")).toEqual(["garden", "pump", "water"]);
  const index = new Bm25(corpus);
  expect(index.search("light for plants", 10)).toEqual(["b", "c"]);
  expect(index.search("nothing", 10)).toEqual([]);
});

test("metrics are those of trec_eval, over judged questions only", () => {
  const dataset = loadDataset(
    folder({
      corpus,
      queries: [
        { id: "1", text: "one" },
        { id: "2", text: "two" },
        { id: "3", text: "unjudged" },
      ],
      qrels: [
        { q: "1", d: "a", r: 1 },
        { q: "2", d: "b", r: 2 },
        { q: "2", d: "c", r: 1 },
      ],
    }),
  );
  const metrics = evaluate(
    dataset,
    new Map([
      ["1", ["x", "a"]],
      ["2", ["b", "c"]],
      ["3", ["a"]],
    ]),
  );
  expect(metrics).toEqual({
    queries: 2,
    "ndcg@10": Number(((1 / Math.log2(3) + 1) / 2).toFixed(4)),
    "recall@5": 1,
    "recall@10": 1,
    "mrr@10": 0.75,
    "hit@1": 0.5,
  });
});

test("a data set with a wrong line is refused with the line's number", () => {
  expect(() => loadDataset(folder({ corpus: [{ id: "a", text: "x" }, { id: 7 }], queries: [], qrels: [] }))).toThrow(
    /corpus\.jsonl\.gz, line 2/,
  );
});

test("percentiles are the nearest rank", () => {
  expect([percentile([3, 1, 2, 4], 0.5), percentile([3, 1, 2, 4], 0.95), percentile([], 0.5)]).toEqual([2, 4, 0]);
});
