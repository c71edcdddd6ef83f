import { z } from "zod";

export const SETTINGS_LIMITS = {
  welcomeLength: 500,
  fallbackLength: 500,
  instructionsLength: 8_000,
  questions: 6,
  questionLength: 120,
  languages: 30,
  keywords: 30,
  keywordLength: 60,
  spansADay: 3,
  hoursNoteLength: 200,
  noteLength: 300,
} as const;

export const text = (max: number) =>
  z
    .string()
    .trim()
    .max(max, `Use at most ${max.toLocaleString("en")} characters.`);

/** Without the empty and the repeated ones. */
const list = (item: z.ZodType<string, string>, max: number, what: string) =>
  z
    .array(item)
    .transform((items) => [...new Set(items.filter(Boolean))])
    .pipe(z.array(z.string()).max(max, `Keep at most ${max} ${what}.`));

export const TONES = ["neutral", "friendly", "formal", "brief"] as const;
export type Tone = (typeof TONES)[number];

/** Those that questions are recognised in. */
export const LANGUAGE_CODES = "ar cs da de el en es fi fr he hi hu it ja ko nl no pl pt ro ru sv th tr uk zh".split(
  " ",
);

/** By what a model is for: quick and cheap, in between, for the hard questions. */
export const MODEL_TIERS = ["SLM_A", "SLM_B", "LLM"] as const;

const MINUTES = /^(?:([01]\d|2[0-3]):[0-5]\d|24:00)$/;
const Span = z
  .object({
    from: z.string().regex(MINUTES, "Write a time as 09:00."),
    to: z.string().regex(MINUTES, "Write a time as 17:30."),
  })
  .refine(({ from, to }) => from < to, "Closing time must come after opening time.");

export const OfficeHours = z.object({
  timeZone: z.string().refine(isTimeZone, "Choose a time zone, for example Europe/Berlin."),
  /** Seven days, Monday first; each with its times of being open, in the zone's clock. */
  week: z
    .array(
      z
        .array(Span)
        .max(SETTINGS_LIMITS.spansADay, `At most ${SETTINGS_LIMITS.spansADay} times a day.`)
        .transform((spans) => spans.toSorted((x, y) => x.from.localeCompare(y.from)))
        .refine((spans) => spans.every((span, i) => i === 0 || spans[i - 1]!.to <= span.from), "These times overlap."),
    )
    .length(7, "Give the times of all seven days."),
  /** Said while nobody is there. */
  note: text(SETTINGS_LIMITS.hoursNoteLength),
});
export type OfficeHours = z.output<typeof OfficeHours>;

export const HandoverRules = z.object({
  /** The visitor may ask for a person at any time. */
  onRequest: z.boolean(),
  /** A person is offered where the agent does not know. */
  onLowConfidence: z.boolean(),
  /** A message that holds one of these words or phrases is offered a person. */
  keywords: list(text(SETTINGS_LIMITS.keywordLength), SETTINGS_LIMITS.keywords, "words"),
});
export type HandoverRules = z.output<typeof HandoverRules>;

