"use client";

import Link from "next/link";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { useAction } from "@/components/use-action";
import { SETTINGS_LIMITS } from "@/lib/agents/schema";
import type { Gate } from "@/lib/evaluation/schema";
import { publishDraft } from "./actions";

/** Asks for a note, and says what stands in the way. */
export function PublishDialog({
  tenant,
  agentId,
  evaluation,
  seen,
  next,
  gate,
  open,
  onOpenChange,
}: {
  tenant: string;
  agentId: string;
  evaluation: string;
  seen: string;
  next: number;
  gate: Gate;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const publish = useAction(publishDraft, {
    onSuccess: () => {
      onOpenChange(false);
      toast.success(`Version ${next} is published`);
    },
  });
  const isBlocked = gate.state === "failed" || gate.state === "untested";
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Publish version ${next}`}
      description="Visitors get it with their next message. You can go back to any version."
    >
      <form
        className="grid gap-4 p-5"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          publish.submit(tenant, { agentId, seen, note: String(new FormData(event.currentTarget).get("note")) });
        }}
      >
        {publish.failure && <Notice kind="danger">{publish.failure.message}</Notice>}
        {isBlocked ? (
          <Notice
            kind="warning"
            title={gate.state === "failed" ? "The evaluation did not pass" : "The evaluation has to run first"}
            action={
              <Button asChild size="sm">
                <Link href={evaluation}>Open evaluation</Link>
              </Button>
            }
          >
            {gate.message}
          </Notice>
        ) : (
          <>
            {gate.state === "passed" && <Notice kind="info">The evaluation of this draft passed.</Notice>}
            <Field label="What is new" optional hint="Stands in the list of versions.">
              {(control) => (
                <Input
                  {...control}
                  name="note"
                  dir="auto"
                  maxLength={SETTINGS_LIMITS.noteLength}
                  placeholder="Shorter answers, new opening hours"
                />
              )}
            </Field>
          </>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" variant="primary" pending={publish.pending} disabled={isBlocked}>
            Publish
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
