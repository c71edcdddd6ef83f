"use client";

import { Plus, X } from "lucide-react";
import { useId } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { SETTINGS_LIMITS } from "@/lib/agents/schema";

/** A short list of questions, in order. */
export function QuestionsField({
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
      <legend className="mb-1.5 text-sm font-medium">
        Suggested questions <span className="ml-1 font-normal text-ink-subtle">Optional</span>
      </legend>
      {value.map((question, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the position is what the field is
        <div key={index} className="flex gap-2">
          <Input
            aria-label={`Suggested question ${index + 1}`}
            value={question}
            maxLength={SETTINGS_LIMITS.questionLength}
            dir="auto"
            onChange={(event) => onChange(value.map((other, at) => (at === index ? event.target.value : other)))}
          />
          <Button
            variant="ghost"
            size="icon"
            aria-label={`Remove question ${index + 1}`}
            onClick={() => onChange(value.filter((_, at) => at !== index))}
          >
            <X />
          </Button>
        </div>
      ))}
      {value.length < SETTINGS_LIMITS.questions && (
        <Button size="sm" className="justify-self-start" onClick={() => onChange([...value, ""])}>
          <Plus />
          Add question
        </Button>
      )}
      {error && (
        <p role="alert" className="text-xs text-danger">
          {error}
        </p>
      )}
      <p id={id} className="text-xs text-ink-muted">
        Shown before the first message; a click asks it. At most {SETTINGS_LIMITS.questions}.
      </p>
    </fieldset>
  );
}