/** What an agent says and how it answers: all that is versioned. Its name, looks and domains are not. */
export const AgentSettings = z.object({
  instructions: text(SETTINGS_LIMITS.instructionsLength),
  tone: z.enum(TONES),
  /** `provider/model`, a tier, or null for this installation's model. */
  model: z
    .string()
    .regex(/^(SLM_A|SLM_B|LLM|[a-z]+\/\S{1,200})$/, "Choose a model from the list.")
    .nullable(),
  temperature: z.number().min(0, "Choose 0 to 1.").max(1, "Choose 0 to 1."),
  welcomeMessage: text(SETTINGS_LIMITS.welcomeLength),
  suggestedQuestions: list(text(SETTINGS_LIMITS.questionLength), SETTINGS_LIMITS.questions, "questions"),
  fallbackMessage: text(SETTINGS_LIMITS.fallbackLength).min(1, "Write what the agent says when it does not know."),
  /** The same in other languages, by their two letters; where there is none, `fallbackIn` says what is said. */
  fallbackMessages: z
    .record(z.string().regex(/^[a-z]{2}$/, "Choose a language from the list."), text(SETTINGS_LIMITS.fallbackLength))
    .transform((messages) => Object.fromEntries(Object.entries(messages).filter(([, message]) => message !== ""))),
  /** Below this confidence (0 to 1) the agent says that it does not know, without asking its model. */
  confidenceThreshold: z.number().min(0, "Choose 0 to 1.").max(1, "Choose 0 to 1."),
  /** Two letters each, the first for visitors who write another one; none: answers are in the visitor's language. */
  languages: list(
    z.string().regex(/^[a-z]{2}$/, "Choose a language from the list."),
    SETTINGS_LIMITS.languages,
    "languages",
  ),
  hours: OfficeHours.nullable(),
  handover: HandoverRules,
});
export type AgentSettings = z.output<typeof AgentSettings>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Whether somebody is there, by the clock of the hours' own zone. */
export function isOpenAt({ timeZone, week }: OfficeHours, at: Date): boolean {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)!.value;
  const now = `${part("hour")}:${part("minute")}`;
  const day = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(part("weekday"));
  return week[day]!.some(({ from, to }) => from <= now && now < to);
}

export type VersionState = "draft" | "published" | "retired";

/** Why a version was published although the evaluation did not allow it, and what it had not reached; passRate null: no run. */
export interface Override {
  reason: string;
  unmet: { name: string; minPassRate: number; passRate: number | null }[];
}

export interface AgentVersion {
  id: string;
  /** In the order of publication; a draft has none. */
  number: number | null;
  state: VersionState;
  settings: AgentSettings;
  note: string;
  /** Null for what was published as the evaluation allows. */
  override: Override | null;
  /** The number of the version that was published again. */
  restoredFrom: number | null;
  /** E-mail addresses; null for who has left, or for the product itself. */
  author: string | null;
  publishedBy: string | null;
  publishedAt: string | null;
  updatedAt: string;
}

export const versionName = ({ number }: Pick<AgentVersion, "number">): string =>
  number === null ? "Draft" : `Version ${number}`;

/** What stands in the draft, and which draft was seen: null when there was none. Somebody else's change in between is a conflict. */
export const SaveDraft = AgentSettings.extend({ seen: z.string().nullable() });
export type SaveDraft = z.input<typeof SaveDraft>;

export const PublishDraft = z.object({
  /** The draft's `updatedAt` when it was looked at: what was not seen is not published. */
  seen: z.string(),
  note: text(SETTINGS_LIMITS.noteLength).default(""),
  /** Why it is published although the evaluation does not allow it. */
  override: text(SETTINGS_LIMITS.noteLength).default(""),
});

export const RestoreVersion = PublishDraft.omit({ seen: true }).extend({ versionId: z.uuid() });

/** In words for people, in the order of the form. */
export const SETTING_NAMES: Record<keyof AgentSettings, string> = {
  welcomeMessage: "Welcome message",
  suggestedQuestions: "Suggested questions",
  instructions: "Instructions",
  tone: "Tone",
  languages: "Languages",
  fallbackMessage: "When it does not know",
  fallbackMessages: "When it does not know (other languages)",
  confidenceThreshold: "Confidence needed",
  model: "Model",
  temperature: "Temperature",
  hours: "Opening hours",
  handover: "Hand-over to a person",
};

/** Equal, whatever the order of keys: jsonb has its own. */
export function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || !a || !b) return a === b;
  const [keys, others] = [Object.keys(a), Object.keys(b)];
  return (
    Array.isArray(a) === Array.isArray(b) &&
    keys.length === others.length &&
    keys.every((key) => isSame(a[key as keyof typeof a], b[key as keyof typeof b]))
  );
}

/** The settings that differ, in the order of the form. */
export const changedSettings = (a: AgentSettings, b: AgentSettings): (keyof AgentSettings)[] =>
  (Object.keys(SETTING_NAMES) as (keyof AgentSettings)[]).filter((name) => !isSame(a[name], b[name]));
