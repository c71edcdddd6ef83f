"use client";

import { useState } from "react";
import { RowButtons } from "@/components/row-buttons";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { ConfirmDelete } from "@/components/ui/confirm";
import { Empty } from "@/components/ui/empty";
import { useAction } from "@/components/use-action";
import type { StoredQuestion } from "@/lib/evaluation/schema";
import { deleteQuestion, updateQuestion } from "../actions";
import { QuestionForm } from "./question-form";

/** Longer lists open further down. */
const SHOWN = 100;

export function QuestionList({
  tenant,
  questions,
  mayEdit,
}: {
  tenant: string;
  questions: StoredQuestion[];
  mayEdit: boolean;
}) {
  const [shown, setShown] = useState(SHOWN);
  if (questions.length === 0)
    return (
      <Empty title="No questions yet">
        Write what customers ask most, import a list, or let the pages and conversations that are there propose some.
      </Empty>
    );
  return (
    <div className="grid gap-3">
      <ul aria-label="Test questions" className="grid divide-y divide-line rounded-lg border border-line">
        {questions.slice(0, shown).map((question) => (
          <QuestionRow key={question.id} tenant={tenant} question={question} mayEdit={mayEdit} />
        ))}
      </ul>
      {shown < questions.length && (
        <Button className="justify-self-start" onClick={() => setShown(shown + SHOWN)}>
          Show more
        </Button>
      )}
    </div>
  );
}

function QuestionRow({ tenant, question, mayEdit }: { tenant: string; question: StoredQuestion; mayEdit: boolean }) {
  const [editing, setEditing] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const save = useAction(updateQuestion, { onSuccess: () => setEditing(false) });
  const { id, origin: _origin, ...expected } = question;
  if (editing)
    return (
      <li className="p-3">
        <QuestionForm
          question={expected}
          submitLabel="Save question"
          pending={save.pending}
          failure={save.failure}
          onSubmit={(changed) => save.submit(tenant, { questionId: id, question: changed })}
          onCancel={() => setEditing(false)}
        />
      </li>
    );
  return (
    <li className="flex items-start gap-2 px-3 py-2.5 text-sm">
      <div className="grid min-w-0 flex-1 gap-1">
        <span className="font-medium break-words" dir="auto">
          {question.question}
        </span>
        <span className="flex flex-wrap items-center gap-1.5 text-xs text-ink-muted">
          {question.mustRefuse && <Badge tone="info">Must refuse</Badge>}
          {question.expectedFacts.map((fact) => (
            <span key={fact} className="break-words" dir="auto">
              “{fact}”
            </span>
          ))}
          {question.expectedSources.map((source) => (
            <span key={source} className="min-w-0 break-all">
              {source.replace(/^https?:\/\//, "")}
            </span>
          ))}
          {!question.mustRefuse && question.expectedFacts.length + question.expectedSources.length === 0 && (
            <span>Any answer whose citations hold</span>
          )}
        </span>
      </div>
      {mayEdit && (
        <RowButtons of={question.question} onEdit={() => setEditing(true)} onDelete={() => setDeleting(true)} />
      )}
      <ConfirmDelete
        open={deleting}
        onOpenChange={setDeleting}
        kind="question"
        name={question.question}
        consequences="Runs that asked it keep it."
        run={() => deleteQuestion(tenant, { questionId: id })}
        onDone={() => setDeleting(false)}
      />
    </li>
  );
}
