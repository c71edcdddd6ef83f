"use client";

import type { ReactNode } from "react";
import { useState } from "react";
import type { ActionResult } from "../action-result";
import { useAction } from "../use-action";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { Field } from "./field";
import { Input } from "./input";
import { Notice } from "./notice";

/**
 * Asks before something is gone: names it, says what goes with it, and for large things wants the name typed.
 * Stays open with the reason when it did not work.
 */
export function ConfirmDelete({
  open,
  onOpenChange,
  kind,
  name,
  consequences,
  typeName,
  run,
  onDone,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  kind: string;
  name: string;
  consequences: ReactNode;
  typeName?: boolean;
  run: () => Promise<ActionResult<unknown>>;
  onDone: () => void;
}) {
  const [typed, setTyped] = useState("");
  const { submit, pending, failure, reset } = useAction(run, { onSuccess: onDone });
  const change = (next: boolean) => {
    if (!next) {
      setTyped("");
      reset();
    }
    onOpenChange(next);
  };
  const ready = !typeName || typed.trim() === name.trim();
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      title={
        <>
          Delete {kind} “<bdi>{name}</bdi>”
        </>
      }
      description={consequences}
    >
      <form
        className="grid gap-4 p-5"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) submit();
        }}
      >
        {failure && <Notice kind="danger">{failure.message}</Notice>}
        {typeName && (
          <Field
            label={
              <span className="font-normal break-words">
                Type <strong className="font-semibold select-all">{name}</strong> to confirm
              </span>
            }
          >
            {(control) => (
              <Input
                {...control}
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
                autoComplete="off"
                dir="auto"
              />
            )}
          </Field>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={() => change(false)}>Cancel</Button>
          <Button type="submit" variant="danger" pending={pending} disabled={!ready}>
            Delete {kind}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
