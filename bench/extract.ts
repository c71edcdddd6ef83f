import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs, promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { dataDir } from "@/lib/testing/data-dir";

const TOOLS = ["ours", "readability", "defuddle"] as const;
type Tool = (typeof TOOLS)[number];
const SETS = { news: "news.jsonl.gz", docs: "docs.jsonl.gz" } as const;
type SetName = keyof typeof SETS;
const ROUNDS = 5;

/** F1 over four-word shingles of the plain text against the given truth, per page, macro-averaged. */
export interface ExtractionScore {
  pages: number;
  f1: number;
  precision: number;
  recall: number;
  /** Pages that threw. */
  errors: number;
  /** F1 of the worst layout; only on sets that name layouts. */
  worstLayout?: number;
  /** One page after the other on one core; the best of some rounds that the tools take in turns. */
  pagesPerSecond: number;
}

export type ExtractionReport = Record<SetName, Partial<Record<Tool, ExtractionScore>>>;

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
  const report = await measureExtraction(folder, TOOLS);
  console.log(values.json ? JSON.stringify({ ...report, speedRatios: speedRatios(report) }) : summary(report));
}

/** The folder with scorer and data sets, or undefined on a machine that has none. */
export function extractionData(): string | undefined {
  const data = dataDir();
  const folder = data && join(data, "extract");
  return folder && existsSync(join(folder, "score_extract.mjs")) ? folder : undefined;
}

/** Scores in a process each, then times all tools on the same pages in one process. */
export async function measureExtraction(folder: string, tools: readonly Tool[]): Promise<ExtractionReport> {
  const report: ExtractionReport = { news: {}, docs: {} };
  for (const set of Object.keys(SETS) as SetName[]) {
    const speed = await pagesPerSecond(folder, set, tools);
    for (const tool of tools) report[set][tool] = { ...(await score(folder, set, tool)), pagesPerSecond: speed[tool]! };
  }
  return report;
}

const ScorerLine = z.object({
  n: z.number(),
  f1: z.number(),
  precision: z.number(),
  recall: z.number(),
  errors: z.number(),
  f1_by_layout: z.array(z.number()).optional(),
});

async function score(folder: string, set: SetName, tool: Tool): Promise<Omit<ExtractionScore, "pagesPerSecond">> {
  const scorer = join(folder, "score_extract.mjs");
  const { stdout } = await promisify(execFile)(process.execPath, [scorer, adapterOf(tool), "--data", SETS[set]]);
  const line = ScorerLine.parse(JSON.parse(stdout));
  return {
    pages: line.n,
    f1: line.f1,
    precision: line.precision,
    recall: line.recall,
    errors: line.errors,
    ...(line.f1_by_layout && { worstLayout: Math.min(...line.f1_by_layout) }),
  };
}

const adapterOf = (tool: Tool) => join(import.meta.dirname, "extract-tools", `${tool}.mjs`);

const Page = z.object({ html: z.string(), url: z.string() });
type Extract = (html: string, url: string) => unknown;

async function pagesPerSecond(
  folder: string,
  set: SetName,
  tools: readonly Tool[],
): Promise<Partial<Record<Tool, number>>> {
  const lines = gunzipSync(readFileSync(join(folder, SETS[set])))
    .toString()
    .trim()
    .split("\n");
  const pages = lines.map((line) => Page.parse(JSON.parse(line)));
  const works = new Map<Tool, Extract>();
  for (const tool of tools) works.set(tool, ((await import(adapterOf(tool))) as { extract: Extract }).extract);
  const best: Partial<Record<Tool, number>> = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const [tool, extract] of works) {
      const seconds = await timed(pages, extract);
      best[tool] = Math.max(best[tool] ?? 0, Math.round((10 * pages.length) / seconds) / 10);
    }
  }
  return best;
}

async function timed(pages: readonly z.infer<typeof Page>[], extract: Extract): Promise<number> {
  const start = performance.now();
  for (const { html, url } of pages) {
    try {
      await extract(html, url);
    } catch {
      // A page that a tool cannot read counts as an error of its score.
    }
  }
  return (performance.now() - start) / 1_000;
}

/** Our pages a second by those of each other tool. */
function speedRatios(report: ExtractionReport): Record<SetName, Partial<Record<Tool, number>>> {
  const ratios: Record<SetName, Partial<Record<Tool, number>>> = { news: {}, docs: {} };
  for (const set of Object.keys(SETS) as SetName[]) {
    for (const [tool, { pagesPerSecond }] of Object.entries(report[set]) as [Tool, ExtractionScore][]) {
      if (tool === "ours") continue;
      ratios[set][tool] = Math.round((100 * report[set].ours!.pagesPerSecond) / pagesPerSecond) / 100;
    }
  }
  return ratios;
}

function summary(report: ExtractionReport): string {
  const ratios = speedRatios(report);
  const lines = (Object.keys(SETS) as SetName[]).flatMap((set) =>
    (Object.entries(report[set]) as [Tool, ExtractionScore][]).map(([tool, result]) => {
      const worst = result.worstLayout === undefined ? "" : `  worst layout ${result.worstLayout}`;
      const ratio = ratios[set][tool] === undefined ? "" : `  ours is ${ratios[set][tool]} times as fast`;
      return (
        `${set}  ${tool.padEnd(11)}  ${result.pages} pages  F1 ${result.f1}  precision ${result.precision}  ` +
        `recall ${result.recall}  errors ${result.errors}${worst}  ${result.pagesPerSecond} pages/s${ratio}`
      );
    }),
  );
  return lines.join("\n");
}
