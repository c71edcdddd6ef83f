"use client";

import { Settings2, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { ConfirmDelete } from "@/components/ui/confirm";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { useAction } from "@/components/use-action";
import type { EvalSet } from "@/lib/evaluation/schema";
import { deleteSet, updateSet } from "../actions";

/** Name, publish condition and end of a set. */
export function SetMenu({ tenant, set, base }: { tenant: string; set: EvalSet; base: string }) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const save = useAction(updateSet, {
    onSuccess: () => {
      setOpen(false);
      toast.success("Saved");
    },
  });
  return (
    <>
      <Button size="icon" aria-label="Settings of the set" onClick={() => setOpen(true)}>
        <Settings2 />
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title="Settings of the set">
        <form
          className="grid gap-4 p-5"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            const values = new FormData(event.currentTarget);
            const minimum = String(values.get("minimum")).trim();
            save.submit(tenant, {
              setId: set.id,
              name: String(values.get("name")),
              minPassRate: minimum === "" ? null : Number(minimum) / 100,
            });
          }}
        >
          {save.failure && !save.failure.fieldErrors && <Notice kind="danger">{save.failure.message}</Notice>}
          <Field label="Name" error={save.failure?.fieldErrors?.name}>
            {(control) => <Input {...control} name="name" dir="auto" defaultValue={set.name} maxLength={120} />}
          </Field>
          <Field
            label="Minimum pass rate in percent"
            optional
            error={save.failure?.fieldErrors?.minPassRate && "A number from 1 to 100, or nothing."}
            hint="With it, the agent may be published only after a run, with its present settings, that reaches it."
          >
            {(control) => (
              <Input
                {...control}
                name="minimum"
                type="number"
                min={1}
                max={100}
                defaultValue={set.minPassRate === null ? "" : Math.round(set.minPassRate * 100)}
              />
            )}
          </Field>
          <div className="flex justify-between gap-3">
            <Button
              variant="ghost"
              onClick={() => {
                setOpen(false);
                setDeleting(true);
              }}
            >
              <Trash2 />
              Delete set
            </Button>
            <Button type="submit" variant="primary" pending={save.pending}>
              Save
            </Button>
          </div>
        </form>
      </Dialog>
      <ConfirmDelete
        open={deleting}
        onOpenChange={setDeleting}
        kind="test set"
        name={set.name}
        consequences="Its questions and all of its runs go with it."
        run={() => deleteSet(tenant, { setId: set.id })}
        onDone={() => router.push(base)}
      />
    </>
  );
}
