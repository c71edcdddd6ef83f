"use client";

import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { useAction } from "@/components/use-action";
import { SETTINGS_LIMITS } from "@/lib/agents/schema";
import { restoreVersion } from "../actions";
import { OverrideField } from "../override-field";

/** Goes back: an older version becomes the newest. */
export function RestoreVersion({
  tenant,
  agentId,
  versionId,
  number,
}: {
  tenant: string;
  agentId: string;
  versionId: string;
  number: number;
}) {
  const [open, setOpen] = useState(false);
  const [override, setOverride] = useState("");
  const restore = useAction(restoreVersion, {
    onSuccess: (published) => {
      setOpen(false);
      toast.success(`Version ${number} is published again, as version ${published.number}`);
    },
  });
  /** Only the database knows, and only when it is asked. */
  const isBlocked = restore.failure?.code === "conflict" || override !== "";
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)}>
        Publish again<span className="sr-only"> version {number}</span>
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`Publish version ${number} again`}
        description="It becomes the newest version, and visitors get it with their next message. A draft stays as it is."
      >
        <form
          className="grid gap-4 p-5"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            const note = String(new FormData(event.currentTarget).get("note"));
            restore.submit(tenant, { agentId, versionId, note, override });
          }}
        >
          {restore.failure && <Notice kind="danger">{restore.failure.message}</Notice>}
          {isBlocked && <OverrideField value={override} onChange={setOverride} />}
          <Field label="Why" optional hint="Stands in the list of versions.">
            {(control) => <Input {...control} name="note" dir="auto" maxLength={SETTINGS_LIMITS.noteLength} />}
          </Field>
          <div className="flex justify-end gap-2">
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button
              type="submit"
              variant="primary"
              pending={restore.pending}
              disabled={isBlocked && override.trim() === ""}
            >
              {isBlocked ? "Publish anyway" : "Publish"}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
