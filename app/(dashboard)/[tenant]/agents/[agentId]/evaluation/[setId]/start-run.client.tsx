"use client";

import { Play } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { plural } from "@/components/ui/number";
import { useAction } from "@/components/use-action";
import { MAX_REPEATS } from "@/lib/evaluation/schema";
import { startRun } from "../actions";

export function StartRun({
  tenant,
  setId,
  base,
  questionCount,
  isRunning,
}: {
  tenant: string;
  setId: string;
  base: string;
  questionCount: number;
  isRunning: boolean;
}) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [repeats, setRepeats] = useState(1);
  const start = useAction(startRun, { onSuccess: ({ runId }) => router.push(`${base}/runs/${runId}`) });
  return (
    <>
      <Button variant="primary" disabled={questionCount === 0 || isRunning} onClick={() => setOpen(true)}>
        <Play />
        Run
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Run this set"
        description="The agent answers as it is now. Visitors see nothing of it, and it uses none of your messages; model calls are billed."
      >
        <form
          className="grid gap-4 p-5"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            start.submit(tenant, { setId, repeats, label: String(new FormData(event.currentTarget).get("label")) });
          }}
        >
          {start.failure && <Notice kind="danger">{start.failure.message}</Notice>}
          <Field label="What is new" optional hint="Names the run in lists and comparisons.">
            {(control) => (
              <Input {...control} name="label" dir="auto" maxLength={120} placeholder="Shorter instructions" />
            )}
          </Field>
          <Field label="Repeats" hint="Models vary. A question passes only if it passes every time.">
            {(control) => (
              <select
                {...control}
                value={repeats}
                onChange={(event) => setRepeats(Number(event.target.value))}
                className="h-8 w-full rounded-md border border-line-strong bg-surface px-2.5 text-sm max-sm:text-md"
              >
                {Array.from({ length: MAX_REPEATS }, (_, i) => i + 1).map((count) => (
                  <option key={count} value={count}>
                    {count}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <div className="flex items-center justify-between gap-3">
            <span className="text-xs text-ink-muted">{plural(questionCount * repeats, "answer")}</span>
            <Button type="submit" variant="primary" pending={start.pending}>
              Start run
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
