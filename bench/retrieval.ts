import { existsSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { embeddingKey, retrieve } from "@/lib/knowledge";
import { createGateway } from "@/lib/llm";
import { Bm25 } from "./retrieval/bm25";
import { type Dataset, loadDataset } from "./retrieval/dataset";
import { evaluate, type Metrics, percentile, round } from "./retrieval/metrics";
import { indexCorpus, scratchDatabase } from "./retrieval/scratch";

const FILES = ["corpus.jsonl.gz", "queries.jsonl.gz", "qrels.jsonl.gz"];
const USAGE = "npm run bench -- retrieval --data DIR [--rerank MODEL] [--json]";

export interface RetrievalReport {
  data: string;
  documents: number;
  chunks: number;
  embeddingModel: string;
  reranker?: string;
  /** Questions that kept the search's own order. */
  rerankFailures?: number;
  ours: Metrics;
  /** Lucene's BM25 (k1 1.2, b 0.75, Porter) over whole documents, in this process. */
  bm25: Metrics;
  /** nDCG@10 of ours over that of BM25. */
  ratio: number;
  /** Share of the questions that found nothing. */
  noResult: number;
  /** One question after the other: embedding, SQL, fusion. */
  latencyMs: { p50: number; p95: number };
  indexMs: number;
}

/**
 * Measures retrieval on a set of judged questions: the real chunker, embedder, `service.match_chunks` on a scratch database, and fusion.
 * A document ranks where its best passage does. `--rerank` switches the reranker on, with RERANK_BASE_URL or a provider's key as the product reads them.
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { data: { type: "string" }, rerank: { type: "string" }, json: { type: "boolean" } },
  });
  if (!values.data || !FILES.every((file) => existsSync(path.join(values.data!, file)))) {
    console.error(
      `${values.data ? `${values.data} does not hold ${FILES.join(", ")}` : "--data is missing"}.\n${USAGE}`,
    );
    process.exitCode = 1;
    return;
  }
  const report = await measureRetrieval(values.data, values.rerank);
  console.log(values.json ? JSON.stringify(report) : asText(report));
}

export async function measureRetrieval(folder: string, reranker?: string): Promise<RetrievalReport> {
  const dataset = loadDataset(folder);
  const reference = new Bm25(dataset.documents);
  const bm25 = evaluate(dataset, new Map(dataset.queries.map(({ id, text }) => [id, reference.search(text, 100)])));
  const env = { ...process.env, RERANK_MODEL: reranker } as Parameters<typeof createGateway>[0]["env"];
  let rerankFailures = 0;
  const gateway = createGateway({
    env,
    onCall: ({ step, outcome }) => {
      if (step === "rerank" && outcome !== "ok") rerankFailures++;
    },
  });
  const embeddingModel = embeddingKey(gateway.embeddingModel);
  const database = await scratchDatabase();
  try {
    const startedAt = performance.now();
    const { chunks, ...agent } = await indexCorpus({ owner: database.owner, gateway }, dataset);
    const indexMs = Math.round(performance.now() - startedAt);
    const { rankings, latenciesMs } = await search(dataset, async (question) =>
      (
        await retrieve({ db: database.service, gateway }, { ...agent, question, language: "en", embeddingModel })
      ).chunks.map(({ url }) => url),
    );
    const ours = evaluate(dataset, rankings);
    const empty = [...rankings.values()].filter((documents) => documents.length === 0).length;
    return {
      data: folder,
      documents: dataset.documents.length,
      chunks,
      embeddingModel,
      ...(reranker && { reranker, rerankFailures }),
      ours,
      bm25,
      ratio: round(ours["ndcg@10"] / bm25["ndcg@10"]),
      noResult: round(empty / Math.max(dataset.queries.length, 1)),
      latencyMs: { p50: round(percentile(latenciesMs, 0.5), 1), p95: round(percentile(latenciesMs, 0.95), 1) },
      indexMs,
    };
  } finally {
    await database.stop();
  }
}

const WARM_UP = 20;

async function search(
  dataset: Dataset,
  find: (question: string) => Promise<string[]>,
): Promise<{ rankings: Map<string, string[]>; latenciesMs: number[] }> {
  for (const { text } of dataset.queries.slice(0, WARM_UP)) await find(text);
  const rankings = new Map<string, string[]>();
  const latenciesMs: number[] = [];
  for (const { id, text } of dataset.queries) {
    const startedAt = performance.now();
    const urls = await find(text);
    latenciesMs.push(performance.now() - startedAt);
    rankings.set(id, [...new Set(urls.map((url) => decodeURIComponent(url.slice(url.lastIndexOf("/") + 1))))]);
  }
  return { rankings, latenciesMs };
}

function asText(report: RetrievalReport): string {
  const line = (name: string, metrics: Metrics) =>
    `${name.padEnd(8)} nDCG@10 ${metrics["ndcg@10"]}  recall@5 ${metrics["recall@5"]}  recall@10 ${metrics["recall@10"]}  MRR@10 ${metrics["mrr@10"]}`;
  return [
    `${report.data}: ${report.documents} documents, ${report.chunks} chunks, ${report.ours.queries} questions, ${report.embeddingModel}${report.reranker ? `, reranked by ${report.reranker} (${report.rerankFailures} failures)` : ""}`,
    line("ours", report.ours),
    line("BM25", report.bm25),
    `ratio ${report.ratio}, no result ${report.noResult}, p50 ${report.latencyMs.p50} ms, p95 ${report.latencyMs.p95} ms, indexed in ${report.indexMs} ms`,
  ].join("\n");
}
