"use client";

import { Badge } from "@/components/ui/badge";
import { CopyButton } from "@/components/ui/copy-button";
import { Fact, Facts } from "@/components/ui/facts";
import { milliseconds, number } from "@/components/ui/number";
import { versionName } from "@/lib/agents/schema";
import type { Check, Trace, TraceCall, TraceCandidate } from "@/lib/chat/schema";
import { languageName, type Places, searchedIn } from "./search-in";
import type { Turn } from "./use-playground";

/** What one answer was made of: confidence, times, tokens, and every passage that was considered. */
export function TracePanel({
  turn,
  threshold,
  places,
  untitled,
}: {
  turn: Turn | null;
  threshold: number;
  places: Places;
  untitled?: boolean;
}) {
  return (
    <div className="grid gap-6 p-5">
      {!untitled && <h2 className="text-base font-semibold">How the answer came about</h2>}
      {!turn ? (
        <p className="text-ink-muted">
          Ask something. The passages that were found, their scores, and the times appear here.
        </p>
      ) : !turn.trace ? (
        <p role="status" className="text-ink-muted">
          {turn.status === "streaming" ? "Appears when the answer is complete." : "There is no trace of this answer."}
        </p>
      ) : (
        <Details turn={turn} trace={turn.trace} threshold={turn.trace.threshold ?? threshold} places={places} />
      )}
    </div>
  );
}

function Details({ turn, trace, threshold, places }: { turn: Turn; trace: Trace; threshold: number; places: Places }) {
  const { timings } = trace;
  return (
    <>
      <Confidence confidence={trace.confidence} threshold={threshold} />
      <section aria-label="Run" className="grid gap-1">
        <h3 className="text-xs text-ink-muted">Run</h3>
        <Facts>
          <Fact label="Ended">
            <span className={turn.failure ? "text-danger" : ""}>{endOf(turn)}</span>
          </Fact>
          <Fact label="Version">{versionName({ number: trace.version })}</Fact>
          <Fact label="Searched for">
            <span dir="auto">{trace.query}</span>
          </Fact>
          {trace.filters && (
            <Fact label="Only in">
              <bdi>{searchedIn(trace.filters, places)}</bdi>
            </Fact>
          )}
          {trace.language && <Fact label="Language">{languageName.of(trace.language)}</Fact>}
          <Fact label="Model">
            <span className="font-mono text-xs break-all">{trace.model}</span>
          </Fact>
          <Fact label="Tokens">
            {number(trace.promptTokens)} in, {number(trace.outputTokens)} out
          </Fact>
          {trace.costMicroUsd > 0 && <Fact label="Cost">{dollars(trace.costMicroUsd)}</Fact>}
          <Fact label="Understanding">{milliseconds(timings.understandMs)}</Fact>
          <Fact label="Embedding">{milliseconds(timings.embedMs)}</Fact>
          <Fact label="Retrieval">{milliseconds(timings.retrieveMs)}</Fact>
          <Fact label="First token">{timings.firstTokenMs === null ? "None" : milliseconds(timings.firstTokenMs)}</Fact>
          <Fact label="Total">{milliseconds(timings.totalMs)}</Fact>
        </Facts>
      </section>
      <section aria-label="Checks" className="grid gap-2">
        <h3 className="text-xs text-ink-muted">Checks of the answer</h3>
        {trace.checks.length === 0 ? (
          <p className="text-ink-muted">{unmarked(turn)}</p>
        ) : (
          <ul className="grid gap-1.5">
            {trace.checks.map(({ kind, start, items }) => (
              <li key={`${kind}:${start}`} className="flex items-baseline gap-2">
                <Badge tone="warning">{CHECK_NAMES[kind]}</Badge>
                <span className="min-w-0 break-words" dir="auto">
                  {items.join(", ")}
                </span>
              </li>
            ))}
          </ul>
        )}
      </section>
      <section aria-label="Passages" className="grid gap-2">
        <h3 className="flex items-center justify-between text-xs text-ink-muted">
          Passages
          <span className="tabular-nums">
            {trace.candidates.filter(({ used }) => used).length} of {trace.candidates.length} used
          </span>
        </h3>
        {trace.candidates.length === 0 ? (
          <p className="text-ink-muted">
            {trace.filters
              ? "Nothing in what was searched matched this question."
              : "Nothing on the pages matched this question."}
          </p>
        ) : (
          <ol className="grid gap-2">
            {trace.candidates.map((candidate, index) => (
              <Passage key={candidate.chunkId} candidate={candidate} rank={index + 1} />
            ))}
          </ol>
        )}
      </section>
      {trace.calls.length > 0 && <Calls calls={trace.calls} />}
      {trace.prompt.length > 0 && <Prompt prompt={trace.prompt} />}
    </>
  );
}

