"use client";

import { useState } from "react";
import { toast } from "sonner";
import { RowButtons } from "@/components/row-buttons";
import { Button } from "@/components/ui/button";
import { ConfirmDelete } from "@/components/ui/confirm";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { useAction } from "@/components/use-action";
import { deletePair, updatePair } from "../../add/actions";

interface Pair {
  id: string;
  question: string;
  answer: string;
}

/** Questions with their answers, each to be changed or deleted where it stands. */
export const PairList = ({ tenant, pairs, mayEdit }: { tenant: string; pairs: Pair[]; mayEdit: boolean }) => (
  <ul aria-label="Questions" className="grid divide-y divide-line rounded-lg border border-line">
    {pairs.map((pair) => (
      <PairRow key={pair.id} tenant={tenant} pair={pair} mayEdit={mayEdit} />
    ))}
  </ul>
);

function PairRow({ tenant, pair, mayEdit }: { tenant: string; pair: Pair; mayEdit: boolean }) {
  const [editing, setEditing] = useState(false);
  const [deleting, setDeleting] = useState(false);
  if (editing) return <PairEditor tenant={tenant} pair={pair} onDone={() => setEditing(false)} />;
  return (
    <li className="flex items-start gap-2 px-3 py-2.5 text-sm">
      <div className="grid min-w-0 flex-1 gap-0.5">
        <span className="font-medium break-words" dir="auto">
          {pair.question}
        </span>
        <span className="line-clamp-3 break-words whitespace-pre-line text-ink-muted" dir="auto">
          {pair.answer}
        </span>
      </div>
      {mayEdit && <RowButtons of={pair.question} onEdit={() => setEditing(true)} onDelete={() => setDeleting(true)} />}
      <ConfirmDelete
        open={deleting}
        onOpenChange={setDeleting}
        kind="question"
        name={pair.question}
        consequences="The agent no longer answers from it. Past conversations stay."
        run={() => deletePair(tenant, { pairId: pair.id })}
        onDone={() => {
          setDeleting(false);
          toast.success("Question deleted");
        }}
      />
    </li>
  );
}

function PairEditor({ tenant, pair, onDone }: { tenant: string; pair: Pair; onDone: () => void }) {
  const { submit, pending, failure } = useAction(updatePair, { onSuccess: onDone });
  const fields = failure?.fieldErrors;
  return (
    <li className="px-3 py-3">
      <form
        noValidate
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          submit(tenant, {
            pairId: pair.id,
            question: String(form.get("question")),
            answer: String(form.get("answer")),
          });
        }}
      >
        {failure && !fields && <Notice kind="danger">{failure.message}</Notice>}
        <Field label="Question" error={fields?.question}>
          {(control) => <Input {...control} name="question" dir="auto" defaultValue={pair.question} maxLength={500} />}
        </Field>
        <Field label="Answer" error={fields?.answer}>
          {(control) => <Textarea {...control} name="answer" dir="auto" defaultValue={pair.answer} maxLength={4_000} />}
        </Field>
        <div className="flex gap-2">
          <Button type="submit" variant="primary" pending={pending}>
            Save question
          </Button>
          <Button onClick={onDone}>Cancel</Button>
        </div>
      </form>
    </li>
  );
}
