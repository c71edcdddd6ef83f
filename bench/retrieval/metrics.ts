import type { Dataset } from "./dataset";

export interface Metrics {
  queries: number;
  "ndcg@10": number;
  "recall@5": number;
  "recall@10": number;
  "mrr@10": number;
  "hit@1": number;
}

/** Means over the queries with at least one relevant document, after trec_eval. A ranking holds document ids, best first, each once. */
export function evaluate(dataset: Dataset, rankings: Map<string, string[]>): Metrics {
  const sums = { "ndcg@10": 0, "recall@5": 0, "recall@10": 0, "mrr@10": 0, "hit@1": 0 };
  let queries = 0;
  for (const { id } of dataset.queries) {
    const relevance = new Map([...(dataset.judgements.get(id) ?? [])].filter(([, grade]) => grade > 0));
    if (relevance.size === 0) continue;
    queries++;
    const top = (rankings.get(id) ?? []).slice(0, 10);
    const gain = (grades: number[]) => grades.reduce((sum, grade, rank) => sum + grade / Math.log2(rank + 2), 0);
    const ideal = [...relevance.values()].sort((a, b) => b - a).slice(0, 10);
    const first = top.findIndex((document) => relevance.has(document));
    const found = (limit: number) =>
      top.slice(0, limit).filter((document) => relevance.has(document)).length / relevance.size;
    sums["ndcg@10"] += gain(top.map((document) => relevance.get(document) ?? 0)) / gain(ideal);
    sums["recall@5"] += found(5);
    sums["recall@10"] += found(10);
    sums["mrr@10"] += first < 0 ? 0 : 1 / (first + 1);
    sums["hit@1"] += first === 0 ? 1 : 0;
  }
  const means = Object.fromEntries(
    Object.entries(sums).map(([name, sum]) => [name, round(sum / Math.max(queries, 1))]),
  );
  return { queries, ...(means as typeof sums) };
}

export const round = (value: number, digits = 4): number => Number(value.toFixed(digits));

/** Nearest-rank percentile; 0 for no values. */
export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
