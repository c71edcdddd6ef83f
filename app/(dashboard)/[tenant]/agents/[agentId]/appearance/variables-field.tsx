"use client";

import { contrast } from "@/components/color";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { VARIABLES, type VariableName, type WidgetSettings } from "@/lib/embed/schema";

type Variables = WidgetSettings["variables"];
const NAMES = Object.keys(VARIABLES) as VariableName[];
const READABLE = 4.5;

/** The widget's CSS variables. Empty means what the widget does by itself. */
export function VariablesField({
  value,
  errors,
  onChange,
}: {
  value: Variables;
  errors: Record<string, string>;
  onChange: (variables: Variables) => void;
}) {
  const { surface, ink } = value;
  const ratio =
    surface && ink && /^#[0-9a-f]{6}$/i.test(surface) && /^#[0-9a-f]{6}$/i.test(ink) ? contrast(surface, ink) : null;
  return (
    <details className="group rounded-lg border border-line" open={Object.keys(errors).length > 0 || undefined}>
      <summary className="cursor-pointer rounded-lg px-3 py-2.5 text-sm font-medium">
        CSS variables
        {Object.keys(value).length > 0 && (
          <span className="ml-2 font-normal text-ink-subtle">{Object.keys(value).length} set</span>
        )}
      </summary>
      <div className="grid gap-4 border-t border-line p-3 sm:grid-cols-2">
        {NAMES.map((name) => (
          <Field
            key={name}
            label={<code className="font-mono text-xs">--alonchat-{name}</code>}
            error={errors[`variables.${name}`]}
            hint={VARIABLES[name].hint}
          >
            {(control) => (
              <Input
                {...control}
                value={value[name] ?? ""}
                spellCheck={false}
                autoCapitalize="none"
                dir="ltr"
                className="font-mono text-xs"
                onChange={(event) => {
                  const { [name]: _old, ...others } = value;
                  const text = event.target.value;
                  onChange(text ? { ...others, [name]: text } : others);
                }}
              />
            )}
          </Field>
        ))}
        {ratio !== null && ratio < READABLE && (
          <p role="note" className="text-xs text-warning sm:col-span-2">
            Text of {ink} on {surface} has a contrast of {ratio.toFixed(1)} to 1. Below 4.5 many people cannot read it.
          </p>
        )}
      </div>
    </details>
  );
}