function endOf({ status, failure, text, cut }: Turn): string {
  if (failure) return `${text === "" ? "Failed before the first word" : "Broke off"}: ${failure.message}`;
  if (status === "no_answer") return "The agent did not know, and said so";
  if (status === "stopped") return "Stopped";
  return cut ? "Complete as far as its budget went" : "Complete";
}

/** What it means that nothing is marked: of what was never said, nothing. */
const unmarked = ({ text, status }: Turn): string =>
  status === "no_answer"
    ? "There was nothing to check: the agent said that it does not know."
    : text === ""
      ? "There was nothing to check: no word was said."
      : status === "complete"
        ? "Nothing in it is missing from its sources."
        : "Nothing in what was said of it is missing from its sources.";

const dollars = (microUsd: number): string => `$${(microUsd / 1_000_000).toFixed(5)}`;

const CHECK_NAMES: Record<Check["kind"], string> = {
  figure: "Figure",
  link: "Link",
  name: "Name",
  quote: "Quote",
  support: "Not supported",
  judge: "Judge",
};

const STEP_NAMES: Record<string, string> = {
  rewrite: "Understanding",
  embed_query: "Embedding",
  rerank: "Reranking",
  answer: "Answer",
  judge: "Judge",
};

const CUT_NAMES: Record<NonNullable<TraceCandidate["cut"]>, string> = {
  unsure: "Not given: the confidence was too low",
  places: "Left out: six better ones were taken",
  page: "Left out: its page has three places already",
  weak: "Left out: much weaker than the best",
  written: "Left out: an answer was written for this very question",
  length: "Left out: it did not fit the length",
  budget: "Left out: the request’s budget",
};

function Confidence({ confidence, threshold }: { confidence: number; threshold: number }) {
  return (
    <section aria-label="Confidence" className="grid gap-2">
      <div className="flex items-baseline justify-between">
        <h3 className="text-xs text-ink-muted">Confidence</h3>
        <span className="font-medium tabular-nums">
          {confidence.toFixed(2)}
          <span className="font-normal text-ink-muted">
            {threshold > 0 ? ` of ${threshold.toFixed(2)} needed` : ", none needed"}
          </span>
        </span>
      </div>
      <div className="relative h-1.5 rounded-full bg-hover">
        <div
          className={`h-full rounded-full ${confidence >= threshold ? "bg-success" : "bg-warning"}`}
          style={{ width: `${Math.min(100, Math.max(0, confidence * 100))}%` }}
        />
        <div className="absolute -inset-y-1 w-0.5 rounded-full bg-ink" style={{ left: `${threshold * 100}%` }} />
      </div>
    </section>
  );
}

const Calls = ({ calls }: { calls: TraceCall[] }) => (
  <section aria-label="Model calls" className="grid gap-1">
    <h3 className="text-xs text-ink-muted">Model calls</h3>
    <ol className="grid">
      {calls.map(({ step, model, inputTokens, outputTokens, costMicroUsd, latencyMs }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the order is what they are
        <li key={index} className="grid gap-0.5 border-b border-line py-1.5 last:border-0">
          <span className="flex justify-between gap-3">
            {STEP_NAMES[step] ?? step}
            <span className="tabular-nums">{milliseconds(latencyMs)}</span>
          </span>
          <span className="flex flex-wrap justify-between gap-x-3 text-xs text-ink-muted tabular-nums">
            <span className="font-mono break-all">{model}</span>
            <span>
              {number(inputTokens)} in, {number(outputTokens)} out{costMicroUsd > 0 && ` · ${dollars(costMicroUsd)}`}
            </span>
          </span>
        </li>
      ))}
    </ol>
  </section>
);

