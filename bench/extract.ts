import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs, promisify } from "node:util";
import { dataDir } from "@/lib/testing/data-dir";

/** F1 over four-word shingles of the plain text against the given truth, per page, macro-averaged. */
export interface ExtractionScore {
  pages: number;
  f1: number;
  precision: number;
  recall: number;
  /** Pages that threw. */
  errors: number;
  /** One page after the other, Markdown and metadata included. */
  msPerPage: { mean: number; p50: number; p95: number };
  /** F1 of the worst layout; only on sets that name layouts. */
  worstLayout?: number;
}

export interface ExtractionReport {
  news: ExtractionScore;
  docs: ExtractionScore;
}

/** `--data DIR`: a folder with the scorer and both data sets; by default the development data beside the repository. */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { data: { type: "string" }, json: { type: "boolean", default: false } },
  });
  const folder = values.data ? resolve(values.data) : extractionData();
  if (!folder) {
    const skipped = "no development data beside the repository (../shared/data) and no --data";
    console.log(values.json ? JSON.stringify({ skipped }) : `extract: skipped, ${skipped}`);
    return;
  }
  const report = await measureExtraction(folder);
  console.log(values.json ? JSON.stringify(report) : summary(report));
}

/** The folder with scorer and data sets, or undefined on a machine that has none. */
export function extractionData(): string | undefined {
  const data = dataDir();
  const folder = data && join(data, "extract");
  return folder && existsSync(join(folder, "score_extract.mjs")) ? folder : undefined;
}

/** Runs the scorer in processes of their own, one after the other, so that times are those of one page on one core. */
export async function measureExtraction(folder: string): Promise<ExtractionReport> {
  const news = await score(folder, "news.jsonl.gz");
  return { news, docs: await score(folder, "docs.jsonl.gz") };
}

interface ScorerLine {
  n: number;
  f1: number;
  precision: number;
  recall: number;
  errors: number;
  ms_mean: number;
  ms_p50: number;
  ms_p95: number;
  f1_by_layout?: number[];
}

async function score(folder: string, data: string): Promise<ExtractionScore> {
  const adapter = join(import.meta.dirname, "extract-adapter.mjs");
  const scorer = join(folder, "score_extract.mjs");
  const { stdout } = await promisify(execFile)(process.execPath, [scorer, adapter, "--data", data]);
  const line = JSON.parse(stdout) as ScorerLine;
  return {
    pages: line.n,
    f1: line.f1,
    precision: line.precision,
    recall: line.recall,
    errors: line.errors,
    msPerPage: { mean: line.ms_mean, p50: line.ms_p50, p95: line.ms_p95 },
    ...(line.f1_by_layout && { worstLayout: Math.min(...line.f1_by_layout) }),
  };
}

function summary(report: ExtractionReport): string {
  const line = (name: string, { pages, f1, precision, recall, errors, msPerPage, worstLayout }: ExtractionScore) =>
    `${name}  ${pages} pages  F1 ${f1}  precision ${precision}  recall ${recall}  errors ${errors}  ` +
    `${msPerPage.mean} ms a page (p95 ${msPerPage.p95})${worstLayout === undefined ? "" : `  worst layout ${worstLayout}`}`;
  return [line("news", report.news), line("docs", report.docs)].join("\n");
}
