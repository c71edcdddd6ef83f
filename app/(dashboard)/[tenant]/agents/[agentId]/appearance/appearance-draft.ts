import type { Agent } from "@/lib/agents/schema";
import type { WidgetSettings } from "@/lib/embed/schema";

/** What is typed so far. */
export type AppearanceDraft = Pick<Agent, "name" | "accentColor" | "language"> &
  Pick<WidgetSettings, "theme" | "position" | "launcherText" | "variables" | "whiteLabel" | "consentLabel"> & {
    consentText: string;
    asksConsent: boolean;
  };

/** What is stored, as the form holds it. */
export const draftOf = (agent: Agent, settings: WidgetSettings): AppearanceDraft => ({
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
