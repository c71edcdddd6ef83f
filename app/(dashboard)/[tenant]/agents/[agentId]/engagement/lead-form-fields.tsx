import { Plus, Trash2 } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { type FieldType, LEAD_LIMITS, type LeadField, type LeadForm, type LeadMoment } from "@/lib/leads/schema";

const MOMENTS: Record<LeadMoment, string> = {
  on_no_answer: "When the agent does not know the answer",
  on_handover: "When the visitor asks for a person",
  before_first_message: "Before the first message",
  manual: "Only when your page asks for it",
};
const TYPES: Record<FieldType, string> = { name: "Name", email: "E-mail", phone: "Telephone", text: "Text" };

export const NEW_LEAD_FORM: LeadForm = {
  when: "on_no_answer",
  title: "How can we reach you?",
  fields: [
    { key: "name", label: "Name", type: "name", required: false },
    { key: "email", label: "E-mail", type: "email", required: true },
  ],
  consentText: "I agree that you keep these details to answer me.",
};

/** The form as its admin writes it. A field keeps its key when its label changes, so that earlier leads stay under it. */
export function LeadFormFields({
  form,
  errors,
  onChange,
}: {
  form: LeadForm;
  errors: Record<string, string>;
  onChange: (patch: Partial<LeadForm>) => void;
}) {
  const change = (index: number, patch: Partial<LeadField>) =>
    onChange({ fields: form.fields.map((field, at) => (at === index ? { ...field, ...patch } : field)) });
  return (
    <div className="grid gap-4 rounded-lg border border-line p-4">
      <Field label="When">
        {(control) => (
          <Select
            {...control}
            value={form.when}
            onChange={(event) => onChange({ when: event.target.value as LeadMoment })}
          >
            {Object.entries(MOMENTS).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Title" error={errors["leadForm.title"]}>
        {(control) => (
          <Input
            {...control}
            value={form.title}
            dir="auto"
            maxLength={LEAD_LIMITS.titleLength}
            onChange={(event) => onChange({ title: event.target.value })}
          />
        )}
      </Field>
      <fieldset className="grid gap-2">
        <legend className="mb-1.5 text-sm font-medium">Fields</legend>
        {errors["leadForm.fields"] && (
          <p role="alert" className="text-xs text-danger">
            {errors["leadForm.fields"]}
          </p>
        )}
        {form.fields.map((field, index) => (
          <div key={field.key} className="grid gap-1">
            <div className="flex flex-wrap items-center gap-2">
              <Input
                aria-label={`Label of field ${index + 1}`}
                aria-invalid={errors[`leadForm.fields.${index}.label`] ? true : undefined}
                value={field.label}
                dir="auto"
                maxLength={LEAD_LIMITS.labelLength}
                className="min-w-36 flex-1"
                onChange={(event) => change(index, { label: event.target.value })}
              />
              <Select
                aria-label={`Kind of field ${index + 1}`}
                value={field.type}
                className="w-28"
                onChange={(event) => change(index, { type: event.target.value as FieldType })}
              >
                {Object.entries(TYPES).map(([value, label]) => (
                  <option key={value} value={value}>
                    {label}
                  </option>
                ))}
              </Select>
              <label className="flex items-center gap-1.5 text-sm">
                <input
                  type="checkbox"
                  checked={field.required}
                  onChange={(event) => change(index, { required: event.target.checked })}
                  className="size-4 accent-accent"
                />
                Required
              </label>
              <Button
                variant="ghost"
                size="icon-sm"
                aria-label={`Remove the field ${field.label}`}
                disabled={form.fields.length === 1}
                onClick={() => onChange({ fields: form.fields.filter((_, at) => at !== index) })}
              >
                <Trash2 />
              </Button>
            </div>
            {errors[`leadForm.fields.${index}.label`] && (
              <p role="alert" className="text-xs text-danger">
                {errors[`leadForm.fields.${index}.label`]}
              </p>
            )}
          </div>
        ))}
        {form.fields.length < LEAD_LIMITS.fields && (
          <Button
            size="sm"
            className="justify-self-start"
            onClick={() => onChange({ fields: [...form.fields, newField(form.fields)] })}
          >
            <Plus />
            Add a field
          </Button>
        )}
      </fieldset>
      <Field
        label="What visitors agree to"
        error={errors["leadForm.consentText"]}
        hint="Kept word for word with each lead, with the time. Name who keeps the details and what for."
      >
        {(control) => (
          <Textarea
            {...control}
            value={form.consentText}
            dir="auto"
            maxLength={LEAD_LIMITS.consentLength}
            onChange={(event) => onChange({ consentText: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

function newField(fields: LeadField[]): LeadField {
  const keys = new Set(fields.map(({ key }) => key));
  let n = fields.length + 1;
  while (keys.has(`field_${n}`)) n++;
  return { key: `field_${n}`, label: "", type: "text", required: false };
}
