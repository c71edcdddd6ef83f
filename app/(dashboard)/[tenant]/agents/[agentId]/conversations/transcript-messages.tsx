import { ThumbsDown, ThumbsUp } from "lucide-react";
import Link from "next/link";
import { Answer } from "@/components/answer";
import { dollars } from "@/components/figures";
import { withoutCitations } from "@/components/link-citations";
import { SourceList } from "@/components/source-list";
import { Badge } from "@/components/ui/badge";
import { milliseconds, number } from "@/components/ui/number";
import { RelativeTime } from "@/components/ui/time";
import { Unsupported } from "@/components/unsupported";
import type { RatingReason } from "@/lib/chat/schema";
import type { Transcript, TranscriptMessage } from "@/lib/inbox/schema";
import { CorrectAnswer } from "./correct-answer.client";

/** Who may correct answers, and whose. */
export interface Corrector {
  tenant: string;
  agentId: string;
  mayCorrect: boolean;
}

export const TranscriptMessages = ({ transcript, corrector }: { transcript: Transcript; corrector: Corrector }) => (
  <ol className="mx-auto grid max-w-[760px] gap-5">
    {transcript.messages.map((message) => (
      <li key={message.id} id={message.id} className="grid scroll-mt-4 gap-2 target:animate-enter">
        {message.role === "visitor" && <Question message={message} />}
        {message.role === "assistant" && (
          <AnswerMessage message={message} question={questionOf(transcript, message)} corrector={corrector} />
        )}
        {message.role === "operator" && <OperatorMessage message={message} />}
      </li>
    ))}
  </ol>
);

const Question = ({ message }: { message: TranscriptMessage }) => (
  <div className="grid max-w-[85%] gap-1 justify-self-end">
    <p dir="auto" className="rounded-lg bg-muted px-3.5 py-2 text-base break-words whitespace-pre-wrap">
      {message.text}
    </p>
    <RelativeTime at={message.createdAt} className="justify-self-end text-xs text-ink-subtle" />
  </div>
);

const questionOf = ({ messages }: Transcript, { questionId }: TranscriptMessage): string =>
  messages.find(({ id }) => id === questionId)?.text ?? "";

/** What a person wrote, under the name that the visitor saw. */
const OperatorMessage = ({ message }: { message: TranscriptMessage }) => (
  <div className="grid max-w-[85%] gap-1">
    <p className="text-xs font-medium text-accent-ink">
      <bdi>{message.author}</bdi>
    </p>
    <p dir="auto" className="rounded-lg bg-accent-soft px-3.5 py-2 text-base break-words whitespace-pre-wrap">
      {message.text}
    </p>
    <RelativeTime at={message.createdAt} className="text-xs text-ink-subtle" />
  </div>
);

function AnswerMessage({
  message,
  question,
  corrector,
}: {
  message: TranscriptMessage;
  question: string;
  corrector: Corrector;
}) {
  const { text, citations, status, checks, rating } = message;
  return (
    <div className="grid gap-2.5" aria-busy={status === "streaming"}>
      {text && <Answer text={text} citations={citations} streaming={false} />}
      <div className="flex empty:hidden">
        <StatusLine message={message} />
      </div>
      {citations.length > 0 && <SourceList citations={citations} />}
      {checks.length > 0 && <Unsupported text={text} checks={checks} />}
      {rating && (
        <div className="flex items-start gap-2 text-sm">
          <Badge tone={rating.rating === "up" ? "success" : "danger"} className="[&_svg]:size-3.5">
            {rating.rating === "up" ? <ThumbsUp aria-hidden="true" /> : <ThumbsDown aria-hidden="true" />}
            {rating.rating === "up" ? "Liked" : "Disliked"}
            {rating.reason && `: ${REASONS[rating.reason]}`}
          </Badge>
          {rating.comment && (
            <q dir="auto" className="min-w-0 break-words text-ink-muted">
              {rating.comment}
            </q>
          )}
        </div>
      )}
      {message.correction && <Corrected correction={message.correction} corrector={corrector} />}
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <Figures message={message} />
        {corrector.mayCorrect && status !== "streaming" && (
          <CorrectAnswer
            tenant={corrector.tenant}
            agentId={corrector.agentId}
            messageId={message.id}
            initial={
              message.correction ?? {
                question: question.slice(0, 500),
                answer: status === "complete" ? withoutCitations(text).slice(0, 4_000) : "",
              }
            }
          />
        )}
      </div>
    </div>
  );
}

/** What stands in the knowledge instead, and where. */
const Corrected = ({
  correction,
  corrector,
}: {
  correction: NonNullable<TranscriptMessage["correction"]>;
  corrector: Corrector;
}) => (
  <section aria-label="Correction" className="grid gap-1 rounded-md bg-success-soft px-3 py-2 text-sm">
    <h3 className="flex flex-wrap items-baseline justify-between gap-2 text-xs font-medium text-success">
      <span>
        Corrected <RelativeTime at={correction.correctedAt} />
      </span>
      <Link
        href={`/${corrector.tenant}/agents/${corrector.agentId}/sources/${correction.sourceId}/content`}
        className="underline underline-offset-4"
      >
        Open in the knowledge
      </Link>
    </h3>
    <p dir="auto" className="font-medium break-words">
      {correction.question}
    </p>
    <p dir="auto" className="break-words whitespace-pre-wrap text-ink-muted">
      {correction.answer}
    </p>
  </section>
);

const REASONS: Record<RatingReason, string> = {
  wrong: "wrong",
  incomplete: "incomplete",
  off_topic: "off topic",
  other: "another reason",
};

const StatusLine = ({ message: { status, errorCode } }: { message: TranscriptMessage }) => {
  if (status === "streaming") return <Badge live>Being answered</Badge>;
  if (status === "no_answer") return <Badge tone="warning">The agent did not know, and said so</Badge>;
  if (status === "stopped") return <Badge>Stopped by the visitor</Badge>;
  if (status === "failed") return <Badge tone="danger">Failed{errorCode && `: ${errorCode}`}</Badge>;
  return null;
};

/** What an answer took, for who looks into it. */
const Figures = ({ message: { details, confidence, createdAt } }: { message: TranscriptMessage }) => {
  const { model, timings, usage } = details;
  return (
    <p className="flex flex-wrap gap-x-3 gap-y-0.5 text-xs text-ink-subtle tabular-nums">
      <RelativeTime at={createdAt} />
      {model && <span className="break-all">{model}</span>}
      {timings && (
        <span
          title={timings.firstTokenMs === null ? undefined : `First words after ${milliseconds(timings.firstTokenMs)}`}
        >
          {milliseconds(timings.totalMs)}
        </span>
      )}
      {usage && (
        <span title={`${number(usage.inputTokens)} tokens in, ${number(usage.outputTokens)} out`}>
          {dollars(usage.costMicroUsd)}
        </span>
      )}
      {confidence !== null && <span>{Math.round(confidence * 100)}% confidence</span>}
    </p>
  );
};
