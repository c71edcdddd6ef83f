"use client";

import { CircleAlert, CircleCheck, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { useAction } from "@/components/use-action";
import type { InstallReport } from "@/lib/embed/schema";
import { checkInstall } from "./actions";

const LEVELS = {
  error: { Icon: CircleAlert, color: "text-danger", says: "Problem:" },
  warning: { Icon: TriangleAlert, color: "text-warning", says: "Worth a look:" },
  ok: { Icon: CircleCheck, color: "text-success", says: "Fine:" },
} as const;

/** Looks at a page of the customer and says what keeps the chat from working there. */
export function InstallCheck({ tenant, agentId, initial }: { tenant: string; agentId: string; initial: string }) {
  const [url, setUrl] = useState(initial);
  const [report, setReport] = useState<InstallReport>();
  const { submit, pending, failure } = useAction(checkInstall, {
    onSuccess: setReport,
    onFailure: () => setReport(undefined),
  });
  return (
    <div className="grid gap-4">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit(tenant, { agentId, url });
        }}
      >
        <Field label="Page" error={failure?.fieldErrors?.url ?? failure?.message}>
          {(control) => (
            <div className="flex gap-2">
              <Input
                {...control}
                value={url}
                onChange={(event) => setUrl(event.target.value)}
                placeholder="https://www.example.com/"
                inputMode="url"
                autoCapitalize="none"
                autoCorrect="off"
                spellCheck={false}
                dir="ltr"
                className="max-w-96"
              />
              <Button type="submit" pending={pending} disabled={!url.trim()}>
                {pending ? "Looking" : "Check page"}
              </Button>
            </div>
          )}
        </Field>
      </form>
      <div role="status">{report && !pending && <Report report={report} />}</div>
    </div>
  );
}

function Report({ report: { url, findings } }: { report: InstallReport }) {
  const errors = findings.filter(({ level }) => level === "error").length;
  const warnings = findings.filter(({ level }) => level === "warning").length;
  const verdict =
    errors > 0
      ? `${errors === 1 ? "One problem keeps" : `${errors} problems keep`} the chat from working`
      : warnings > 0
        ? "The chat should work; something is worth a look"
        : "The chat should work on this page";
  return (
    <div className="overflow-hidden rounded-lg border border-line">
      <div className="grid gap-0.5 border-b border-line px-3 py-2.5">
        <p className="font-medium">{verdict}</p>
        <p dir="ltr" className="truncate font-mono text-xs text-ink-muted" title={url}>
          {url}
        </p>
      </div>
      <ul>
        {findings.map(({ id, level, title, fix }) => {
          const { Icon, color, says } = LEVELS[level];
          return (
            <li key={id} className="flex gap-2.5 border-b border-line px-3 py-2.5 last:border-0">
              <Icon aria-hidden="true" className={cn("mt-0.5 size-4 shrink-0", color)} />
              <div className="grid min-w-0 gap-0.5">
                <p className="font-medium break-words">
                  <span className="sr-only">{says} </span>
                  {title}
                </p>
                {fix && <p className="break-words text-ink-muted">{fix}</p>}
              </div>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
