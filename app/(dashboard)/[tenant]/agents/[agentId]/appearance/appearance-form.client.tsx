"use client";

import { Monitor, Moon, Smartphone, Sun } from "lucide-react";
import { useEffect, useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Choice } from "@/components/ui/choice";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Select } from "@/components/ui/select";
import { SwitchField } from "@/components/ui/switch";
import { useAction } from "@/components/use-action";
import { WidgetPreview } from "@/components/widget-preview";
import { AGENT_LIMITS, type Agent, WIDGET_LANGUAGES, WidgetLanguage } from "@/lib/agents/schema";
import { avatarUrl, cssVariables, SETTINGS_LIMITS, type WidgetSettings, WidgetVariables } from "@/lib/embed/schema";
import { saveAppearance } from "./actions";
import { AvatarField } from "./avatar-field.client";
import { ColorField, isColor } from "./color-field";
import { VariablesField } from "./variables-field";

type Draft = Pick<Agent, "name" | "accentColor" | "language"> &
  Pick<WidgetSettings, "theme" | "position" | "launcherText" | "variables" | "whiteLabel" | "consentLabel"> & {
    consentText: string;
    asksConsent: boolean;
  };

const draftOf = (agent: Agent, settings: WidgetSettings): Draft => ({
  name: agent.name,
  accentColor: agent.accentColor,
  language: agent.language,
  theme: settings.theme,
  position: settings.position,
  launcherText: settings.launcherText,
  variables: settings.variables,
  whiteLabel: settings.whiteLabel,
  asksConsent: settings.consentText !== null,
  consentText: settings.consentText ?? "",
  consentLabel: settings.consentLabel,
});

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
  const [edited, setEdited] = useState<Partial<Draft>>({});
  const draft = { ...saved, ...edited };
  const set = (patch: Partial<Draft>) => setEdited((previous) => ({ ...previous, ...patch }));
  const dirty = JSON.stringify(draft) !== JSON.stringify(saved);
  const { submit, pending, failure, reset } = useAction(saveAppearance, {
    onSuccess: () => {
      setEdited({});
      toast.success("Appearance saved");
    },
  });
  const errors = failure?.fieldErrors ?? {};
  const [device, setDevice] = useState<"desktop" | "phone">("desktop");
  const [shade, setShade] = useState<"light" | "dark">("light");

  useEffect(() => {
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [dirty]);

  const picture = settings.avatar ? avatarUrl("", agent.publicId, settings.avatar) : null;
  const variables = WidgetVariables.safeParse(draft.variables);
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
            <div className="save-bar flex flex-wrap items-center gap-2">
              <Button type="submit" variant="primary" pending={pending} disabled={!dirty || consentMissing}>
                Save changes
              </Button>
              {dirty && (
                <Button
                  variant="ghost"
                  onClick={() => {
                    setEdited({});
                    reset();
                  }}
                >
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
      <aside aria-label="Preview" className="max-lg:order-first">
        <div className="sticky top-28 mx-auto grid w-full max-w-[520px] gap-3">
          <div className="flex flex-wrap items-center gap-2">
            <Choice
              label="Preview on"
              value={device}
              onChange={setDevice}
              options={[
                {
                  value: "desktop",
                  label: (
                    <>
                      <Monitor aria-hidden="true" /> Desktop
                    </>
                  ),
                },
                {
                  value: "phone",
                  label: (
                    <>
                      <Smartphone aria-hidden="true" /> Phone
                    </>
                  ),
                },
              ]}
            />
            {draft.theme === "auto" && (
              <Choice
                label="Preview in"
                value={shade}
                onChange={setShade}
                options={[
                  {
                    value: "light",
                    label: (
                      <>
                        <Sun aria-hidden="true" /> Light
                      </>
                    ),
                  },
                  {
                    value: "dark",
                    label: (
                      <>
                        <Moon aria-hidden="true" /> Dark
                      </>
                    ),
                  },
                ]}
              />
            )}
          </div>
          <WidgetPreview
            key={device}
            device={device}
            className={device === "phone" ? "mx-auto w-full max-w-[360px]" : "w-full"}
            name={draft.name || "Your agent"}
            color={isColor(draft.accentColor) ? draft.accentColor : saved.accentColor}
            welcome={welcome}
            questions={questions}
            look={{
              language: draft.language,
              theme: draft.theme === "auto" ? shade : draft.theme,
              position: draft.position,
              avatarUrl: picture,
              launcherText: draft.launcherText,
              ...(variables.success && { variables: cssVariables(variables.data) }),
              poweredBy: !(draft.whiteLabel && settings.mayWhiteLabel),
              consent:
                draft.asksConsent && draft.consentText
                  ? { text: draft.consentText, acceptLabel: draft.consentLabel }
                  : null,
            }}
          />
        </div>
      </aside>
    </div>
  );
}
