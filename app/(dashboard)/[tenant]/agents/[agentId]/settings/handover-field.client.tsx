"use client";

import { useState } from "react";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { type HandoverRules, SETTINGS_LIMITS } from "@/lib/agents/schema";

/** When a visitor is offered a person. */
export function HandoverField({
  value,
  error,
  onChange,
}: {
  value: HandoverRules;
  error: string | undefined;
  onChange: (value: HandoverRules) => void;
}) {
  // As typed: a comma that was just written must not vanish.
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-1.5 text-sm font-medium">Hand-over to a person</legend>
      <p className="-mt-2 max-w-[68ch] text-xs text-ink-muted">
        Only while “Visitors may ask for a person” is on under Engagement.
      </p>
      <Check
        label="When the visitor asks for one"
        checked={value.onRequest}
        onChange={(onRequest) => onChange({ ...value, onRequest })}
      />
      <Check
        label="When the agent does not know"
        checked={value.onLowConfidence}
        onChange={(onLowConfidence) => onChange({ ...value, onLowConfidence })}
      />
      <Field
        label="When a message holds one of these words"
        optional
        error={error}
        hint={`Words or phrases, parted by commas, for example: cancel, refund, complaint. At most ${SETTINGS_LIMITS.keywords}.`}
      >
        {(control) => (
          <Input
            {...control}
            value={typed ?? value.keywords.join(", ")}
            dir="auto"
            onChange={(event) => {
              setTyped(event.target.value);
              const keywords = event.target.value.split(",").map((word) => word.trim());
              onChange({ ...value, keywords: [...new Set(keywords.filter(Boolean))] });
            }}
            onBlur={() => setTyped(null)}
          />
        )}
      </Field>
    </fieldset>
  );
}

const Check = ({
  label,
  checked,
  onChange,
}: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) => (
  <label className="flex items-center gap-2 text-sm">
    <input
      type="checkbox"
      className="size-4 accent-accent"
      checked={checked}
      onChange={(event) => onChange(event.target.checked)}
    />
    {label}
  </label>
);