const Prompt = ({ prompt }: { prompt: Trace["prompt"] }) => (
  <section aria-label="Prompt" className="grid gap-2">
    <div className="flex items-center justify-between">
      <h3 className="text-xs text-ink-muted">Prompt</h3>
      <CopyButton
        text={prompt.map(({ role, content }) => `${role}:\n${content}`).join("\n\n")}
        label="Copy prompt"
        iconOnly
        variant="ghost"
      />
    </div>
    {prompt.map(({ role, content }, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the order is what they are
      <details key={index} className="rounded-md border border-line">
        <summary className="flex cursor-pointer list-none items-center justify-between gap-3 rounded-md px-3 py-2 hover:bg-muted [&::-webkit-details-marker]:hidden">
          {role === "user" && index === prompt.length - 1 ? "Question and sources" : ROLE_NAMES[role]}
          <span className="text-xs text-ink-muted tabular-nums">{number(content.length)} characters</span>
        </summary>
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          dir="auto"
          className="max-h-80 overflow-y-auto border-t border-line px-3 py-2 font-mono text-xs break-words whitespace-pre-wrap text-ink-muted"
        >
          {content}
        </pre>
      </details>
    ))}
  </section>
);

const ROLE_NAMES = { system: "Rules", user: "Earlier question", assistant: "Earlier answer" } as const;

const Passage = ({ candidate, rank }: { candidate: TraceCandidate; rank: number }) => (
  <li className="rounded-md border border-line">
    <details className="group">
      <summary className="grid cursor-pointer list-none gap-1 rounded-md px-3 py-2 hover:bg-muted [&::-webkit-details-marker]:hidden">
        <span className="flex min-w-0 items-center gap-2">
          <span className="min-w-4 text-xs text-ink-subtle tabular-nums">{rank}</span>
          <span className="min-w-0 flex-1 truncate font-medium" dir="auto">
            {candidate.title}
          </span>
          {candidate.used && <Badge tone="accent">Used</Badge>}
          <span className="font-medium tabular-nums">{candidate.score.toFixed(2)}</span>
        </span>
        {candidate.headingPath.length > 0 && (
          <span className="truncate text-xs text-ink-muted" dir="auto">
            {candidate.headingPath.join(" › ")}
          </span>
        )}
        <span className="flex gap-3 text-xs text-ink-muted tabular-nums">
          <Score name="Meaning" score={candidate.similarity} rank={candidate.similarityRank} />
          <Score name="Words" score={candidate.lexical} rank={candidate.lexicalRank} />
        </span>
        {candidate.cut && <span className="text-xs text-ink-subtle">{CUT_NAMES[candidate.cut]}</span>}
      </summary>
      <div className="grid gap-2 border-t border-line px-3 py-2 text-xs text-ink-muted">
        {candidate.content && (
          <p
            dir="auto"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
            tabIndex={0}
            className="max-h-56 overflow-y-auto break-words whitespace-pre-wrap"
          >
            {candidate.content}
          </p>
        )}
        {candidate.url && (
          <a href={candidate.url} target="_blank" rel="noreferrer" className="break-all text-link">
            {candidate.url}
          </a>
        )}
      </div>
    </details>
  </li>
);

const Score = ({ name, score, rank }: { name: string; score: number; rank: number | null }) => (
  <span>
    {name} {score.toFixed(2)}
    {rank !== null && ` (${ordinal(rank)})`}
  </span>
);

const ordinals = new Intl.PluralRules("en", { type: "ordinal" });
const SUFFIXES: Partial<Record<Intl.LDMLPluralRule, string>> = { one: "st", two: "nd", few: "rd" };
const ordinal = (n: number): string => `${n}${SUFFIXES[ordinals.select(n)] ?? "th"}`;
