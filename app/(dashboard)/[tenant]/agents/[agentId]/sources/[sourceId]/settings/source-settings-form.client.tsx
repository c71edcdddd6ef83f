"use client";

import { useState } from "react";
import { toast } from "sonner";
import { SaveBar } from "@/components/save-bar";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { SwitchField } from "@/components/ui/switch";
import { RelativeTime } from "@/components/ui/time";
import { useAction } from "@/components/use-action";
import type { Source } from "@/lib/agents/schema";
import type { RefreshSchedule } from "@/lib/crawl/schema";
import { refreshSource, updateSource } from "../../../actions";
import { PatternPreview } from "./pattern-preview.client";

const SCHEDULES: { value: RefreshSchedule; label: string; hint: string }[] = [
  { value: "off", label: "Only when asked", hint: "With the Refresh button." },
  { value: "daily", label: "Every day", hint: "For prices, stock and news." },
  { value: "weekly", label: "Every week", hint: "For most help centres." },
  { value: "monthly", label: "Every month", hint: "For texts that seldom change." },
];

/** A list as it is typed: a line each. */
const lines = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

const draftOf = (source: Source) => ({
  name: source.name,
  maxPages: String(source.maxPages),
  maxDepth: String(source.maxDepth),
  include: source.includePatterns.join("\n"),
  exclude: source.excludePatterns.join("\n"),
  refreshSchedule: source.refreshSchedule,
  readDocuments: source.readDocuments,
});

export function SourceSettingsForm({ tenant, source, mayEdit }: { tenant: string; source: Source; mayEdit: boolean }) {
  const [saved, setSaved] = useState(() => draftOf(source));
  const [draft, setDraft] = useState(saved);
  const set = (patch: Partial<typeof draft>) => setDraft((previous) => ({ ...previous, ...patch }));
  const dirty = JSON.stringify(draft) !== JSON.stringify(saved);
  const again = useAction(refreshSource, {
    onSuccess: () => toast.success("Reading it again"),
    onFailure: ({ message }) => toast.error(message),
  });
  const { submit, pending, failure, reset } = useAction(updateSource, {
    onSuccess: () => {
      setSaved(draft);
      toast.success("Settings saved", {
        description: "They count from the next crawl on.",
        action: { label: "Refresh now", onClick: () => again.submit(tenant, { sourceId: source.id }) },
      });
    },
  });
  const errors = failure?.fieldErrors ?? {};
  const errorUnder = (name: string) => Object.entries(errors).find(([path]) => path.split(".")[0] === name)?.[1];
  const followsLinks = source.kind === "website";

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit(tenant, {
          sourceId: source.id,
          name: draft.name,
          maxPages: draft.maxPages,
          maxDepth: draft.maxDepth,
          includePatterns: lines(draft.include),
          excludePatterns: lines(draft.exclude),
          refreshSchedule: draft.refreshSchedule,
          readDocuments: draft.readDocuments,
        });
      }}
    >
      <fieldset disabled={!mayEdit} className="grid gap-8">
        <section aria-labelledby="refresh" className="grid max-w-[640px] gap-4">
          <h2 id="refresh" className="font-semibold">
            Refresh
          </h2>
          <fieldset className="grid gap-2 sm:grid-cols-2">
            <legend className="sr-only">Read it again</legend>
            {SCHEDULES.map(({ value, label, hint }) => (
              <label
                key={value}
                className="flex cursor-pointer gap-2.5 rounded-md border border-line-strong p-3 has-checked:border-accent-ink has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent-ink"
              >
                <input
                  type="radio"
                  name="refreshSchedule"
                  value={value}
                  checked={draft.refreshSchedule === value}
                  onChange={() => set({ refreshSchedule: value })}
                  className="mt-0.5 size-4 shrink-0 accent-(--accent) outline-none"
                />
                <span className="grid">
                  <span className="font-medium">{label}</span>
                  <span className="text-xs text-ink-muted">{hint}</span>
                </span>
              </label>
            ))}
          </fieldset>
          <p className="text-xs text-ink-muted">
            {source.nextRunAt ? (
              <>
                Next time <RelativeTime at={source.nextRunAt} />. Pages that did not change cost the site almost
                nothing.
              </>
            ) : (
              "Pages that did not change cost the site almost nothing."
            )}
          </p>
        </section>

        <section aria-labelledby="which" className="grid gap-4">
          <h2 id="which" className="font-semibold">
            Which pages
          </h2>
          <div className="grid items-start gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,640px)_minmax(0,1fr)]">
            <div className="grid gap-5">
              <Field
                label="Read only"
                optional
                error={errorUnder("includePatterns")}
                hint="A pattern a line. /help is the page and all below it; * is anything. Empty: everything on the site."
              >
                {(control) => (
                  <Patterns control={control} value={draft.include} onChange={(include) => set({ include })} />
                )}
              </Field>
              <Field
                label="Leave out"
                optional
                error={errorUnder("excludePatterns")}
                hint="Outweighs the list above. For example /blog, *.pdf or *?print=*."
              >
                {(control) => (
                  <Patterns control={control} value={draft.exclude} onChange={(exclude) => set({ exclude })} />
                )}
              </Field>
              <SwitchField
                label="Read linked documents"
                hint="PDF, Word, PowerPoint, Excel and CSV, under the same patterns and limits. When it is turned off, what was read of them goes with the next crawl."
                checked={draft.readDocuments}
                onChange={(readDocuments) => set({ readDocuments })}
                disabled={!mayEdit}
              />
            </div>
            <PatternPreview
              tenant={tenant}
              sourceId={source.id}
              includePatterns={lines(draft.include)}
              excludePatterns={lines(draft.exclude)}
            />
          </div>
        </section>

        <section aria-labelledby="limits" className="grid max-w-[640px] gap-4">
          <h2 id="limits" className="font-semibold">
            Name and limits
          </h2>
          <Field label="Name" error={errors.name} hint="Only members see it.">
            {(control) => (
              <Input
                {...control}
                value={draft.name}
                dir="auto"
                maxLength={200}
                onChange={(event) => set({ name: event.target.value })}
              />
            )}
          </Field>
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label="Page limit" error={errors.maxPages} hint="A crawl stops after this many pages.">
              {(control) => (
                <Input
                  {...control}
                  inputMode="numeric"
                  value={draft.maxPages}
                  onChange={(event) => set({ maxPages: event.target.value })}
                />
              )}
            </Field>
            {followsLinks && (
              <Field label="Depth" error={errors.maxDepth} hint="Clicks from the start page.">
                {(control) => (
                  <Input
                    {...control}
                    inputMode="numeric"
                    value={draft.maxDepth}
                    onChange={(event) => set({ maxDepth: event.target.value })}
                  />
                )}
              </Field>
            )}
          </div>
        </section>
        {mayEdit && (
          <SaveBar
            dirty={dirty}
            pending={pending}
            problem={failure?.message}
            onDiscard={() => {
              setDraft(saved);
              reset();
            }}
          />
        )}
      </fieldset>
    </form>
  );
}

const Patterns = ({
  control,
  value,
  onChange,
}: {
  control: object;
  value: string;
  onChange: (value: string) => void;
}) => (
  <Textarea
    {...control}
    value={value}
    dir="ltr"
    spellCheck={false}
    autoCapitalize="none"
    autoCorrect="off"
    className="min-h-20 font-mono text-xs"
    onChange={(event) => onChange(event.target.value)}
  />
);
