import { z } from "zod";

export const LEAD_LIMITS = {
  fields: 8,
  labelLength: 80,
  titleLength: 120,
  consentLength: 600,
  valueLength: 500,
} as const;

const text = (max: number, missing: string) =>
  z
    .string()
    .trim()
    .min(1, missing)
    .max(max, `Use at most ${max.toLocaleString("en")} characters.`);

export const FieldType = z.enum(["name", "email", "phone", "text"]);
export type FieldType = z.infer<typeof FieldType>;

export const LeadField = z.object({
  /** What the value is kept under; never changes when the label does. */
  key: z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, "Use a to z, digits and _."),
  label: text(LEAD_LIMITS.labelLength, "Write what the visitor is asked for."),
  type: FieldType,
  required: z.boolean(),
});
export type LeadField = z.infer<typeof LeadField>;

export const LeadMoment = z.enum(["before_first_message", "on_no_answer", "on_handover", "manual"]);
export type LeadMoment = z.infer<typeof LeadMoment>;

/** A form of an agent: when it is asked, what for, and what the visitor agrees to. */
export const LeadForm = z.object({
  when: LeadMoment,
  title: text(LEAD_LIMITS.titleLength, "Write what stands above the form."),
  fields: z
    .array(LeadField)
    .min(1, "Ask for one thing at least.")
    .max(LEAD_LIMITS.fields, `Ask for at most ${LEAD_LIMITS.fields} things.`)
    .refine((fields) => new Set(fields.map(({ key }) => key)).size === fields.length, "Two fields have the same key."),
  consentText: text(
    LEAD_LIMITS.consentLength,
    "Write what the visitor agrees to: who keeps the details, and what for.",
  ),
});
export type LeadForm = z.infer<typeof LeadForm>;

/** What a visitor's browser sends. */
export const PostLead = z.object({
  conversationId: z.uuid("conversationId must be a UUID."),
  values: z.record(z.string().max(32), z.string().max(LEAD_LIMITS.valueLength, "One of the values is too long.")),
  consent: z.literal(true, "Contact details are kept only with your consent."),
});
export type PostLead = z.infer<typeof PostLead>;

/** Digits with the usual marks between them, seven to fifteen of them (E.164 has fifteen at most). */
const isPhone = (value: string): boolean =>
  /^\+?[\d\s().\-/]{7,30}$/.test(value) &&
  value.replace(/\D/g, "").length >= 7 &&
  value.replace(/\D/g, "").length <= 15;
const isEmail = (value: string): boolean => z.email().max(254).safeParse(value).success;

/** Why a value does not fit its field; the same rule in the widget (components/widget/parts) and here. */
export type LeadProblem = "missing" | "email" | "phone";

export function leadProblem({ type, required }: LeadField, value: string): LeadProblem | null {
  if (value === "") return required ? "missing" : null;
  if (type === "email" && !isEmail(value)) return "email";
  if (type === "phone" && !isPhone(value)) return "phone";
  return null;
}

/** One lead as members read it. */
export type Lead = {
  conversationId: string;
  createdAt: string;
  consentText: string;
  consentedAt: string;
  /** By the key of the field. Null when it cannot be read: its key is gone, or the row was tampered with. */
  values: Record<string, string> | null;
};

export const LEADS_PER_PAGE = 50;
/** A search opens so many of the newest; what is sealed cannot be searched by the database. */
export const LEADS_SEARCHED = 5_000;

/** The list's state, as it stands in the URL. */
export const LeadQuery = z.object({
  q: z.string().trim().max(200).catch(""),
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
});
