import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SETTINGS_LIMITS } from "@/lib/agents/schema";

/** Asked of who publishes what the evaluation does not allow. */
export const OverrideField = ({ value, onChange }: { value: string; onChange: (value: string) => void }) => (
  <Field
    label="Why publish it anyway"
    hint="Stands in the list of versions for good, with your name and what the evaluation did not reach."
  >
    {(control) => (
      <Input
        {...control}
        dir="auto"
        required
        autoFocus
        maxLength={SETTINGS_LIMITS.noteLength}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        placeholder="The old prices are wrong, and the test set expects them"
      />
    )}
  </Field>
);
