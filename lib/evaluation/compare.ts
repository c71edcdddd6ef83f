import type { Comparison, MeasuredResult } from "./schema";
import { bootstrapMean, mcnemarExact } from "./statistics";

const FIGURES = [
  { name: "Recall", unit: "share", of: (r: MeasuredResult) => r.recall },
  { name: "Mean reciprocal rank", unit: "ratio", of: (r: MeasuredResult) => r.reciprocalRank },
  { name: "First words", unit: "ms", of: (r: MeasuredResult) => r.firstTokenMs },
  { name: "Whole answer", unit: "ms", of: (r: MeasuredResult) => r.totalMs },
  { name: "Cost of an answer", unit: "usd", of: (r: MeasuredResult) => r.costMicroUsd },
] as const;

/**
 * Two runs question by question. A question passes when it did in every repeat; figures are means over its repeats, and `low` to `high` is the
 * 95 % interval of their difference. Questions whose words or expectations were changed in between are not compared.
 */
export function compareRuns(before: MeasuredResult[], after: MeasuredResult[]): Comparison {
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
    gained: gained.map((pair) => ({ question: pair.question, reason: whyNot(pair.before) })),
    lost: lost.map((pair) => ({ question: pair.question, reason: whyNot(pair.after) })),
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

function byQuestion(results: MeasuredResult[]): Map<string, MeasuredResult[]> {
  const groups = new Map<string, MeasuredResult[]>();
  for (const result of results) {
    if (!result.done) continue;
    const { question, expectedFacts, expectedSources, mustRefuse } = result;
    const key = JSON.stringify([question, expectedFacts, expectedSources, mustRefuse]);
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  return groups;
}

/** Of the first repeat that did not pass. */
const whyNot = (results: MeasuredResult[]): string =>
  results.find(({ passed }) => passed !== true)?.checks.find(({ ok }) => !ok)?.detail ?? "";

const always = (results: MeasuredResult[]): boolean => results.every(({ passed }) => passed === true);

function mean(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}
