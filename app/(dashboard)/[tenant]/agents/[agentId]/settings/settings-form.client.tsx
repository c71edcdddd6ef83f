"use client";

import { useRouter } from "next/navigation";
import { type CSSProperties, useState } from "react";
import { toast } from "sonner";
import { SaveBar } from "@/components/save-bar";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { useAction } from "@/components/use-action";
import { WidgetPreview } from "@/components/widget-preview";
import { type Agent, type AgentSettings, isSame, SETTINGS_LIMITS, TONES, type Tone } from "@/lib/agents/schema";
import { saveDraft } from "./actions";
import { TONE_NAMES } from "./describe-setting";
import { FallbackField } from "./fallback-field.client";
import { HandoverField } from "./handover-field.client";
import { HoursField } from "./hours-field.client";
import { LanguagesField } from "./languages-field.client";
import { type ChatModelChoice, ModelField } from "./model-field.client";
import { QuestionsField } from "./questions-field.client";

const MEANWHILE =
  "Somebody saved or published meanwhile. You see theirs now with your own edits on top: look through them and save again.";

/** What the next version says and how it answers, with the chat as visitors will see it beside it. */
export function SettingsForm({
  tenant,
  agent,
  settings: saved,
  seen,
  models,
  mayEdit,
}: {
  tenant: string;
  agent: Agent;
  /** Of the draft, or of what is published while there is none. */
  settings: AgentSettings;
  seen: string | null;
  models: ChatModelChoice[];
  mayEdit: boolean;
}) {
  const router = useRouter();
  const [edited, setEdited] = useState<Partial<AgentSettings>>({});
  const draft = { ...saved, ...edited };
  const set = (patch: Partial<AgentSettings>) => setEdited((previous) => ({ ...previous, ...patch }));
  const dirty = !isSame(draft, saved);
  const { submit, pending, failure, reset } = useAction(saveDraft, {
    onSuccess: () => {
      setEdited({});
      toast.success("Draft saved. Visitors do not see it yet.");
    },
    // What was edited here stays, over what the other one saved.
    onFailure: ({ code }) => code === "conflict" && router.refresh(),
  });
  const errors = failure?.fieldErrors ?? {};
  const errorOf = (field: string) => Object.entries(errors).find(([path]) => path.startsWith(field))?.[1];

  return (
    <div className="grid gap-8 lg:grid-cols-[minmax(0,640px)_minmax(0,1fr)]">
      <form
        noValidate
        aria-label="Settings of the next version"
        onSubmit={(event) => {
          event.preventDefault();
          submit(tenant, { agentId: agent.id, ...draft, seen });
        }}
      >
        <fieldset disabled={!mayEdit} className="grid min-w-0 gap-6">
          <Field
            label="Welcome message"
            error={errors.welcomeMessage}
            aside={`${draft.welcomeMessage.length} of ${SETTINGS_LIMITS.welcomeLength}`}
          >
            {(control) => (
              <Textarea
                {...control}
                value={draft.welcomeMessage}
                maxLength={SETTINGS_LIMITS.welcomeLength}
                dir="auto"
                onChange={(event) => set({ welcomeMessage: event.target.value })}
              />
            )}
          </Field>
          <QuestionsField
            value={draft.suggestedQuestions}
            error={errorOf("suggestedQuestions")}
            onChange={(suggestedQuestions) => set({ suggestedQuestions })}
          />
          <Field
            label="Instructions"
            optional
            error={errors.instructions}
            aside={`${draft.instructions.length.toLocaleString("en")} of ${SETTINGS_LIMITS.instructionsLength.toLocaleString("en")}`}
            hint="Who the agent is and its rules, for example: “You are Lumi. Prices are in euro.” Facts belong on your pages."
          >
            {(control) => (
              <Textarea
                {...control}
                value={draft.instructions}
                maxLength={SETTINGS_LIMITS.instructionsLength}
                dir="auto"
                className="max-h-96 min-h-28"
                onChange={(event) => set({ instructions: event.target.value })}
              />
            )}
          </Field>
          <Field label="Tone" error={errors.tone}>
            {(control) => (
              <Select
                {...control}
                value={draft.tone}
                onChange={(event) => set({ tone: event.target.value as Tone })}
                className="sm:max-w-72"
              >
                {TONES.map((tone) => (
                  <option key={tone} value={tone}>
                    {TONE_NAMES[tone]}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <LanguagesField
            value={draft.languages}
            error={errorOf("languages")}
            onChange={(languages) => set({ languages })}
          />
          <FallbackField value={draft} languages={draft.languages} errors={errors} onChange={set} />
          <Slider
            label="Confidence needed"
            value={draft.confidenceThreshold}
            error={errors.confidenceThreshold}
            hint={
              draft.confidenceThreshold > 0
                ? "Higher: fewer wrong answers, more “I do not know”. The playground shows the confidence of each answer."
                : "At 0 it always answers, from whatever comes nearest. It says “I do not know” only where nothing is found at all."
            }
            onChange={(confidenceThreshold) => set({ confidenceThreshold })}
          />
          <ModelField value={draft.model} choices={models} error={errors.model} onChange={(model) => set({ model })} />
          <Slider
            label="Temperature"
            value={draft.temperature}
            error={errors.temperature}
            hint="Low: the same question gets the same answer. High: more varied words, and more mistakes."
            onChange={(temperature) => set({ temperature })}
          />
          <HoursField value={draft.hours} errors={errors} onChange={(hours) => set({ hours })} />
          <HandoverField
            value={draft.handover}
            error={errorOf("handover")}
            onChange={(handover) => set({ handover })}
          />
          {mayEdit && (
            <SaveBar
              save="Save draft"
              discard="Undo edits"
              unsaved="Not saved yet"
              dirty={dirty}
              pending={pending}
              problem={failure?.code === "conflict" ? MEANWHILE : failure?.message}
              onDiscard={() => {
                setEdited({});
                reset();
              }}
            />
          )}
        </fieldset>
      </form>
      <aside aria-label="Preview" className="max-lg:hidden">
        <div className="sticky top-28 mx-auto w-full max-w-[360px]">
          <WidgetPreview
            name={agent.name}
            color={agent.accentColor}
            welcome={draft.welcomeMessage}
            questions={draft.suggestedQuestions.filter(Boolean)}
          />
        </div>
      </aside>
    </div>
  );
}

const Slider = ({
  label,
  value,
  error,
  hint,
  onChange,
}: {
  label: string;
  value: number;
  error: string | undefined;
  hint: string;
  onChange: (value: number) => void;
}) => (
  <Field label={label} error={error} aside={<output className="tabular-nums">{value.toFixed(2)}</output>} hint={hint}>
    {(control) => (
      <input
        {...control}
        type="range"
        min={0}
        max={1}
        step={0.01}
        value={value}
        onChange={(event) => onChange(Number(event.target.value))}
        className="slider"
        style={{ "--value": value * 100 } as CSSProperties}
      />
    )}
  </Field>
);
