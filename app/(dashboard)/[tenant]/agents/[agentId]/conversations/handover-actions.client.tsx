"use client";

import { useId, useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { useAction } from "@/components/use-action";
import { ENGAGEMENT_LIMITS, type HandoverState } from "@/lib/engagement/schema";
import { releaseConversation, takeOverConversation } from "./actions";

const NAME_KEY = "operator-name";

/** What can be done about who answers: take over, hand back to the agent, close. */
export function HandoverActions({
  tenant,
  conversationId,
  state,
  isMine,
  suggestedName,
}: {
  tenant: string;
  conversationId: string;
  state: HandoverState;
  isMine: boolean;
  suggestedName: string;
}) {
  const [asking, setAsking] = useState(false);
  const { submit, pending } = useAction(releaseConversation, {
    onFailure: ({ message }) => toast.error(message),
  });
  const release = (to: "agent" | "closed") => submit(tenant, { conversationId, to });
  const isHuman = state === "human";
  return (
    <>
      {!(isHuman && isMine) && (
        <Button variant={isHuman ? "secondary" : "primary"} onClick={() => setAsking(true)}>
          {isHuman ? "Take over from them" : "Take over"}
        </Button>
      )}
      {(state === "waiting" || (isHuman && isMine)) && (
        <Button pending={pending} onClick={() => release("agent")}>
          {isHuman ? "Hand back" : "Leave to the agent"}
        </Button>
      )}
      {(isHuman || state === "waiting") && (
        <Button variant="ghost" disabled={pending} onClick={() => release("closed")}>
          Close
        </Button>
      )}
      <TakeOver
        open={asking}
        onOpenChange={setAsking}
        tenant={tenant}
        conversationId={conversationId}
        suggestedName={suggestedName}
      />
    </>
  );
}

/** Asks under which name; the one that was used last is there already. */
function TakeOver({
  open,
  onOpenChange,
  tenant,
  conversationId,
  suggestedName,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  tenant: string;
  conversationId: string;
  suggestedName: string;
}) {
  const form = useId();
  const [name, setName] = useState<string | null>(null);
  const remembered = typeof localStorage === "undefined" ? null : localStorage.getItem(NAME_KEY);
  const shown = name ?? remembered ?? suggestedName;
  const { submit, pending, failure } = useAction(takeOverConversation, {
    onSuccess: () => {
      localStorage.setItem(NAME_KEY, shown);
      onOpenChange(false);
    },
  });
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Take over"
      description="The agent falls silent and you answer. The visitor is told that you have joined."
    >
      <form
        id={form}
        className="grid gap-4 p-5"
        onSubmit={(event) => {
          event.preventDefault();
          submit(tenant, { conversationId, name: shown });
        }}
      >
        {failure && !failure.fieldErrors && <Notice kind="danger">{failure.message}</Notice>}
        <Field label="Your name" error={failure?.fieldErrors?.name} hint="As the visitor sees it.">
          {(control) => (
            <Input
              {...control}
              value={shown}
              maxLength={ENGAGEMENT_LIMITS.operatorNameLength}
              dir="auto"
              autoComplete="given-name"
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" variant="primary" pending={pending}>
            Take over
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
