import Link from "next/link";
import { z } from "zod";
import { BackHeader } from "@/components/back-header";
import { percent } from "@/components/figures";
import { OUTCOMES, OutcomeBadge } from "@/components/outcome";
import { Empty } from "@/components/ui/empty";
import { number } from "@/components/ui/number";
import { Table, Td, Th, Thead, Tr } from "@/components/ui/table";
import { resolution } from "@/lib/inbox";
import type { Outcome, Resolution } from "@/lib/inbox/schema";
import { requireAgent } from "../../../../data";
import { filterString } from "../href";

export const metadata = { title: "How conversations ended" };

const DAY_MS = 86_400_000;
const SPANS = [7, 30, 90] as const;
const Days = z.coerce.number().pipe(z.literal(SPANS)).catch(30);
const ORDER: Outcome[] = ["confirmed", "assumed", "escalated", "abandoned", "open"];

/** How conversations ended: every count, so that each rate can be made again by hand. */
export default async function OutcomesPage({
  params,
  searchParams,
}: PageProps<"/[tenant]/agents/[agentId]/conversations/outcomes">) {
  const { member, tenant, agent } = await requireAgent(params);
  const days = Days.parse((await searchParams).days);
  const base = `/${tenant}/agents/${agent.id}/conversations`;
  // Whole days of UTC, as the list's filter counts them: each number opens the conversations that it counts.
  const today = new Date().toISOString().slice(0, 10);
  const daysAgo = (count: number) => new Date(Date.parse(today) - count * DAY_MS);
  const first = daysAgo(days - 1);
  const span = (from: Date, to: Date) =>
    resolution(member.db, { tenantId: member.tenantId, agentId: agent.id }, { from, to });
  const [now, before] = await Promise.all([span(first, daysAgo(-1)), span(daysAgo(days * 2 - 1), first)]);
  return (
    <div className="page grid gap-5 py-5">
      <BackHeader back={base} backLabel="Back to conversations" title="How conversations ended">
        <p className="max-w-[68ch] text-sm text-ink-muted">
          Conversations with visitors that began in the last {days} days, today included (UTC), by rules that are the
          same for every customer. Nothing is guessed from what was written: only what visitors did counts.
        </p>
      </BackHeader>
      <nav aria-label="Span of time" className="-mx-1 flex gap-0.5">
        {SPANS.map((each) => (
          <Link
            key={each}
            href={each === 30 ? `${base}/outcomes` : `${base}/outcomes?days=${each}`}
            aria-current={each === days ? "page" : undefined}
            className="flex h-8 items-center rounded-md px-2.5 text-sm text-ink-muted hover:bg-muted aria-[current=page]:bg-hover aria-[current=page]:font-medium aria-[current=page]:text-ink"
          >
            {each} days
          </Link>
        ))}
      </nav>
      {now.conversations === 0 ? (
        <Empty title="No conversation began in this time" className="py-10">
          Choose a longer span, or put the agent on your website.
        </Empty>
      ) : (
        <>
          <Outcomes now={now} before={before} base={base} from={first.toISOString().slice(0, 10)} />
          <Answers now={now} before={before} />
        </>
      )}
    </div>
  );
}

/** Of those that are over. */
const shareOf = (counts: Resolution, outcome: Outcome): number | null => {
  const over = counts.conversations - counts.open;
  return outcome === "open" || over === 0 ? null : counts[outcome] / over;
};

const Outcomes = ({
  now,
  before,
  base,
  from,
}: {
  now: Resolution;
  before: Resolution;
  /** The list of conversations. */
  base: string;
  /** The first day that is counted. */
  from: string;
}) => (
  <Table label="How they ended">
    <Thead>
      <Th>Ended</Th>
      <Th className="text-right">Conversations</Th>
      <Th className="text-right">Of those that are over</Th>
      <Th className="text-right">Time before</Th>
      <Th className="max-md:hidden">Means</Th>
    </Thead>
    <tbody>
      {ORDER.map((outcome) => (
        <Tr key={outcome}>
          <Td>
            <Link href={`${base}${filterString({ outcome, from })}`} className="rounded-md">
              <OutcomeBadge outcome={outcome} />
            </Link>
          </Td>
          <Td className="text-right tabular-nums">{number(now[outcome])}</Td>
          <Td className="text-right tabular-nums">{percent(shareOf(now, outcome))}</Td>
          <Td className="text-right text-ink-muted tabular-nums">
            {number(before[outcome])} · {percent(shareOf(before, outcome))}
          </Td>
          <Td className="text-ink-muted max-md:hidden">{OUTCOMES[outcome].meaning}</Td>
        </Tr>
      ))}
      <Tr className="font-medium">
        <Td>All</Td>
        <Td className="text-right tabular-nums">{number(now.conversations)}</Td>
        <Td className="text-right tabular-nums">{number(now.conversations - now.open)} over</Td>
        <Td className="text-right text-ink-muted tabular-nums">{number(before.conversations)}</Td>
        <Td className="max-md:hidden" />
      </Tr>
    </tbody>
  </Table>
);

const ANSWERS: { name: keyof Resolution; label: string }[] = [
  { name: "complete", label: "Answered" },
  { name: "noAnswer", label: "Not known" },
  { name: "stopped", label: "Stopped by the visitor" },
  { name: "failed", label: "Failed" },
  { name: "up", label: "Liked" },
  { name: "down", label: "Disliked" },
];

const Answers = ({ now, before }: { now: Resolution; before: Resolution }) => (
  <Table label="Their answers">
    <Thead>
      <Th>Answers</Th>
      <Th className="text-right">Count</Th>
      <Th className="text-right">Of all</Th>
      <Th className="text-right">Time before</Th>
    </Thead>
    <tbody>
      {ANSWERS.map(({ name, label }) => (
        <Tr key={name}>
          <Td>{label}</Td>
          <Td className="text-right tabular-nums">{number(now[name])}</Td>
          <Td className="text-right tabular-nums">{percent(now.answers ? now[name] / now.answers : null)}</Td>
          <Td className="text-right text-ink-muted tabular-nums">{number(before[name])}</Td>
        </Tr>
      ))}
    </tbody>
  </Table>
);
