"use client";

import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { useAction } from "@/components/use-action";
import { createSet } from "./actions";

export function NewSet({ tenant, agentId, base }: { tenant: string; agentId: string; base: string }) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const create = useAction(createSet, { onSuccess: ({ setId }) => router.push(`${base}/${setId}`) });
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <Plus />
        New test set
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="New test set"
        description="Questions follow: written, imported, or proposed."
      >
        <form
          className="grid gap-4 p-5"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            create.submit(tenant, { agentId, name: String(new FormData(event.currentTarget).get("name")) });
          }}
        >
          {create.failure && !create.failure.fieldErrors && <Notice kind="danger">{create.failure.message}</Notice>}
          <Field label="Name" error={create.failure?.fieldErrors?.name}>
            {(control) => <Input {...control} name="name" dir="auto" maxLength={120} placeholder="Before publishing" />}
          </Field>
          <div className="flex justify-end">
            <Button type="submit" variant="primary" pending={create.pending}>
              Create set
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
