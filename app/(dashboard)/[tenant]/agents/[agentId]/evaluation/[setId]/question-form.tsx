"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import type { TestQuestion } from "@/lib/evaluation/schema";

const lines = (value: FormDataEntryValue | null): string[] =>
  String(value ?? "")
    .split("\n")
    .filter((line) => line.trim() !== "");

/** One question with what is expected of its answer. */
export function QuestionForm({
  question,
  submitLabel,
  pending,
  failure,
  onSubmit,
  onCancel,
}: {
  question?: TestQuestion;
  submitLabel: string;
  pending: boolean;
  failure: { message: string; fieldErrors?: Record<string, string> } | null;
  onSubmit: (question: TestQuestion) => void;
  onCancel?: () => void;
}) {
  const [mustRefuse, setMustRefuse] = useState(question?.mustRefuse ?? false);
  const errorOf = (field: string) =>
    Object.entries(failure?.fieldErrors ?? {}).find(([path]) => path.startsWith(`question.${field}`))?.[1];
  return (
    <form
      className="grid gap-4"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const values = new FormData(event.currentTarget);
        onSubmit({
          question: String(values.get("question")),
          expectedFacts: mustRefuse ? [] : lines(values.get("facts")),
          expectedSources: mustRefuse ? [] : lines(values.get("sources")),
          mustRefuse,
        });
      }}
    >
      {failure && !failure.fieldErrors && <Notice kind="danger">{failure.message}</Notice>}
      <Field label="Question" error={errorOf("question")}>
        {(control) => (
          <Textarea {...control} name="question" dir="auto" defaultValue={question?.question} maxLength={2_000} />
        )}
      </Field>
      <label className="flex items-center gap-2 text-sm">
        <input
          type="checkbox"
          className="size-4 accent-accent"
          checked={mustRefuse}
          onChange={(event) => setMustRefuse(event.target.checked)}
        />
        The agent must say that it does not know
      </label>
      {!mustRefuse && (
        <>
          <Field
            label="Expected facts"
            optional
            error={errorOf("expectedFacts")}
            hint="Phrases that must all stand in the answer, one a line."
          >
            {(control) => (
              <Textarea {...control} name="facts" dir="auto" defaultValue={question?.expectedFacts.join("\n")} />
            )}
          </Field>
          <Field
            label="Expected sources"
            optional
            error={errorOf("expectedSources")}
            hint="Addresses of pages or titles of files, one a line; one of them must be cited."
          >
            {(control) => (
              <Textarea {...control} name="sources" dir="auto" defaultValue={question?.expectedSources.join("\n")} />
            )}
          </Field>
        </>
      )}
      <div className="flex justify-end gap-2">
        {onCancel && <Button onClick={onCancel}>Cancel</Button>}
        <Button type="submit" variant="primary" pending={pending}>
          {submitLabel}
        </Button>
      </div>
    </form>
  );
}
