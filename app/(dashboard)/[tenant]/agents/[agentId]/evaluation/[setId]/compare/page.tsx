import Link from "next/link";
import { notFound } from "next/navigation";
import { supabase } from "@/app/_server/supabase";
import { BackHeader } from "@/components/back-header";
import { dollars, percent, time } from "@/components/figures";
import { Notice } from "@/components/ui/notice";
import { number, plural } from "@/components/ui/number";
import { Table, Td, Th, Thead, Tr } from "@/components/ui/table";
import { RelativeTime } from "@/components/ui/time";
import { versionName } from "@/lib/agents/schema";
import { compareRuns, getRun, listMeasured } from "@/lib/evaluation";
import type { Changed as ChangedQuestion, Comparison, EvalRun } from "@/lib/evaluation/schema";
import { missingIsNotFound, requireAgent } from "../../../../../data";

export const metadata = { title: "Comparison" };

/** With fewer questions resampling knows too little of what others would do. */
const ENOUGH = 20;
/** Chance of as uneven a split where nothing differs; below it a difference is called one. */
const SIGNIFICANT = 0.05;

export default async function ComparePage({
  params,
  searchParams,
}: PageProps<"/[tenant]/agents/[agentId]/evaluation/[setId]/compare">) {
  const { member, tenant, agent } = await requireAgent(params);
  const { setId } = await params;
  const ids = await searchParams;
  const db = await supabase();
  const read = async (runId: string | string[] | undefined) => {
    if (typeof runId !== "string") notFound();
    const ref = { tenantId: member.tenantId, runId };
    const [run, results] = await Promise.all([getRun(db, ref), listMeasured(db, ref)]).catch(missingIsNotFound);
    if (run.setId !== setId) notFound();
    return { run, results };
  };
  const [before, after] = await Promise.all([read(ids.before), read(ids.after)]);
  const isOtherVersion = before.run.version?.id !== after.run.version?.id;
  const comparison = compareRuns(before.results, after.results);
  return (
    <div className="page grid gap-6 py-6">
      <BackHeader
        back={`/${tenant}/agents/${agent.id}/evaluation/${setId}`}
        backLabel="Back to the set"
        title="Comparison"
      >
        <p className="text-sm break-words text-ink-muted">
          {plural(comparison.questions, "question")} that both runs asked
          {comparison.unpaired > 0 && `; ${number(comparison.unpaired)} were changed in between and left out`}
          {isOtherVersion && before.run.version && after.run.version && (
            <>
              {" · "}
              <Link
                href={`/${tenant}/agents/${agent.id}/settings/versions/compare?from=${before.run.version.id}&to=${after.run.version.id}`}
                className="text-link"
              >
                What differs in the settings
              </Link>
            </>
          )}
        </p>
      </BackHeader>
      {comparison.questions === 0 ? (
        <Notice kind="info">The two runs have no question in common, so there is nothing to compare.</Notice>
      ) : (
        <>
          <Verdict comparison={comparison} />
          <Figures comparison={comparison} before={before.run} after={after.run} />
          {comparison.questions < ENOUGH && (
            <p className="text-xs text-ink-muted">
              With fewer than {ENOUGH} questions the intervals say little about questions that were not asked.
            </p>
          )}
          <Changed title="Now passing" before="Before" questions={comparison.gained} />
          <Changed title="No longer passing" before="Now" questions={comparison.lost} />
        </>
      )}
    </div>
  );
}

function Verdict({ comparison: { gained, lost, pValue } }: { comparison: Comparison }) {
  const isReal = pValue < SIGNIFICANT;
  const better = gained.length > lost.length;
  return (
    <Notice
      kind={isReal && !better ? "danger" : "info"}
      title={
        isReal
          ? better
            ? "The later run passes more questions"
            : "The later run passes fewer questions"
          : "No difference that could not be chance"
      }
    >
      {plural(gained.length, "question")} gained, {number(lost.length)} lost. With two equal agents, a split at least as
      uneven comes up {pValue < 0.001 ? "less than 0.1%" : `${(pValue * 100).toFixed(1)}%`} of the time (McNemar’s exact
      test).
    </Notice>
  );
}

const RunHead = ({ run }: { run: EvalRun }) => (
  <Th className="py-1.5 text-right break-words whitespace-normal">
    <bdi>{run.label || <RelativeTime at={run.createdAt} />}</bdi>
    {run.version && <span className="block font-normal text-ink-subtle">{versionName(run.version)}</span>}
  </Th>
);

function Figures({ comparison, before, after }: { comparison: Comparison; before: EvalRun; after: EvalRun }) {
  return (
    <Table label="Figures of both runs" className="max-sm:[&_td]:px-2 max-sm:[&_th]:px-2">
      <Thead>
        <Th className="whitespace-normal">Mean of a question</Th>
        <RunHead run={before} />
        <RunHead run={after} />
        <Th className="text-right">
          Difference<span className="block font-normal sm:hidden">95% interval</span>
        </Th>
        <Th className="text-right max-sm:hidden">95% interval</Th>
      </Thead>
      <tbody>
        {comparison.figures.map((figure) => {
          const show = UNITS[figure.unit];
          const interval = `${signed(show, figure.low)} to ${signed(show, figure.high)}`;
          const certain = comparison.questions >= ENOUGH && (figure.low > 0 || figure.high < 0);
          return (
            <Tr key={figure.name}>
              <Td className="sm:whitespace-nowrap">{figure.name}</Td>
              <Td className="text-right whitespace-nowrap tabular-nums">{show(figure.before)}</Td>
              <Td className="text-right whitespace-nowrap tabular-nums">{show(figure.after)}</Td>
              <Td
                className={`text-right whitespace-nowrap tabular-nums ${certain ? "font-semibold" : "text-ink-muted"}`}
              >
                {signed(show, figure.after - figure.before)}
                <span className="block text-xs font-normal whitespace-normal text-ink-muted sm:hidden">{interval}</span>
              </Td>
              <Td className="text-right whitespace-nowrap text-ink-muted tabular-nums max-sm:hidden">{interval}</Td>
            </Tr>
          );
        })}
      </tbody>
    </Table>
  );
}

const UNITS: Record<Comparison["figures"][number]["unit"], (value: number) => string> = {
  share: percent,
  ratio: (value) => value.toFixed(2),
  ms: time,
  usd: dollars,
};

const signed = (show: (value: number) => string, value: number): string =>
  `${value > 0 ? "+" : value < 0 ? "−" : ""}${show(Math.abs(value))}`;

/** @param before what the reason why a question failed is of */
function Changed({ title, before, questions }: { title: string; before: string; questions: ChangedQuestion[] }) {
  if (questions.length === 0) return null;
  return (
    <section className="grid gap-2">
      <h2 className="font-semibold">
        {title} <span className="font-normal text-ink-muted">{number(questions.length)}</span>
      </h2>
      <ul aria-label={title} className="grid divide-y divide-line rounded-lg border border-line">
        {questions.map(({ question, reason }) => (
          <li key={question} className="grid gap-0.5 px-3 py-2 text-sm break-words">
            <span className="line-clamp-3" dir="auto">
              {question}
            </span>
            {reason && (
              <span className="text-xs text-ink-muted" dir="auto">
                {before}: {reason}
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
