"use client";

import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Choice } from "@/components/ui/choice";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Progress } from "@/components/ui/progress";
import { SwitchField } from "@/components/ui/switch";
import { useAction } from "@/components/use-action";
import type { WidgetSettings } from "@/lib/embed/schema";
import { saveProtection } from "./actions";

const MODES = [
  { value: "auto", label: "Under attack" },
  { value: "always", label: "Always" },
  { value: "off", label: "Never" },
] as const;

/** Saved at once where a switch is turned, with a button where something is typed. */
export function ProtectionForm({
  tenant,
  agentId,
  settings,
  tokensToday,
  mayEdit,
}: {
  tenant: string;
  agentId: string;
  settings: WidgetSettings;
  tokensToday: number;
  mayEdit: boolean;
}) {
  const saved = settings.dailyTokenBudget === null ? "" : String(settings.dailyTokenBudget);
  const [budget, setBudget] = useState(saved);
  const { submit, pending, failure } = useAction(saveProtection, {
    onSuccess: () => toast.success("Protection saved"),
  });
  const limit = settings.dailyTokenBudget;
  return (
    <div className="grid gap-6">
      {failure && !failure.fieldErrors && <Notice kind="danger">{failure.message}</Notice>}
      <SwitchField
        label="Signed-in users only"
        hint="Visitors whom your server does not vouch for get no answer."
        checked={settings.identityRequired}
        onChange={(identityRequired) => submit(tenant, { agentId, identityRequired })}
        disabled={!mayEdit || pending}
      />
      <div className="grid gap-1.5">
        <span className="text-sm font-medium">Let browsers of unknown visitors work first</span>
        <Choice
          label="Let browsers of unknown visitors work first"
          value={settings.challengeMode}
          options={MODES}
          onChange={(challengeMode) => submit(tenant, { agentId, challengeMode })}
          disabled={!mayEdit || pending}
        />
        <p className="max-w-[68ch] text-xs text-ink-muted">
          A short sum before the first question, about half a second of a phone: nobody has to click on anything. Under
          attack means that more than 60 visitors a minute came who were never there before; it ends by itself ten
          minutes after they do.
        </p>
      </div>
      <form
        noValidate
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          submit(tenant, {
            agentId,
            dailyTokenBudget: budget.trim() === "" ? null : Number(budget.replaceAll(/[\s,._]/g, "")),
          });
        }}
      >
        <Field
          label="Tokens a day"
          optional
          error={failure?.fieldErrors?.dailyTokenBudget}
          hint="What visitors’ questions may use up of your models between midnight and midnight UTC. An answer takes 2,000 to 5,000. Empty: no limit."
        >
          {(control) => (
            <div className="flex flex-wrap gap-2">
              <Input
                {...control}
                value={budget}
                inputMode="numeric"
                disabled={!mayEdit}
                className="max-w-40 tabular-nums"
                onChange={(event) => setBudget(event.target.value)}
              />
              {mayEdit && (
                <Button type="submit" pending={pending} disabled={budget === saved}>
                  Save
                </Button>
              )}
            </div>
          )}
        </Field>
        {limit !== null && (
          <div className="grid max-w-80 gap-1.5">
            <Progress label="Tokens used today" percent={Math.min(100, Math.round((tokensToday / limit) * 100))} />
            <p className="text-xs text-ink-muted tabular-nums">
              {tokensToday.toLocaleString("en")} of {limit.toLocaleString("en")} used today
            </p>
          </div>
        )}
      </form>
    </div>
  );
}
