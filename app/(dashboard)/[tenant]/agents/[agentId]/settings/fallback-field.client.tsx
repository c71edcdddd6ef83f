"use client";

import { X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { type AgentSettings, fallbackIn, LANGUAGE_CODES, SETTINGS_LIMITS } from "@/lib/agents/schema";
import { languageName } from "./describe-setting";

type Fallback = Pick<AgentSettings, "fallbackMessage" | "fallbackMessages">;

const ALL = LANGUAGE_CODES.toSorted((x, y) => languageName(x).localeCompare(languageName(y)));

/** What the agent says when it does not know: once for all, and in the words of each language that somebody wrote it in. */
export function FallbackField({
  value,
  languages,
  errors,
  onChange,
}: {
  value: Fallback;
  /** Of answers; none: the visitor's, whichever. */
  languages: string[];
  errors: Record<string, string>;
  onChange: (patch: Partial<Fallback>) => void;
}) {
  const { fallbackMessage, fallbackMessages } = value;
  const shown = [...new Set([...(languages.length > 1 ? languages : []), ...Object.keys(fallbackMessages)])];
  const write = (code: string, message: string) =>
    onChange({ fallbackMessages: { ...fallbackMessages, [code]: message } });
  const remove = (code: string) => {
    const { [code]: _gone, ...others } = fallbackMessages;
    onChange({ fallbackMessages: others });
  };
  return (
    <div className="grid gap-3">
      <Field
        label="When it does not know"
        error={errors.fallbackMessage}
        hint={
          shown.length > 0
            ? "Said instead of a guess, in every language without words of its own below. Tell people where to turn."
            : "Said instead of a guess. Tell people where to turn."
        }
      >
        {(control) => (
          <Textarea
            {...control}
            value={fallbackMessage}
            maxLength={SETTINGS_LIMITS.fallbackLength}
            dir="auto"
            onChange={(event) => onChange({ fallbackMessage: event.target.value })}
          />
        )}
      </Field>
      {shown.map((code) => (
        <Field
          key={code}
          className="border-l-2 border-line pl-3"
          label={
            <>
              <span className="sr-only">When it does not know, in </span>
              {languageName(code)}
            </>
          }
          error={errors[`fallbackMessages.${code}`]}
          hint={
            languages.length > 0 && !languages.includes(code)
              ? "Not said: the agent does not answer in this language."
              : fallbackMessages[code]
                ? undefined
                : "Empty: what stands in grey is said."
          }
          aside={
            Object.hasOwn(fallbackMessages, code) && (
              <Button
                variant="ghost"
                size="icon-sm"
                className="-my-1"
                aria-label={`Remove the words in ${languageName(code)}`}
                onClick={() => remove(code)}
              >
                <X />
              </Button>
            )
          }
        >
          {(control) => (
            <Textarea
              {...control}
              lang={code}
              value={fallbackMessages[code] ?? ""}
              placeholder={fallbackIn({ fallbackMessage, fallbackMessages: {} }, code)}
              maxLength={SETTINGS_LIMITS.fallbackLength}
              dir="auto"
              onChange={(event) => write(code, event.target.value)}
            />
          )}
        </Field>
      ))}
      {languages.length === 0 && (
        <Select
          aria-label="Say it in another language"
          value=""
          onChange={(event) => write(event.target.value, "")}
          className="max-w-72"
        >
          <option value="">Say it in another language</option>
          {ALL.filter((code) => !shown.includes(code)).map((code) => (
            <option key={code} value={code}>
              {languageName(code)}
            </option>
          ))}
        </Select>
      )}
    </div>
  );
}
