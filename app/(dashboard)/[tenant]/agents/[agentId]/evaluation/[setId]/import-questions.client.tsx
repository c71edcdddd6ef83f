"use client";

import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { sendText, useAction } from "@/components/use-action";
import { MAX_IMPORT_LENGTH } from "@/lib/evaluation/schema";
import { importQuestions } from "../actions";

const EXAMPLE = `question,facts,sources,must_refuse
How long is the warranty?,two years,https://shop.example/warranty,
Who won the world cup?,,,yes`;

export function ImportQuestions({
  tenant,
  setId,
  onDone,
}: {
  tenant: string;
  setId: string;
  onDone: (result: { added: number; duplicates: number }) => void;
}) {
  const read = useAction(
    (file: File) => sendText(file, MAX_IMPORT_LENGTH, (text) => importQuestions(tenant, { setId, text })),
    { onSuccess: onDone },
  );
  const failure = read.failure?.fieldErrors?.text ?? read.failure?.message;
  return (
    <form
      className="grid gap-4 overflow-y-auto p-5"
      onSubmit={(event) => {
        event.preventDefault();
        const file = new FormData(event.currentTarget).get("file");
        if (file instanceof File && file.name !== "") read.submit(file);
      }}
    >
      {failure && (
        <Notice kind="danger" title="Nothing was imported">
          <span className="whitespace-pre-line">{failure}</span>
        </Notice>
      )}
      <Field
        label="CSV, JSON or JSON lines"
        hint="Several facts or sources are divided by |. Questions that the set has already are left out."
      >
        {(control) => (
          <input
            {...control}
            name="file"
            type="file"
            required
            accept=".csv,.tsv,.json,.jsonl,.ndjson"
            className="w-full text-sm file:mr-3 file:rounded-md file:border file:border-line-strong file:bg-surface file:px-3 file:py-1.5"
          />
        )}
      </Field>
      <pre className="rounded-md break-all whitespace-pre-wrap bg-muted p-3 text-xs">{EXAMPLE}</pre>
      <div className="flex justify-end">
        <Button type="submit" variant="primary" pending={read.pending}>
          Import questions
        </Button>
      </div>
    </form>
  );
}
