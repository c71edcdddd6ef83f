import { z } from "zod";

/** 128 random bits or more, in hex, kept by the visitor's browser. */
export const VisitorKey = z.string().regex(/^[0-9a-f]{32,128}$/);

/** A user of the customer, as their server names them: what fits into a header. */
export const UserId = z.string().regex(/^[\x21-\x7e](?:[\x20-\x7e]{0,198}[\x21-\x7e])?$/);

/** Of a verified token; what does not look like a name or an address is left out, and the user is let in all the same. */
export const ProfileClaims = z.object({
  name: z.string().trim().min(1).max(200).nullable().catch(null),
  email: z.email().max(254).nullable().catch(null),
});

export const IDENTITY_LIMITS = { overlapHours: 24, keys: 5 } as const;

/** A key as members see it: never its secret. */
export interface IdentityKey {
  id: string;
  /** The secret's last characters. */
  hint: string;
  createdAt: string;
  /** Null while nothing took its place. */
  expiresAt: string | null;
}

export const SETTINGS_LIMITS = {
  launcherLength: 40,
  consentLength: 1_000,
  consentLabelLength: 40,
  titleLength: 120,
  minBudget: 1_000,
  maxBudget: 1_000_000_000_000,
  variables: 20,
  avatarBytes: 128 * 1024,
} as const;

const text = (max: number) =>
  z
    .string()
    .trim()
    .max(max, `Use at most ${max.toLocaleString("en")} characters.`);

/**
 * The widget's CSS variables that a customer may set, and what each may be. A closed list of values that can only be lengths and colours:
 * nothing that loads anything, and nothing that hides what must be seen.
 */
const LENGTH = /^(0|\d{1,4}(\.\d{1,2})?(px|rem|em))$/;
const COLOR = /^#[0-9a-f]{6}$/;
export const VARIABLES = {
  radius: { pattern: LENGTH, hint: "Corners of the panel, for example 4px" },
  width: { pattern: LENGTH, hint: "Width of the panel, for example 420px" },
  height: { pattern: LENGTH, hint: "Height of the panel, for example 680px" },
  "font-size": { pattern: LENGTH, hint: "Size of text, for example 15px" },
  "offset-x": { pattern: LENGTH, hint: "Distance from the side, for example 24px" },
  "offset-y": { pattern: LENGTH, hint: "Distance from the bottom, for example 88px" },
  "bubble-size": { pattern: LENGTH, hint: "Size of the bubble, for example 48px" },
  surface: { pattern: COLOR, hint: "Background of the panel, for example #fffdf8" },
  ink: { pattern: COLOR, hint: "Colour of text, for example #1d1d1b" },
} as const satisfies Record<string, { pattern: RegExp; hint: string }>;
export type VariableName = keyof typeof VARIABLES;

export const WidgetVariables = z
  .record(z.string(), z.string().trim().toLowerCase())
  .superRefine((variables, ctx) => {
    for (const [name, value] of Object.entries(variables)) {
      const known = Object.hasOwn(VARIABLES, name) ? VARIABLES[name as VariableName] : undefined;
      if (!known) ctx.addIssue({ code: "custom", path: [name], message: `There is no variable ${name}.` });
      else if (!known.pattern.test(value)) ctx.addIssue({ code: "custom", path: [name], message: `${known.hint}.` });
    }
  })
  .transform((variables) => variables as Partial<Record<VariableName, string>>);

export const THEMES = ["auto", "light", "dark"] as const;
export const POSITIONS = ["right", "left"] as const;
export const CHALLENGE_MODES = ["off", "auto", "always"] as const;

const nullIfEmpty = (value: string | null) => value || null;

/** What a member may change about an agent's widget. */
export const UpdateWidgetSettings = z
  .object({
    theme: z.enum(THEMES),
    position: z.enum(POSITIONS),
    launcherText: text(SETTINGS_LIMITS.launcherLength),
    variables: WidgetVariables,
    whiteLabel: z.boolean(),
    consentText: text(SETTINGS_LIMITS.consentLength).nullable().transform(nullIfEmpty),
    consentLabel: text(SETTINGS_LIMITS.consentLabelLength),
    identityRequired: z.boolean(),
    challengeMode: z.enum(CHALLENGE_MODES),
    dailyTokenBudget: z
      .number("Write a number of tokens, or leave it empty.")
      .int("Write a whole number.")
      .min(SETTINGS_LIMITS.minBudget, "Below 1,000 tokens not one answer fits.")
      .max(SETTINGS_LIMITS.maxBudget, "This is no limit any more: leave it empty.")
      .nullable(),
    shareEnabled: z.boolean(),
    shareIndexed: z.boolean(),
    shareTitle: text(SETTINGS_LIMITS.titleLength),
  })
  .partial();
export type UpdateWidgetSettings = z.input<typeof UpdateWidgetSettings>;

export interface WidgetSettings {
  theme: (typeof THEMES)[number];
  position: (typeof POSITIONS)[number];
  /** The file's name below the agent's folder; null without a picture. */
  avatar: string | null;
  launcherText: string;
  variables: Partial<Record<VariableName, string>>;
  whiteLabel: boolean;
  /** Whether the plan has it. */
  mayWhiteLabel: boolean;
  consentText: string | null;
  consentLabel: string;
  identityRequired: boolean;
  challengeMode: (typeof CHALLENGE_MODES)[number];
  dailyTokenBudget: number | null;
  shareEnabled: boolean;
  shareIndexed: boolean;
  shareTitle: string;
}

/** Where a picture is shown from, for widgets and the dashboard alike. */
export const avatarUrl = (appOrigin: string, publicId: string, avatar: string): string =>
  `${appOrigin}/api/widget/v1/agents/${publicId}/avatar/${avatar}`;

/** As the widget sets them: `--alonchat-radius`. Null when nothing is to be set. */
export function cssVariables(variables: WidgetSettings["variables"]): Record<string, string> | null {
  const entries = Object.entries(variables).map(([name, value]) => [`--alonchat-${name}`, value]);
  return entries.length > 0 ? Object.fromEntries(entries) : null;
}

/** Something that was found on a customer's page. */
export interface InstallFinding {
  id: string;
  level: "error" | "warning" | "ok";
  /** What is so. */
  title: string;
  /** What to do; empty where nothing is to be done. */
  fix: string;
}

export interface InstallReport {
  /** Where the page came from, after redirects. */
  url: string;
  /** Worst first. */
  findings: InstallFinding[];
}
