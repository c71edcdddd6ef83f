"use client";

import Link from "next/link";
import { useState } from "react";
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
import { OverrideField } from "./override-field";

/** Asks for a note, says what stands in the way, and for what reason it may be passed over. */
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
  /** Null: nobody wants to pass the evaluation over. */
  const [override, setOverride] = useState<string | null>(null);
  const close = () => {
    setOverride(null);
    onOpenChange(false);
  };
  const publish = useAction(publishDraft, {
    onSuccess: () => {
      close();
      toast.success(`Version ${next} is published`);
    },
  });
  const isBlocked = gate.state === "failed" || gate.state === "untested";
  const isOverriding = isBlocked && override !== null;
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => (next ? onOpenChange(true) : close())}
      title={`Publish version ${next}`}
      description="Visitors get it with their next message. You can go back to any version."
    >
      <form
        className="grid gap-4 p-5"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const note = String(new FormData(event.currentTarget).get("note") ?? "");
          publish.submit(tenant, { agentId, seen, note, override: isOverriding ? override : "" });
        }}
      >
        {publish.failure && <Notice kind="danger">{publish.failure.message}</Notice>}
        {isBlocked && (
          <Notice
            kind="warning"
            title={gate.state === "failed" ? "The evaluation did not pass" : "The evaluation has to run first"}
            action={
              <>
                <Button asChild size="sm">
                  <Link href={evaluation}>Open evaluation</Link>
                </Button>
                {!isOverriding && (
                  <Button size="sm" variant="ghost" onClick={() => setOverride("")}>
                    Publish anyway
                  </Button>
                )}
              </>
            }
          >
            {gate.message}
          </Notice>
        )}
        {gate.state === "passed" && <Notice kind="info">The evaluation of this draft passed.</Notice>}
        {isOverriding && <OverrideField value={override} onChange={setOverride} />}
        {(!isBlocked || isOverriding) && (
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
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={close}>Cancel</Button>
          <Button
            type="submit"
            variant="primary"
            pending={publish.pending}
            disabled={isBlocked && (override ?? "").trim() === ""}
          >
            {isOverriding ? "Publish anyway" : "Publish"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
