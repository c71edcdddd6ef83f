"use client";

import { shownAccent } from "@/components/color";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

const COLORS = ["#0f6b5c", "#1d4ed8", "#6d28d9", "#be185d", "#b91c1c", "#b45309", "#17171a"];

export const isColor = (text: string): boolean => /^#[0-9a-f]{6}$/.test(text);

/** The agent's colour, and what visitors will see of it where text on it could not be read. */
export function ColorField({
  value,
  error,
  onChange,
}: {
  value: string;
  error?: string | undefined;
  onChange: (color: string) => void;
}) {
  const shown = isColor(value) ? shownAccent(value) : null;
  return (
    <Field label="Accent colour" error={error}>
      {(control) => (
        <>
          <div className="flex flex-wrap items-center gap-2">
            <input
              type="color"
              aria-label="Pick a colour"
              value={isColor(value) ? value : "#000000"}
              onChange={(event) => onChange(event.target.value)}
              className="size-8 cursor-pointer rounded-md border border-line-strong bg-surface p-1"
            />
            <Input
              {...control}
              value={value}
              spellCheck={false}
              dir="ltr"
              onChange={(event) => onChange(event.target.value.trim().toLowerCase())}
              className="w-26 font-mono text-xs"
            />
            {COLORS.map((color) => (
              <button
                key={color}
                type="button"
                aria-label={`Colour ${color}`}
                aria-pressed={value === color}
                onClick={() => onChange(color)}
                className="size-6 rounded-full border border-line-strong ring-offset-2 ring-offset-surface aria-pressed:ring-2 aria-pressed:ring-ink"
                style={{ background: color }}
              />
            ))}
          </div>
          {shown && shown.accent !== value && (
            <p role="note" className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-ink-muted">
              White text on this colour cannot be read well, so visitors see it darker:
              <span className="inline-flex items-center gap-1.5">
                <span
                  aria-hidden="true"
                  className="inline-flex h-5 items-center rounded-sm px-1.5 font-medium"
                  style={{ background: shown.accent, color: shown.text }}
                >
                  Aa
                </span>
                <code className="font-mono">{shown.accent}</code>
              </span>
            </p>
          )}
        </>
      )}
    </Field>
  );
}
