"use client";

import { Plus } from "lucide-react";
import { useParams, useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { useAction } from "@/components/use-action";
import { addWebsite } from "../actions";

/** The button and the question behind it. */
export function AddSource({
  tenant,
  agentId,
  open: initiallyOpen,
}: {
  tenant: string;
  agentId: string;
  open: boolean;
}) {
  const [open, setOpen] = useState(initiallyOpen);
  const router = useRouter();
  const params = useParams<{ tenant: string }>();
  const { submit, pending, failure, reset } = useAction(addWebsite, {
    onSuccess: ({ sourceId }) => router.push(`/${params.tenant}/agents/${agentId}/sources/${sourceId}`),
  });
  const fields = failure?.fieldErrors;
  const general = failure && !fields ? failure.message : undefined;
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <Plus />
        Add source
      </Button>
      <Dialog
        open={open}
        onOpenChange={(next) => {
          setOpen(next);
          reset();
        }}
        title="Add a website"
        description="Its public pages are read within a few minutes, as its robots.txt allows."
      >
        <form
          noValidate
          className="grid gap-4 overflow-y-auto p-5"
          onSubmit={(event) => {
            event.preventDefault();
            const form = new FormData(event.currentTarget);
            const maxPages = String(form.get("maxPages"));
            submit(tenant, { agentId, url: String(form.get("url")), maxPages: maxPages === "" ? undefined : maxPages });
          }}
        >
          {failure?.code === "forbidden" && <Notice kind="danger">{failure.message}</Notice>}
          <Field label="Address" error={fields?.url ?? (failure?.code === "forbidden" ? undefined : general)}>
            {(control) => (
              <Input
                {...control}
                name="url"
                inputMode="url"
                autoCapitalize="none"
                autoCorrect="off"
                spellCheck={false}
                autoComplete="url"
                placeholder="https://help.example.com"
              />
            )}
          </Field>
          <Field
            label="Page limit"
            optional
            error={fields?.maxPages}
            hint="The crawl stops after this many pages. Left empty: 500."
          >
            {(control) => (
              <Input {...control} name="maxPages" inputMode="numeric" placeholder="500" className="max-w-32" />
            )}
          </Field>
          <div className="flex justify-end gap-2">
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button type="submit" variant="primary" pending={pending}>
              {pending ? "Checking the address" : "Add source"}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
