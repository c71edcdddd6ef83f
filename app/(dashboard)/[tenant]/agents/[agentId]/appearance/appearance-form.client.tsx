"use client";

import { useState } from "react";
import { toast } from "sonner";
import { SaveBar } from "@/components/save-bar";
import { Choice } from "@/components/ui/choice";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { SwitchField } from "@/components/ui/switch";
import { useAction } from "@/components/use-action";
import { AGENT_LIMITS, type Agent, WIDGET_LANGUAGES, WidgetLanguage } from "@/lib/agents/schema";
import { avatarUrl, SETTINGS_LIMITS, type WidgetSettings } from "@/lib/embed/schema";
import { saveAppearance } from "./actions";
import { type AppearanceDraft, draftOf } from "./appearance-draft";
import { AppearancePreview } from "./appearance-preview.client";
import { AvatarField } from "./avatar-field.client";
import { ColorField, isColor } from "./color-field";
import { VariablesField } from "./variables-field";

const THEME_OPTIONS = [
  { value: "auto", label: "As the visitor’s device" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
] as const;
const languageName = new Intl.DisplayNames("en", { type: "language" });
const SIDES = [
  { value: "left", label: "Left" },
  { value: "right", label: "Right" },
] as const;

/** How an agent's widget looks, with the widget itself beside it. */
export function AppearanceForm({
  tenant,
  agent,
  settings,
  welcome,
  questions,
  mayEdit,
}: {
  tenant: string;
  agent: Agent;
  settings: WidgetSettings;
  /** Of the published version. */
  welcome: string;
  questions: string[];
  mayEdit: boolean;
}) {
  const saved = draftOf(agent, settings);
  const [edited, setEdited] = useState<Partial<AppearanceDraft>>({});
  const draft = { ...saved, ...edited };
  const set = (patch: Partial<AppearanceDraft>) => setEdited((previous) => ({ ...previous, ...patch }));
  const dirty = JSON.stringify(draft) !== JSON.stringify(saved);
  const { submit, pending, failure, reset } = useAction(saveAppearance, {
    onSuccess: () => {
      setEdited({});
      toast.success("Appearance saved");
    },
  });
  const errors = failure?.fieldErrors ?? {};

  const picture = settings.avatar ? avatarUrl("", agent.publicId, settings.avatar) : null;
  const consentMissing = draft.asksConsent && draft.consentText.trim() === "";
  return (
    <div className="grid gap-8 lg:grid-cols-[minmax(0,560px)_minmax(0,1fr)]">
      <form
        noValidate
        className="min-w-0"
        onSubmit={(event) => {
          event.preventDefault();
          const { asksConsent, consentText, ...rest } = draft;
          submit(tenant, { agentId: agent.id, ...rest, consentText: asksConsent ? consentText : null });
        }}
      >
        <fieldset disabled={!mayEdit} className="grid min-w-0 gap-6">
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
          <ColorField
            value={draft.accentColor}
            error={errors.accentColor}
            onChange={(accentColor) => set({ accentColor })}
          />
          <Field
            label="Language of the chat"
            error={errors.language}
            hint="Of its buttons and notices. Answers are in the language of the question."
          >
            {(control) => (
              <Select
                {...control}
                value={draft.language}
                className="max-w-60"
                onChange={(event) => set({ language: WidgetLanguage.parse(event.target.value) })}
              >
                {WIDGET_LANGUAGES.map((code) => (
                  <option key={code} value={code}>
                    {languageName.of(code)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <AvatarField
            tenant={tenant}
            agentId={agent.id}
            color={isColor(draft.accentColor) ? draft.accentColor : saved.accentColor}
            src={picture}
            mayEdit={mayEdit}
          />
          <div className="grid gap-1.5">
            <span className="text-sm font-medium">Light or dark</span>
            <Choice
              label="Light or dark"
              value={draft.theme}
              options={THEME_OPTIONS}
              onChange={(theme) => set({ theme })}
              disabled={!mayEdit}
            />
          </div>
          <div className="grid gap-1.5">
            <span className="text-sm font-medium">Side of the page</span>
            <Choice
              label="Side of the page"
              value={draft.position}
              options={SIDES}
              onChange={(position) => set({ position })}
              disabled={!mayEdit}
            />
          </div>
          <Field
            label="Text on the bubble"
            optional
            error={errors.launcherText}
            aside={`${draft.launcherText.length} of ${SETTINGS_LIMITS.launcherLength}`}
            hint="Beside its icon, for example “Ask us”."
          >
            {(control) => (
              <Input
                {...control}
                value={draft.launcherText}
                maxLength={SETTINGS_LIMITS.launcherLength}
                dir="auto"
                className="max-w-80"
                onChange={(event) => set({ launcherText: event.target.value })}
              />
            )}
          </Field>
          <div className="grid gap-3">
            <SwitchField
              label="Ask for consent first"
              hint="Until a visitor accepts, nothing is sent and nothing is stored in the browser."
              checked={draft.asksConsent}
              onChange={(asksConsent) => set({ asksConsent })}
              disabled={!mayEdit}
            />
            {draft.asksConsent && (
              <div className="grid gap-4 sm:ps-12">
                <Field
                  label="Consent text"
                  error={errors.consentText ?? (consentMissing ? "Write what visitors agree to." : undefined)}
                  aside={`${draft.consentText.length} of ${SETTINGS_LIMITS.consentLength.toLocaleString("en")}`}
                >
                  {(control) => (
                    <Textarea
                      {...control}
                      value={draft.consentText}
                      maxLength={SETTINGS_LIMITS.consentLength}
                      dir="auto"
                      placeholder="We answer your questions with AI and keep them for 30 days. See our privacy policy."
                      onChange={(event) => set({ consentText: event.target.value })}
                    />
                  )}
                </Field>
                <Field
                  label="Its button"
                  optional
                  error={errors.consentLabel}
                  hint="Empty: “Accept” in the visitor’s language."
                >
                  {(control) => (
                    <Input
                      {...control}
                      value={draft.consentLabel}
                      maxLength={SETTINGS_LIMITS.consentLabelLength}
                      dir="auto"
                      className="max-w-60"
                      onChange={(event) => set({ consentLabel: event.target.value })}
                    />
                  )}
                </Field>
              </div>
            )}
          </div>
          <SwitchField
            label="Without “Powered by AlonChat”"
            hint={
              settings.mayWhiteLabel
                ? "In the chat, on the share page and in frames."
                : "Your plan does not have this. What you choose here holds as soon as it does."
            }
            checked={draft.whiteLabel}
            onChange={(whiteLabel) => set({ whiteLabel })}
            disabled={!mayEdit}
          />
          <VariablesField value={draft.variables} errors={errors} onChange={(variables) => set({ variables })} />
          {mayEdit && (
            <SaveBar
              dirty={dirty}
              pending={pending}
              canSave={!consentMissing}
              problem={failure?.message}
              onDiscard={() => {
                setEdited({});
                reset();
              }}
            />
          )}
        </fieldset>
      </form>
      <AppearancePreview
        draft={draft}
        color={isColor(draft.accentColor) ? draft.accentColor : saved.accentColor}
        picture={picture}
        mayWhiteLabel={settings.mayWhiteLabel}
        welcome={welcome}
        questions={questions}
      />
    </div>
  );
}
