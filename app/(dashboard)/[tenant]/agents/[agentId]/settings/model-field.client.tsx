"use client";

import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { MODEL_TIERS } from "@/lib/agents/schema";
import { TIER_NAMES } from "./describe-setting";

export interface ChatModelChoice {
  /** provider/model */
  model: string;
  tier: string | null;
  /** Micro-dollars per million tokens; 0 for both: not known, or free. */
  inputPrice: number;
  outputPrice: number;
}

/** Which model writes the answers. */
export function ModelField({
  value,
  choices,
  error,
  onChange,
}: {
  value: string | null;
  /** What this installation has keys for, its own first. */
  choices: ChatModelChoice[];
  error: string | undefined;
  onChange: (value: string | null) => void;
}) {
  const own = choices[0];
  const tiers = MODEL_TIERS.filter((tier) => choices.some((choice) => choice.tier === tier));
  const isKnown =
    value === null || tiers.some((tier) => tier === value) || choices.some(({ model }) => model === value);
  return (
    <Field
      label="Model"
      error={error}
      hint={
        isKnown
          ? undefined
          : "This model has no key here any more, so answers come from this installation’s own. Choose another one."
      }
    >
      {(control) => (
        <Select {...control} value={value ?? ""} onChange={(event) => onChange(event.target.value || null)}>
          <option value="">This installation’s own{own && ` (${own.model})`}</option>
          {tiers.length > 0 && (
            <optgroup label="By size">
              {tiers.map((tier) => (
                <option key={tier} value={tier}>
                  {TIER_NAMES[tier]}
                </option>
              ))}
            </optgroup>
          )}
          <optgroup label="By name">
            {!isKnown && <option value={value}>{value} (not available)</option>}
            {choices.map((choice) => (
              <option key={choice.model} value={choice.model}>
                {choice.model} ({price(choice)})
              </option>
            ))}
          </optgroup>
        </Select>
      )}
    </Field>
  );
}

const price = ({ model, inputPrice, outputPrice }: ChatModelChoice): string =>
  inputPrice + outputPrice > 0
    ? `$${inputPrice / 1_000_000} in, $${outputPrice / 1_000_000} out per million tokens`
    : model.startsWith("local/")
      ? "free, quotes your pages"
      : "price not known here";
