"use client";

import { X } from "lucide-react";
import { useId } from "react";
import { Select } from "@/components/ui/select";
import { LANGUAGE_CODES } from "@/lib/agents/schema";
import { languageName } from "./describe-setting";

const ALL = LANGUAGE_CODES.toSorted((x, y) => languageName(x).localeCompare(languageName(y)));

/** The languages that an agent answers in, in order: the first is for who writes another one. None: the visitor's, whichever. */
export function LanguagesField({
  value,
  error,
  onChange,
}: {
  value: string[];
  error: string | undefined;
  onChange: (value: string[]) => void;
}) {
  const id = useId();
  return (
    <fieldset className="grid gap-1.5" aria-describedby={id}>
      <legend className="mb-1.5 text-sm font-medium">Languages of answers</legend>
      {value.length > 0 && (
        <ul aria-label="Chosen languages" className="flex flex-wrap gap-1.5">
          {value.map((code, index) => (
            <li
              key={code}
              className="inline-flex h-7 items-center gap-1 rounded-md border border-line-strong pr-0.5 pl-2.5 text-sm"
            >
              {languageName(code)}
              {index === 0 && value.length > 1 && <span className="text-xs text-ink-subtle">and for all others</span>}
              <button
                type="button"
                aria-label={`Remove ${languageName(code)}`}
                className="flex size-6 items-center justify-center rounded-sm text-ink-muted hover:bg-hover hover:text-ink disabled:hidden"
                onClick={() => onChange(value.filter((other) => other !== code))}
              >
                <X className="size-3.5" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <Select
        aria-label="Add a language"
        value=""
        onChange={(event) => onChange([...value, event.target.value])}
        className="max-w-72"
      >
        <option value="">{value.length === 0 ? "The visitor’s own language" : "Add a language"}</option>
        {ALL.filter((code) => !value.includes(code)).map((code) => (
          <option key={code} value={code}>
            {value.length === 0 ? `Only ${languageName(code)}` : languageName(code)}
          </option>
        ))}
      </Select>
      {error && (
        <p role="alert" className="text-xs text-danger">
          {error}
        </p>
      )}
      <p id={id} className="max-w-[68ch] text-xs text-ink-muted">
        {value.length === 0
          ? "Whoever asks in Spanish is answered in Spanish, from pages in any language."
          : `Whoever writes another language is answered in ${languageName(value[0]!)}.`}
      </p>
    </fieldset>
  );
}
