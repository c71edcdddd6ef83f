"use client";

import { useState } from "react";
import { toast } from "sonner";
import { contrast, readableOn } from "@/components/color";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { useAction } from "@/components/use-action";
import { AGENT_LIMITS, type Agent } from "@/lib/agents/schema";
import { updateAgent } from "../actions";

const COLORS = ["#0f6b5c", "#1d4ed8", "#6d28d9", "#be185d", "#b91c1c", "#b45309", "#17171a"];

/** The agent's own name and colour. They belong to no version, so they change at once. */
export function IdentityForm({ tenant, agent, mayEdit }: { tenant: string; agent: Agent; mayEdit: boolean }) {
  const saved = { name: agent.name, accentColor: agent.accentColor };
  const [edited, setEdited] = useState<Partial<typeof saved>>({});
  const { name, accentColor } = { ...saved, ...edited };
  const dirty = name !== saved.name || accentColor !== saved.accentColor;
  const { submit, pending, failure } = useAction(updateAgent, {
    onSuccess: () => {
      setEdited({});
      toast.success("Name and colour saved");
    },
  });
  const errors = failure?.fieldErrors ?? {};
  const validColor = /^#[0-9a-f]{6}$/.test(accentColor);
  const weakColor = validColor && contrast(accentColor, readableOn(accentColor)) < 4.5;
  return (
    <section aria-labelledby="identity" className="grid gap-4 rounded-lg border border-line p-4 lg:max-w-[640px]">
      <div className="grid gap-1">
        <h2 id="identity" className="font-semibold">
          Name and colour
        </h2>
        <p className="text-ink-muted">The same for every version; a change holds at once.</p>
      </div>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit(tenant, { agentId: agent.id, name, accentColor });
        }}
      >
        <fieldset disabled={!mayEdit} className="grid min-w-0 gap-4">
          {failure && !failure.fieldErrors && <Notice kind="danger">{failure.message}</Notice>}
          <Field label="Name" error={errors.name} hint="Visitors see it at the top of the chat.">
            {(control) => (
              <Input
                {...control}
                value={name}
                maxLength={AGENT_LIMITS.nameLength}
                dir="auto"
                onChange={(event) => setEdited({ ...edited, name: event.target.value })}
              />
            )}
          </Field>
          <Field
            label="Accent colour"
            error={errors.accentColor}
            hint={weakColor ? "Text on this colour is hard to read. Choose a darker or lighter one." : undefined}
          >
            {(control) => (
              <div className="flex flex-wrap items-center gap-2">
                <input
                  type="color"
                  aria-label="Pick a colour"
                  value={validColor ? accentColor : "#000000"}
                  onChange={(event) => setEdited({ ...edited, accentColor: event.target.value })}
                  className="size-8 cursor-pointer rounded-md border border-line-strong bg-surface p-1"
                />
                <Input
                  {...control}
                  value={accentColor}
                  spellCheck={false}
                  dir="ltr"
                  onChange={(event) => setEdited({ ...edited, accentColor: event.target.value.trim().toLowerCase() })}
                  className="w-26 font-mono text-xs"
                />
                {COLORS.map((color) => (
                  <button
                    key={color}
                    type="button"
                    aria-label={`Colour ${color}`}
                    aria-pressed={accentColor === color}
                    onClick={() => setEdited({ ...edited, accentColor: color })}
                    className="size-6 rounded-full border border-line-strong ring-offset-2 ring-offset-surface aria-pressed:ring-2 aria-pressed:ring-ink"
                    style={{ background: color }}
                  />
                ))}
              </div>
            )}
          </Field>
          {mayEdit && (
            <Button type="submit" className="justify-self-start" pending={pending} disabled={!dirty}>
              Save name and colour
            </Button>
          )}
        </fieldset>
      </form>
    </section>
  );
}
