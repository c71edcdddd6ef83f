"use client";

import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { toast } from "sonner";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { plural } from "@/components/ui/number";
import { RelativeTime } from "@/components/ui/time";
import { useAction } from "@/components/use-action";
import type { Gap, GapReason, GapStatus } from "@/lib/inbox/schema";
import { setGapStatus } from "../conversations/actions";
import { CorrectAnswer } from "../conversations/correct-answer.client";
import { Trend } from "./trend";

const REASONS: Record<GapReason, string> = {
  unanswered: "not known",
  disliked: "disliked",
  unsupported: "not in the sources",
};
const DONE: Record<GapStatus, string> = { open: "Opened again", solved: "Marked as solved", dismissed: "Dismissed" };

/** A gap: what is asked, how often and since when, what to do about it, and, opened, the latest questions. */
export function GapRow({
  tenant,
  agentId,
  gap,
  status,
  mayEdit,
  mayAdd,
}: {
  tenant: string;
  agentId: string;
  gap: Gap;
  status: GapStatus;
  mayEdit: boolean;
  /** Pages and other sources. */
  mayAdd: boolean;
}) {
  const [open, setOpen] = useState(false);
  const undo = useAction(setGapStatus, { onFailure: ({ message }) => toast.error(message) });
  const change = useAction(
    async (next: GapStatus) => {
      const done = await setGapStatus(tenant, { gapId: gap.id, status: next });
      return done.ok ? { ...done, data: next } : done;
    },
    {
      onSuccess: (next) =>
        toast.success(DONE[next], {
          action: { label: "Undo", onClick: () => undo.submit(tenant, { gapId: gap.id, status }) },
        }),
      onFailure: ({ message }) => toast.error(message),
    },
  );
  const set = (next: GapStatus) => change.submit(next);
  const newest = gap.examples[0];
  return (
    <article className="grid gap-2.5 px-4 py-3.5">
      <div className="flex items-start gap-3">
        <button
          type="button"
          data-row
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="flex min-w-0 flex-1 items-start gap-1.5 rounded-md text-left"
        >
          <ChevronRight className={`mt-0.5 size-4 shrink-0 text-ink-subtle ${open ? "rotate-90" : ""}`} />
          <span className="grid min-w-0 gap-1">
            <bdi className="text-sm font-medium break-words">{gap.title}</bdi>
            <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-xs text-ink-muted">
              <span className="tabular-nums">
                {plural(gap.questions, "question")}
                {gap.recent < gap.questions && `, ${gap.recent} in the last 30 days`}
              </span>
              {(Object.keys(REASONS) as GapReason[]).map(
                (reason) =>
                  gap[reason] > 0 && (
                    <Badge key={reason} tone={reason === "disliked" ? "danger" : "warning"}>
                      {gap[reason]} {REASONS[reason]}
                    </Badge>
                  ),
              )}
              <RelativeTime at={gap.lastAt} />
            </span>
          </span>
        </button>
        <Trend weeks={gap.weeks} />
      </div>
      <div className="flex flex-wrap items-center justify-between gap-2 pl-5.5">
        <p className="min-w-0 flex-1 basis-64 text-sm text-ink-muted">
          <Suggestion tenant={tenant} agentId={agentId} gap={gap} mayEdit={mayEdit} mayAdd={mayAdd} />
        </p>
        {mayEdit && newest && (
          <div className="flex flex-wrap gap-1">
            <CorrectAnswer
              tenant={tenant}
              agentId={agentId}
              messageId={newest.messageId}
              initial={{ question: gap.title, answer: "" }}
              label="Answer it"
            />
            {status === "open" ? (
              <>
                <Button variant="ghost" size="sm" disabled={change.pending} onClick={() => set("solved")}>
                  Mark as solved
                </Button>
                <Button variant="ghost" size="sm" disabled={change.pending} onClick={() => set("dismissed")}>
                  Dismiss
                </Button>
              </>
            ) : (
              <Button variant="ghost" size="sm" disabled={change.pending} onClick={() => set("open")}>
                Open again
              </Button>
            )}
          </div>
        )}
      </div>
      {open && (
        <ul aria-label="Latest questions" className="grid gap-px pl-5.5">
          {gap.examples.map((example) => (
            <li key={example.messageId}>
              <Link
                href={`/${tenant}/agents/${agentId}/conversations/${example.conversationId}#${example.messageId}`}
                className="flex items-baseline gap-3 rounded-md px-2 py-1.5 text-sm hover:bg-muted"
              >
                <bdi className="line-clamp-2 min-w-0 flex-1 break-words">{example.question}</bdi>
                <span className="shrink-0 text-xs text-ink-muted">{REASONS[example.reason]}</span>
                <RelativeTime at={example.askedAt} className="shrink-0 text-xs text-ink-subtle" />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </article>
  );
}

/** What to do about a gap, as far as the reader may do it. */
const Suggestion = ({
  tenant,
  agentId,
  gap: { near, disliked, unanswered },
  mayEdit,
  mayAdd,
}: {
  tenant: string;
  agentId: string;
  gap: Gap;
  mayEdit: boolean;
  mayAdd: boolean;
}) => {
  if (!near)
    return mayAdd ? (
      <>
        Nothing in the knowledge comes near.{" "}
        <Link href={`/${tenant}/agents/${agentId}/sources/add`} className="underline underline-offset-4">
          Add a page about it
        </Link>
        , or answer it here.
      </>
    ) : (
      <>
        Nothing in the knowledge comes near.{" "}
        {mayEdit
          ? "Answer it here, or ask an admin to add a page about it."
          : "An operator can answer it, an admin can add a page about it."}
      </>
    );
  const title = <bdi className="font-medium text-ink">{near.title}</bdi>;
  const page = near.sourceId && near.pageId && (
    <Link
      href={`/${tenant}/agents/${agentId}/sources/${near.sourceId}/pages/${near.pageId}`}
      className="underline underline-offset-4"
    >
      {title}
    </Link>
  );
  return disliked > unanswered ? (
    <>
      It was answered from {page || title}.{" "}
      {mayEdit ? "Correct what is wrong there, or say here what is right." : "An operator can say what is right."}
    </>
  ) : (
    <>
      {page || title} comes nearest.{" "}
      {mayEdit ? "Add what is missing there, or answer it here." : "An operator can answer what is missing there."}
    </>
  );
};
