"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { useAction } from "@/components/use-action";
import { addText, updateText } from "./actions";

/** Text that somebody writes or pastes; with `sourceId` one that is there already. */
export function TextForm({
  tenant,
  agentId,
  sourceId,
  name,
  text,
}: {
  tenant: string;
  agentId: string;
  sourceId?: string;
  name?: string;
  text?: string;
}) {
  const router = useRouter();
  const save = (value: { name: string; text: string }) =>
    sourceId ? updateText(tenant, { sourceId, ...value }) : addText(tenant, { agentId, ...value });
  const { submit, pending, failure } = useAction(save, {
    onSuccess: (saved) => {
      if (sourceId) toast.success("Saved; it is read again");
      else router.push(`/${tenant}/agents/${agentId}/sources/${saved.sourceId}`);
    },
  });
  const fields = failure?.fieldErrors;
  return (
    <form
      noValidate
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        submit({ name: String(form.get("name")), text: String(form.get("text")) });
      }}
    >
      {failure && !fields && <Notice kind="danger">{failure.message}</Notice>}
      <Field label="Name" error={fields?.name} hint="Visitors see it beside answers that rest on this text.">
        {(control) => (
          <Input {...control} name="name" defaultValue={name} placeholder="Opening hours" maxLength={200} />
        )}
      </Field>
      <Field label="Text" error={fields?.text} hint="Markdown works: headings keep what belongs together in one piece.">
        {(control) => (
          <Textarea
            {...control}
            name="text"
            dir="auto"
            defaultValue={text}
            className="max-h-[60vh] min-h-56 overflow-y-auto"
          />
        )}
      </Field>
      <Button type="submit" variant="primary" pending={pending} className="justify-self-start">
        {sourceId ? "Save text" : "Add text"}
      </Button>
    </form>
  );
}
