"use client";

import { type CSSProperties, useEffect, useState } from "react";
import { toast } from "sonner";
import { contrast, readableOn } from "@/components/color";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { useAction } from "@/components/use-action";
import { WidgetPreview } from "@/components/widget-preview";
import { AGENT_LIMITS, type Agent } from "@/lib/agents/schema";
import { updateAgent } from "../actions";
import { QuestionsField } from "./questions-field.client";

const COLORS = ["#0f6b5c", "#1d4ed8", "#6d28d9", "#be185d", "#b91c1c", "#b45309", "#17171a"];
type Draft = Pick<
  Agent,
  | "name"
  | "welcomeMessage"
  | "suggestedQuestions"
  | "fallbackMessage"
  | "instructions"
  | "accentColor"
  | "confidenceThreshold"
>;

const draftOf = (agent: Agent): Draft => ({
  name: agent.name,
  welcomeMessage: agent.welcomeMessage,
  suggestedQuestions: agent.suggestedQuestions,
  fallbackMessage: agent.fallbackMessage,
  instructions: agent.instructions,
  accentColor: agent.accentColor,
  // The database keeps 32 bits: 0.35 comes back as 0.3499999940395355.
  confidenceThreshold: Math.round(agent.confidenceThreshold * 100) / 100,
});

/** An agent's words and looks, with the chat as visitors will see it beside them. */
export function SettingsForm({ tenant, agent, mayEdit }: { tenant: string; agent: Agent; mayEdit: boolean }) {
  const [saved, setSaved] = useState(() => draftOf(agent));
  const [draft, setDraft] = useState(saved);
  const set = (patch: Partial<Draft>) => setDraft((previous) => ({ ...previous, ...patch }));
  const dirty = JSON.stringify(draft) !== JSON.stringify(saved);
  const { submit, pending, failure } = useAction(updateAgent, {
    onSuccess: (agent) => {
      setSaved(draftOf(agent));
      setDraft(draftOf(agent));
      toast.success("Settings saved");
    },
  });
  const errors = failure?.fieldErrors ?? {};

  useEffect(() => {
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [dirty]);

  const validColor = /^#[0-9a-f]{6}$/.test(draft.accentColor);
  const weakColor = validColor && contrast(draft.accentColor, readableOn(draft.accentColor)) < 4.5;
  return (
    <div className="grid gap-8 lg:grid-cols-[minmax(0,640px)_minmax(0,1fr)]">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit(tenant, { agentId: agent.id, ...draft });
        }}
      >
        <fieldset disabled={!mayEdit} className="grid min-w-0 gap-6">
          {failure && !failure.fieldErrors && <Notice kind="danger">{failure.message}</Notice>}
          <Field label="Name" error={errors.name} hint="Visitors see it at the top of the chat.">
            {(control) => (
              <Input
                {...control}
                value={draft.name}
                maxLength={AGENT_LIMITS.nameLength}
                dir="auto"
                onChange={(event) => set({ name: event.target.value })}
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
                  value={validColor ? draft.accentColor : "#000000"}
                  onChange={(event) => set({ accentColor: event.target.value })}
                  className="size-8 cursor-pointer rounded-md border border-line-strong bg-surface p-1"
                />
                <Input
                  {...control}
                  value={draft.accentColor}
                  spellCheck={false}
                  dir="ltr"
                  onChange={(event) => set({ accentColor: event.target.value.trim().toLowerCase() })}
                  className="w-26 font-mono text-xs"
                />
                {COLORS.map((color) => (
                  <button
                    key={color}
                    type="button"
                    aria-label={`Colour ${color}`}
                    aria-pressed={draft.accentColor === color}
                    onClick={() => set({ accentColor: color })}
                    className="size-6 rounded-full border border-line-strong ring-offset-2 ring-offset-surface aria-pressed:ring-2 aria-pressed:ring-ink"
                    style={{ background: color }}
                  />
                ))}
              </div>
            )}
          </Field>
          <Field
            label="Welcome message"
            error={errors.welcomeMessage}
            aside={`${draft.welcomeMessage.length} of ${AGENT_LIMITS.welcomeLength}`}
          >
            {(control) => (
              <Textarea
                {...control}
                value={draft.welcomeMessage}
                maxLength={AGENT_LIMITS.welcomeLength}
                dir="auto"
                onChange={(event) => set({ welcomeMessage: event.target.value })}
              />
            )}
          </Field>
          <QuestionsField
            value={draft.suggestedQuestions}
            error={Object.entries(errors).find(([path]) => path.startsWith("suggestedQuestions"))?.[1]}
            onChange={(suggestedQuestions) => set({ suggestedQuestions })}
          />
          <Field
            label="When it does not know"
            error={errors.fallbackMessage}
            hint="Said instead of a guess. Tell people where to turn."
          >
            {(control) => (
              <Textarea
                {...control}
                value={draft.fallbackMessage}
                maxLength={AGENT_LIMITS.fallbackLength}
                dir="auto"
                onChange={(event) => set({ fallbackMessage: event.target.value })}
              />
            )}
          </Field>
          <Field
            label="Confidence needed"
            error={errors.confidenceThreshold}
            aside={<output className="tabular-nums">{draft.confidenceThreshold.toFixed(2)}</output>}
            hint="Higher: fewer wrong answers, more “I do not know”. The playground shows the confidence of each answer."
          >
            {(control) => (
              <input
                {...control}
                type="range"
                min={0}
                max={1}
                step={0.01}
                value={draft.confidenceThreshold}
                onChange={(event) => set({ confidenceThreshold: Number(event.target.value) })}
                className="slider"
                style={{ "--value": draft.confidenceThreshold * 100 } as CSSProperties}
              />
            )}
          </Field>
          <Field
            label="Instructions"
            optional
            error={errors.instructions}
            aside={`${draft.instructions.length.toLocaleString("en")} of ${AGENT_LIMITS.instructionsLength.toLocaleString("en")}`}
            hint="Tone and rules, for example: “Answer briefly. Prices are in euro.” Facts belong on your pages."
          >
            {(control) => (
              <Textarea
                {...control}
                value={draft.instructions}
                maxLength={AGENT_LIMITS.instructionsLength}
                dir="auto"
                className="max-h-96 min-h-28"
                onChange={(event) => set({ instructions: event.target.value })}
              />
            )}
          </Field>
          {mayEdit && (
            <div className="sticky bottom-0 -mx-1 flex items-center gap-2 bg-surface px-1 py-3">
              <Button type="submit" variant="primary" pending={pending} disabled={!dirty}>
                Save changes
              </Button>
              {dirty && (
                <Button variant="ghost" onClick={() => setDraft(saved)}>
                  Discard
                </Button>
              )}
              <span role="status" className="text-xs text-ink-subtle">
                {failure?.fieldErrors ? failure.message : dirty ? "Unsaved changes" : ""}
              </span>
            </div>
          )}
        </fieldset>
      </form>
      <aside aria-label="Preview" className="max-lg:hidden">
        <div className="sticky top-28 mx-auto w-full max-w-[360px]">
          <WidgetPreview
            name={draft.name || "Your agent"}
            color={validColor ? draft.accentColor : saved.accentColor}
            welcome={draft.welcomeMessage}
            questions={draft.suggestedQuestions.filter(Boolean)}
          />
        </div>
      </aside>
    </div>
  );
}
