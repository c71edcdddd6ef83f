import type { AgentSettings, MODEL_TIERS, OfficeHours, Tone } from "@/lib/agents/schema";

export const TONE_NAMES: Record<Tone, string> = {
  neutral: "Plain: short sentences, to the point",
  friendly: "Friendly: warm and personal",
  formal: "Formal: polite, whole sentences",
  brief: "Brief: one or two sentences",
};

export const TIER_NAMES: Record<(typeof MODEL_TIERS)[number], string> = {
  SLM_A: "Small and quick",
  SLM_B: "In between",
  LLM: "Large, for the hard questions",
};

export const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

const languages = new Intl.DisplayNames("en", { type: "language" });
export const languageName = (code: string): string => languages.of(code) ?? code;

/** What a setting says, as lines of text that two versions can be compared by; empty for nothing. */
export function describeSetting(name: keyof AgentSettings, settings: AgentSettings): string {
  switch (name) {
    case "suggestedQuestions":
      return settings.suggestedQuestions.join("\n");
    case "fallbackMessages":
      return Object.entries(settings.fallbackMessages)
        .map(([code, message]) => `${languageName(code)}: ${message}`)
        .sort()
        .join("\n");
    case "tone":
      return TONE_NAMES[settings.tone];
    case "model":
      return modelName(settings.model);
    case "temperature":
    case "confidenceThreshold":
      return settings[name].toFixed(2);
    case "languages":
      return settings.languages.length === 0
        ? "The visitor’s own language"
        : settings.languages.map(languageName).join("\n");
    case "hours":
      return settings.hours ? describeHours(settings.hours) : "None";
    case "handover":
      return describeHandover(settings);
    default:
      return settings[name];
  }
}

const modelName = (model: string | null): string =>
  model === null ? "This installation’s own" : (TIER_NAMES[model as keyof typeof TIER_NAMES] ?? model);

const describeHours = ({ timeZone, week, note }: OfficeHours): string =>
  [
    timeZone,
    ...week.map((spans, day) => `${DAYS[day]}: ${spans.map(({ from, to }) => `${from}–${to}`).join(", ") || "closed"}`),
    ...(note ? [`While closed: ${note}`] : []),
  ].join("\n");

function describeHandover({ handover: { onRequest, onLowConfidence, keywords } }: AgentSettings): string {
  const rules = [
    ...(onRequest ? ["When the visitor asks for one"] : []),
    ...(onLowConfidence ? ["When the agent does not know"] : []),
    ...(keywords.length > 0 ? [`When a message holds: ${keywords.join(", ")}`] : []),
  ];
  return rules.join("\n") || "Never";
}
