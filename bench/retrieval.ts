import { existsSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { embeddingKey, retrieve } from "@/lib/knowledge";
import { type CallRecord, createGateway, type Gateway, type GatewayEnv } from "@/lib/llm";
import { Bm25 } from "./retrieval/bm25";
import { type Dataset, loadDataset } from "./retrieval/dataset";
import { evaluate, type Metrics, percentile, round } from "./retrieval/metrics";
import { isStandIn, startReranker } from "./retrieval/reranker";
import { type IndexedPassage, indexCorpus, scratchDatabase } from "./retrieval/scratch";

const FILES = ["corpus.jsonl.gz", "queries.jsonl.gz", "qrels.jsonl.gz"];
const USAGE = "npm run bench -- retrieval --data DIR [--rerank oracle|lexical|MODEL] [--rerank-ms 100] [--json]";

export interface RetrievalReport {
  data: string;
  documents: number;
  chunks: number;
  embeddingModel: string;
  ours: Metrics;
  /** Lucene's BM25 (k1 1.2, b 0.75, Porter) over whole documents, in this process. */
  bm25: Metrics;
  /** nDCG@10 of ours over that of BM25. */
  ratio: number;
  /** Share of the questions that found nothing. */
  noResult: number;
  /** One question after the other: embedding, SQL, fusion. */
  latencyMs: Spread;
  indexMs: number;
  /** The same questions, to the same agent, once more with a reranker. */
  rerank?: RerankReport;
}

interface Spread {
  p50: number;
  p95: number;
}

interface RerankReport {
  model: string;
  /** After which the stand-in answers; null for a model. */
  answerMs: number | null;
  reranked: Metrics;
  /** nDCG@10 over that of the same search without it. */
  ratio: number;
  callsPerQuestion: number;
  /** Questions that kept the search's own order. */
  failures: number;
  /** Question and passages, as the product estimates them; what a provider bills may differ. */
  tokensPerQuestion: Spread;
  latencyMs: Spread;
  /** What the reranker adds to a question. */
  addedMs: Spread;
}

/**
 * Measures retrieval on a set of judged questions: the real chunker, embedder, `service.match_chunks` on a scratch database, and fusion.
 * A document ranks where its best passage does. `--rerank` asks everything once more with a reranker: one of two stand-ins that answer over HTTP after
 * `--rerank-ms`, or a model, with RERANK_BASE_URL or a provider's key as the product reads them.
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: "string" },
      rerank: { type: "string" },
      "rerank-ms": { type: "string", default: "100" },
      json: { type: "boolean" },
    },
  });
  const answerMs = Number(values["rerank-ms"]);
  if (!Number.isInteger(answerMs) || answerMs < 0) {
    console.error(`--rerank-ms is a whole number of milliseconds.\n${USAGE}`);
    process.exitCode = 1;
    return;
  }
  if (!values.data || !FILES.every((file) => existsSync(path.join(values.data!, file)))) {
    console.error(
      `${values.data ? `${values.data} does not hold ${FILES.join(", ")}` : "--data is missing"}.\n${USAGE}`,
    );
    process.exitCode = 1;
    return;
  }
  const report = await measureRetrieval(values.data, values.rerank ? { model: values.rerank, answerMs } : undefined);
  console.log(values.json ? JSON.stringify(report) : asText(report));
}

export async function measureRetrieval(
  folder: string,
  reranker?: { model: string; answerMs: number },
): Promise<RetrievalReport> {
  const dataset = loadDataset(folder);
  const reference = new Bm25(dataset.documents);
  const bm25 = evaluate(dataset, new Map(dataset.queries.map(({ id, text }) => [id, reference.search(text, 100)])));
  const gateway = createGateway({ env: { ...process.env, RERANK_MODEL: undefined } as GatewayEnv, onCall: () => {} });
  const embeddingModel = embeddingKey(gateway.embeddingModel);
  const database = await scratchDatabase();
  try {
    const startedAt = performance.now();
    const { passages, ...agent } = await indexCorpus({ owner: database.owner, gateway }, dataset);
    const indexMs = Math.round(performance.now() - startedAt);
    const asking = (by: Gateway) => async (question: string) =>
      (
        await retrieve({ db: database.service, gateway: by }, { ...agent, question, language: "en", embeddingModel })
      ).chunks.map(({ url }) => url);
    const { rankings, latenciesMs } = await search(dataset, asking(gateway));
    const ours = evaluate(dataset, rankings);
    const rerank =
      reranker && (await measureReranker(reranker, { dataset, passages, asking, without: { ours, latenciesMs } }));
    const empty = [...rankings.values()].filter((documents) => documents.length === 0).length;
    return {
      data: folder,
      documents: dataset.documents.length,
      chunks: passages.length,
      embeddingModel,
      ours,
      bm25,
      ratio: round(ours["ndcg@10"] / bm25["ndcg@10"]),
      noResult: round(empty / Math.max(dataset.queries.length, 1)),
      latencyMs: spread(latenciesMs),
      indexMs,
      ...(rerank && { rerank }),
    };
  } finally {
    await database.stop();
  }
}

/** Asks everything once more with a reranker, through the gateway and the retrieval of the product. */
async function measureReranker(
  { model, answerMs }: { model: string; answerMs: number },
  {
    dataset,
    passages,
    asking,
    without,
  }: {
    dataset: Dataset;
    passages: IndexedPassage[];
    asking: (by: Gateway) => (question: string) => Promise<string[]>;
    without: { ours: Metrics; latenciesMs: number[] };
  },
): Promise<RerankReport> {
  const standIn = isStandIn(model) ? await startReranker(model, { dataset, passages, answerMs }) : null;
  const calls: CallRecord[] = [];
  let isWarm = false;
  const gateway = createGateway({
    env: { ...process.env, ...(standIn?.env ?? { RERANK_MODEL: model }) } as GatewayEnv,
    onCall: (record) => {
      if (isWarm && record.step === "rerank") calls.push(record);
    },
  });
  try {
    const { rankings, latenciesMs } = await search(dataset, asking(gateway), {
      onAsk: (queryId) => standIn?.asks(queryId),
      onWarm: () => {
        isWarm = true;
      },
    });
    const reranked = evaluate(dataset, rankings);
    return {
      model,
      answerMs: standIn ? answerMs : null,
      reranked,
      ratio: round(reranked["ndcg@10"] / without.ours["ndcg@10"]),
      callsPerQuestion: round(calls.length / latenciesMs.length),
      failures: calls.filter(({ outcome }) => outcome !== "ok").length,
      tokensPerQuestion: spread(calls.map(({ inputTokens }) => inputTokens)),
      latencyMs: spread(latenciesMs),
      addedMs: spread(latenciesMs.map((ms, at) => ms - without.latenciesMs[at]!)),
    };
  } finally {
    await standIn?.stop();
  }
}

const spread = (values: number[]): Spread => ({
  p50: round(percentile(values, 0.5), 1),
  p95: round(percentile(values, 0.95), 1),
});

const WARM_UP = 20;

async function search(
  dataset: Dataset,
  find: (question: string) => Promise<string[]>,
  { onAsk, onWarm }: { onAsk?: (queryId: string) => void; onWarm?: () => void } = {},
): Promise<{ rankings: Map<string, string[]>; latenciesMs: number[] }> {
  for (const { text } of dataset.queries.slice(0, WARM_UP)) await find(text);
  onWarm?.();
  const rankings = new Map<string, string[]>();
  const latenciesMs: number[] = [];
  for (const { id, text } of dataset.queries) {
    onAsk?.(id);
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
    `${report.data}: ${report.documents} documents, ${report.chunks} chunks, ${report.ours.queries} questions, ${report.embeddingModel}`,
    line("ours", report.ours),
    line("BM25", report.bm25),
    `ratio ${report.ratio}, no result ${report.noResult}, p50 ${report.latencyMs.p50} ms, p95 ${report.latencyMs.p95} ms, indexed in ${report.indexMs} ms`,
    ...(report.rerank ? rerankLines(report.rerank, line) : []),
  ].join("\n");
}

const rerankLines = (
  { model, answerMs, reranked, ratio, callsPerQuestion, failures, tokensPerQuestion, addedMs }: RerankReport,
  line: (name: string, metrics: Metrics) => string,
): string[] => [
  "",
  line(model, reranked),
  `ratio to the search alone ${ratio}; a question: ${callsPerQuestion} calls, ${tokensPerQuestion.p50} tokens (p95 ${tokensPerQuestion.p95}), ${addedMs.p50} ms more (p95 ${addedMs.p95})${answerMs === null ? "" : ` with a server that takes ${answerMs} ms`}; ${failures} failures`,
];
