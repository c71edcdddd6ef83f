"use client";

import { Plus, X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { type OfficeHours, SETTINGS_LIMITS } from "@/lib/agents/schema";
import { DAYS } from "./describe-setting";

const WORKDAY = [{ from: "09:00", to: "17:00" }];
const ZONES = Intl.supportedValuesOf("timeZone");

const newHours = (): OfficeHours => ({
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  week: DAYS.map((_, day) => (day < 5 ? [...WORKDAY] : [])),
  note: "We are back on the next working day.",
});

/** When people are there. The agent itself answers at any time. */
export function HoursField({
  value,
  errors,
  onChange,
}: {
  value: OfficeHours | null;
  errors: Record<string, string>;
  onChange: (value: OfficeHours | null) => void;
}) {
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-1.5 text-sm font-medium">Opening hours</legend>
      <label className="flex items-start gap-2 text-sm">
        <input
          type="checkbox"
          className="mt-0.5 size-4 accent-accent"
          checked={value !== null}
          onChange={(event) => onChange(event.target.checked ? newHours() : null)}
        />
        <span className="grid">
          Our team has opening hours
          <span className="text-xs text-ink-muted">
            The agent answers around the clock. Hours say whether a person can join now.
          </span>
        </span>
      </label>
      {value && <Week value={value} errors={errors} onChange={onChange} />}
    </fieldset>
  );
}

function Week({
  value,
  errors,
  onChange,
}: {
  value: OfficeHours;
  errors: Record<string, string>;
  onChange: (value: OfficeHours) => void;
}) {
  const setDay = (day: number, spans: OfficeHours["week"][number]) =>
    onChange({ ...value, week: value.week.map((old, at) => (at === day ? spans : old)) });
  const zones = ZONES.includes(value.timeZone) ? ZONES : [value.timeZone, ...ZONES];
  return (
    <div className="grid gap-4 rounded-lg border border-line p-3 sm:p-4">
      <Field label="Time zone" error={errors["hours.timeZone"]}>
        {(control) => (
          <Select
            {...control}
            value={value.timeZone}
            onChange={(event) => onChange({ ...value, timeZone: event.target.value })}
            className="max-w-72"
          >
            {zones.map((zone) => (
              <option key={zone} value={zone}>
                {zone.replaceAll("_", " ")}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <ul className="grid gap-2">
        {DAYS.map((name, day) => (
          <li key={name} className="grid gap-1 sm:grid-cols-[96px_minmax(0,1fr)]">
            <span className="flex h-8 items-center text-sm">{name}</span>
            <Day
              name={name}
              spans={value.week[day]!}
              error={Object.entries(errors).find(([path]) => path.startsWith(`hours.week.${day}`))?.[1]}
              onChange={(spans) => setDay(day, spans)}
            />
          </li>
        ))}
      </ul>
      <Field label="Said while closed" optional error={errors["hours.note"]}>
        {(control) => (
          <Input
            {...control}
            value={value.note}
            maxLength={SETTINGS_LIMITS.hoursNoteLength}
            dir="auto"
            onChange={(event) => onChange({ ...value, note: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

function Day({
  name,
  spans,
  error,
  onChange,
}: {
  name: string;
  spans: OfficeHours["week"][number];
  error: string | undefined;
  onChange: (spans: OfficeHours["week"][number]) => void;
}) {
  const set = (at: number, change: Partial<(typeof spans)[number]>) =>
    onChange(spans.map((span, index) => (index === at ? { ...span, ...change } : span)));
  return (
    <div className="grid gap-1.5">
      {spans.map((span, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the position is what the field is
        <div key={at} className="flex items-center gap-1.5">
          <Input
            type="time"
            aria-label={`${name}, opens`}
            value={span.from}
            onChange={(event) => set(at, { from: event.target.value })}
            className="w-28 max-sm:w-auto max-sm:min-w-0 max-sm:flex-1 max-sm:px-1.5"
          />
          <span className="text-ink-muted">to</span>
          <Input
            type="time"
            aria-label={`${name}, closes`}
            value={span.to === "24:00" ? "00:00" : span.to}
            onChange={(event) => set(at, { to: event.target.value === "00:00" ? "24:00" : event.target.value })}
            className="w-28 max-sm:w-auto max-sm:min-w-0 max-sm:flex-1 max-sm:px-1.5"
          />
          <Button
            variant="ghost"
            size="icon"
            aria-label={`Remove ${span.from} to ${span.to} on ${name}`}
            onClick={() => onChange(spans.filter((_, index) => index !== at))}
          >
            <X />
          </Button>
        </div>
      ))}
      {spans.length < SETTINGS_LIMITS.spansADay && (
        <div className="flex min-h-8 items-center gap-3">
          {spans.length === 0 && <span className="text-sm text-ink-subtle">Closed</span>}
          <Button
            variant="ghost"
            size="sm"
            className="-ml-2.5 text-ink-muted"
            onClick={() => onChange([...spans, ...(spans.length === 0 ? WORKDAY : [{ from: "18:00", to: "20:00" }])])}
          >
            <Plus />
            <span aria-hidden="true">Add time</span>
            <span className="sr-only">Add time on {name}</span>
          </Button>
        </div>
      )}
      {error && (
        <p role="alert" className="text-xs text-danger">
          {error}
        </p>
      )}
    </div>
  );
}
