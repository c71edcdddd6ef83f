import { parseArgs } from "node:util";
import pg from "pg";
import { log } from "@/lib/core/log";
import { startStack } from "@/supabase/local/stack";
import { evaluateSampleSite, type Figure, type SampleEvaluation, THRESHOLDS } from "./evaluation/sample-shop";

const USAGE = `npm run eval -- [--repeats 1…5] [--min passRate=0.7,recall=0.9] [--verbose] [--json]

Puts the sample shop's questions to an agent and says how well it finds, answers, cites and refuses. Uses the models of your
environment, or the local ones. Ends with 1 when a figure is below its minimum.
`;

const ROWS: [Figure, string][] = [
  ["passRate", "right answers, with every expected fact, cited from the right page"],
  ["recall", "the right page among the first ten passages found"],
  ["mrr", "how far up it stands: 1 is always first, 0.5 second"],
  ["grounded", "answers in which everything is held by what they cite"],
  ["refusedRightly", "“I do not know” where the shop does not say"],
];

async function main(): Promise<void> {
  // A line for each answer would hide the table.
  if (!process.env.LOG_LEVEL) log.level = "warn";
  const { values } = parseArgs({
    options: {
      repeats: { type: "string", default: "1" },
      min: { type: "string", default: "" },
      json: { type: "boolean", default: false },
      verbose: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const repeats = Number(values.repeats);
  const thresholds = thresholdsOf(values.min);
  if (values.help || !thresholds || !Number.isInteger(repeats) || repeats < 1 || repeats > 5) {
    process.stderr.write(USAGE);
    process.exitCode = values.help ? 0 : 1;
    return;
  }
  const stack = await startStack({ apiPort: 0, dbPort: 0, throwaway: true, realtime: false });
  const owner = new pg.Pool({ connectionString: stack.ownerDatabaseUrl, max: 2 });
  // Postgres ends what is still closing when it stops.
  owner.on("error", () => {});
  try {
    const report = await evaluateSampleSite(
      { owner, url: stack.databaseUrl },
      { repeats, thresholds, env: modelsOf(process.env), say: (line) => process.stderr.write(`${line}\n`) },
    );
    process.stdout.write(
      values.json
        ? `${JSON.stringify({ ...report, thresholds })}\n`
        : asText(report, thresholds, { repeats, verbose: values.verbose }),
    );
    if (report.below.length > 0) process.exitCode = 1;
  } finally {
    await owner.end();
    await stack.stop();
  }
}

/** null when it names no figure or no number. */
function thresholdsOf(text: string): Record<Figure, number> | null {
  const thresholds: Record<Figure, number> = { ...THRESHOLDS };
  for (const part of text.split(",").filter(Boolean)) {
    const [figure = "", value = ""] = part.split("=");
    if (!(figure in THRESHOLDS) || value === "" || Number.isNaN(Number(value))) return null;
    thresholds[figure as Figure] = Number(value);
  }
  return thresholds;
}

const modelsOf = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([key, value]) =>
      value && /^(OPENAI|ANTHROPIC|GOOGLE|CHAT_MODEL|EMBEDDING_MODEL|RERANK|GROUNDING_JUDGE)/.test(key)
        ? [[key, value]]
        : [],
    ),
  );

function asText(
  { chatModel, summary, failed, below }: SampleEvaluation,
  thresholds: Record<Figure, number>,
  { repeats, verbose }: { repeats: number; verbose: boolean },
): string {
  const percent = (share: number | null) => (share === null ? "–" : `${(share * 100).toFixed(1)} %`);
  const show = (figure: Figure, value: number | null) =>
    figure === "mrr" ? (value === null ? "–" : value.toFixed(2)) : percent(value);
  const lines = [
    `${summary.questions} questions of the sample shop, answered by ${chatModel}`,
    "",
    `  ${"figure".padEnd(16)}${"result".padStart(9)}${"minimum".padStart(10)}   what it says`,
    ...ROWS.map(
      ([figure, meaning]) =>
        `${below.includes(figure) ? "✗" : "✓"} ${figure.padEnd(16)}${show(figure, summary[figure]).padStart(9)}${show(figure, thresholds[figure]).padStart(10)}   ${meaning}`,
    ),
    ...(repeats > 1
      ? [
          `  ${`pass^${repeats}`.padEnd(16)}${percent(summary.passAll).padStart(9)}${"".padStart(10)}   questions that passed in every one of ${repeats} repeats`,
        ]
      : []),
    `  ${"refusedWrongly".padEnd(16)}${percent(summary.refusedWrongly).padStart(9)}${"".padStart(10)}   “I do not know” although the shop says it`,
    `  ${"answer p50/p95".padEnd(16)}${`${summary.totalP50Ms} ms`.padStart(9)}${`${summary.totalP95Ms} ms`.padStart(10)}   four questions at once`,
    `  ${"cost".padEnd(16)}${`$${(summary.costMicroUsd / 1e6).toFixed(4)}`.padStart(9)}`,
    "",
    ...(verbose
      ? failed.flatMap(({ question, reasons }) => [`✗ ${question}`, ...reasons.map((reason) => `    ${reason}`)])
      : failed.length > 0
        ? [`${failed.length} answers did not pass; --verbose names them.`]
        : []),
    below.length > 0 ? `Below the minimum: ${below.join(", ")}.` : "Every figure reaches its minimum.",
  ];
  return `${lines.join("\n")}\n`;
}

await main();
