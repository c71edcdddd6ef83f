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
  /** A note, or what speaks against the evaluation: it is asked for once. */
  const [why, setWhy] = useState("");
  /** Only the database knows, and only when it is asked. */
  const [isBlocked, setBlocked] = useState(false);
  const restore = useAction(restoreVersion, {
    onSuccess: (published) => {
      setOpen(false);
      setWhy("");
      setBlocked(false);
      toast.success(`Version ${number} is published again, as version ${published.number}`);
    },
    onFailure: ({ code }) => code === "conflict" && setBlocked(true),
  });
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
            restore.submit(tenant, { agentId, versionId, ...(isBlocked ? { override: why } : { note: why }) });
          }}
        >
          {restore.failure && <Notice kind="danger">{restore.failure.message}</Notice>}
          {isBlocked ? (
            <OverrideField value={why} onChange={setWhy} />
          ) : (
            <Field label="Why" optional hint="Stands in the list of versions.">
              {(control) => (
                <Input
                  {...control}
                  dir="auto"
                  maxLength={SETTINGS_LIMITS.noteLength}
                  value={why}
                  onChange={(event) => setWhy(event.target.value)}
                />
              )}
            </Field>
          )}
          <div className="flex justify-end gap-2">
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button type="submit" variant="primary" pending={restore.pending} disabled={isBlocked && why.trim() === ""}>
              {isBlocked ? "Publish anyway" : "Publish"}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
