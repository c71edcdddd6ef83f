"use client";

import { FileUp } from "lucide-react";
import { useRouter } from "next/navigation";
import { useId, useRef } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { sendText, useAction } from "@/components/use-action";
import { MAX_IMPORT_LENGTH } from "@/lib/files/schema";
import { addPairs, importPairs, savePair } from "./actions";

/** One question with its answer, or a file of them; with `sourceId` into a list that is there already. */
export function PairsForm({ tenant, agentId, sourceId }: { tenant: string; agentId: string; sourceId?: string }) {
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const id = useId();
  const done = (target: string) => {
    if (sourceId) {
      form.current?.reset();
      toast.success("Saved; the list is read again");
    } else router.push(`/${tenant}/agents/${agentId}/sources/${target}/content`);
  };
  const typed = useAction(
    async (value: { name: string; question: string; answer: string }) => {
      const { name, ...pair } = value;
      return sourceId ? savePair(tenant, { sourceId, ...pair }) : addPairs(tenant, { agentId, name, pairs: [pair] });
    },
    { onSuccess: (saved) => done(saved.sourceId) },
  );
  const imported = useAction(
    (file: File) =>
      sendText(file, MAX_IMPORT_LENGTH, (text) =>
        importPairs(tenant, { agentId, name: file.name, text, ...(sourceId ? { sourceId } : {}) }),
      ),
    { onSuccess: (saved) => done(saved.sourceId) },
  );
  const failure = typed.failure ?? imported.failure;
  const errorOf = (field: string) =>
    typed.failure?.fieldErrors?.[field] ?? typed.failure?.fieldErrors?.[`pairs.0.${field}`];
  return (
    <form
      ref={form}
      noValidate
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        const values = new FormData(event.currentTarget);
        const of = (name: string) => String(values.get(name) ?? "");
        typed.submit({ name: of("name"), question: of("question"), answer: of("answer") });
      }}
    >
      {failure && !failure.fieldErrors && <Notice kind="danger">{failure.message}</Notice>}
      {!sourceId && (
        <Field label="Name of the list" error={errorOf("name")}>
          {(control) => <Input {...control} name="name" defaultValue="Questions and answers" maxLength={200} />}
        </Field>
      )}
      <Field label="Question" error={errorOf("question")}>
        {(control) => (
          <Input {...control} name="question" dir="auto" placeholder="Do you ship to Norway?" maxLength={500} />
        )}
      </Field>
      <Field label="Answer" error={errorOf("answer")}>
        {(control) => <Textarea {...control} name="answer" dir="auto" className="min-h-28" maxLength={4_000} />}
      </Field>
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" variant="primary" pending={typed.pending}>
          {sourceId ? "Add question" : "Add questions"}
        </Button>
        <Button asChild pending={imported.pending}>
          <label htmlFor={id} className="cursor-pointer">
            <FileUp />
            {imported.pending ? "Importing" : "Import CSV or JSON"}
          </label>
        </Button>
        <input
          id={id}
          type="file"
          accept=".csv,.tsv,.json,.jsonl"
          className="sr-only"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            if (file) imported.submit(file);
            event.currentTarget.value = "";
          }}
        />
      </div>
      <p className="max-w-[68ch] text-xs text-ink-muted">
        A file has two columns, question and answer, or JSON with these names. A question that the list has already gets
        the new answer.
      </p>
    </form>
  );
}
