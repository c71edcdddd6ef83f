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
import { Select } from "@/components/ui/select";
import { useAction } from "@/components/use-action";
import { type AgentVersion, versionName } from "@/lib/agents/schema";
import { MAX_REPEATS } from "@/lib/evaluation/schema";
import { startRun } from "../actions";

export function StartRun({
  tenant,
  setId,
  base,
  questionCount,
  isRunning,
  versions,
}: {
  tenant: string;
  setId: string;
  base: string;
  questionCount: number;
  isRunning: boolean;
  /** The one that is tried unless another is chosen comes first. */
  versions: Pick<AgentVersion, "id" | "number" | "state">[];
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
        description="Visitors see nothing of it, and it uses none of your messages; model calls are billed."
      >
        <form
          className="grid gap-4 p-5"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            const form = new FormData(event.currentTarget);
            start.submit(tenant, {
              setId,
              repeats,
              label: String(form.get("label")),
              versionId: String(form.get("version")),
            });
          }}
        >
          {start.failure && <Notice kind="danger">{start.failure.message}</Notice>}
          <Field label="Version" hint="The run keeps its settings, whatever is changed meanwhile.">
            {(control) => (
              <Select {...control} name="version">
                {versions.map((version) => (
                  <option key={version.id} value={version.id}>
                    {versionName(version)}
                    {version.state === "published" && " (published)"}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label="What is new" optional hint="Names the run in lists and comparisons.">
            {(control) => (
              <Input {...control} name="label" dir="auto" maxLength={120} placeholder="Shorter instructions" />
            )}
          </Field>
          <Field label="Repeats" hint="Models vary. A question passes only if it passes every time.">
            {(control) => (
              <Select {...control} value={repeats} onChange={(event) => setRepeats(Number(event.target.value))}>
                {Array.from({ length: MAX_REPEATS }, (_, i) => i + 1).map((count) => (
                  <option key={count} value={count}>
                    {count}
                  </option>
                ))}
              </Select>
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
