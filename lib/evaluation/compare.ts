import type { Comparison, EvalResult } from "./schema";
import { bootstrapMean, mcnemarExact } from "./statistics";

type Measured = Pick<
  EvalResult,
  | "question"
  | "expectedFacts"
  | "expectedSources"
  | "mustRefuse"
  | "done"
  | "passed"
  | "recall"
  | "reciprocalRank"
  | "totalMs"
  | "firstTokenMs"
  | "costMicroUsd"
>;

const FIGURES = [
  { name: "Recall", unit: "share", of: (r: Measured) => r.recall },
  { name: "Mean reciprocal rank", unit: "share", of: (r: Measured) => r.reciprocalRank },
  { name: "First words", unit: "ms", of: (r: Measured) => r.firstTokenMs },
  { name: "Whole answer", unit: "ms", of: (r: Measured) => r.totalMs },
  { name: "Cost of an answer", unit: "usd", of: (r: Measured) => r.costMicroUsd },
] as const;

/**
 * Two runs question by question. A question passes when it did in every repeat; figures are means over its repeats, and `low` to `high` is the
 * 95 % interval of their difference. Questions whose words or expectations were changed in between are not compared.
 */
export function compareRuns(before: Measured[], after: Measured[]): Comparison {
  const [first, second] = [byQuestion(before), byQuestion(after)];
  const pairs = [...first].flatMap(([key, results]) => {
    const others = second.get(key);
    return others ? [{ question: results[0]!.question, before: results, after: others }] : [];
  });
  const gained = pairs.filter((pair) => !always(pair.before) && always(pair.after));
  const lost = pairs.filter((pair) => always(pair.before) && !always(pair.after));
  const rates = pairs.map((pair) => ({ before: Number(always(pair.before)), after: Number(always(pair.after)) }));
  const figures = [
    { name: "Pass rate", unit: "share" as const, pairs: rates },
    ...FIGURES.map(({ name, unit, of }) => ({
      name,
      unit,
      pairs: pairs.flatMap((pair) => {
        const [was, is] = [mean(pair.before.map(of)), mean(pair.after.map(of))];
        return was === null || is === null ? [] : [{ before: was, after: is }];
      }),
    })),
  ];
  return {
    questions: pairs.length,
    unpaired: first.size + second.size - 2 * pairs.length,
    gained: gained.map(({ question }) => question),
    lost: lost.map(({ question }) => question),
    pValue: mcnemarExact(gained.length, lost.length),
    figures: figures
      .filter((figure) => figure.pairs.length > 0)
      .map(({ name, unit, pairs: values }) => {
        const { low, high } = bootstrapMean(values.map((pair) => pair.after - pair.before));
        return {
          name,
          unit,
          before: mean(values.map((pair) => pair.before))!,
          after: mean(values.map((pair) => pair.after))!,
          low,
          high,
        };
      }),
  };
}

function byQuestion(results: Measured[]): Map<string, Measured[]> {
  const groups = new Map<string, Measured[]>();
  for (const result of results) {
    if (!result.done) continue;
    const { question, expectedFacts, expectedSources, mustRefuse } = result;
    const key = JSON.stringify([question, expectedFacts, expectedSources, mustRefuse]);
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  return groups;
}

const always = (results: Measured[]): boolean => results.every(({ passed }) => passed === true);

function mean(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}
