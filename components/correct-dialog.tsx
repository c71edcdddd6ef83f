"use client";

import { useState } from "react";
import { toast } from "sonner";
import type { Correction } from "@/lib/inbox/schema";
import type { ActionResult } from "./action-result";
import { Button } from "./ui/button";
import { Dialog } from "./ui/dialog";
import { Field } from "./ui/field";
import { Textarea } from "./ui/input";
import { Notice } from "./ui/notice";
import { useAction } from "./use-action";

/** What the answer should have been: a question as visitors ask it, and its answer; used for the very next question. */
export function CorrectDialog({
  open,
  onOpenChange,
  title = "Correct this answer",
  initial,
  run,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title?: string;
  initial: Correction;
  run: (correction: Correction) => Promise<ActionResult<{ isSearchable: boolean }>>;
}) {
  const [question, setQuestion] = useState(initial.question);
  const [answer, setAnswer] = useState(initial.answer);
  const save = useAction(run, {
    onSuccess: ({ isSearchable }) => {
      onOpenChange(false);
      toast.success(
        isSearchable
          ? "Saved. The next visitor who asks gets this answer."
          : "Saved. The agent will use it as soon as its embedding model answers again.",
      );
    },
  });
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={title}
      description="It is added to the agent's knowledge as a question with its answer, and used for the next question."
      className="max-w-[560px]"
    >
      <form
        className="grid gap-4 overflow-y-auto p-5"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save.submit({ question, answer });
        }}
      >
        {save.failure && !save.failure.fieldErrors && <Notice kind="danger">{save.failure.message}</Notice>}
        <Field
          label="Question"
          error={save.failure?.fieldErrors?.question}
          hint="As a visitor would ask it, also without the conversation around it."
        >
          {(control) => (
            <Textarea
              {...control}
              dir="auto"
              maxLength={500}
              value={question}
              onChange={(event) => setQuestion(event.target.value)}
            />
          )}
        </Field>
        <Field label="Right answer" error={save.failure?.fieldErrors?.answer}>
          {(control) => (
            <Textarea
              {...control}
              dir="auto"
              maxLength={4_000}
              className="min-h-32"
              value={answer}
              onChange={(event) => setAnswer(event.target.value)}
            />
          )}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" variant="primary" pending={save.pending}>
            Save answer
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
