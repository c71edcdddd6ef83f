import { Plus, Trash2 } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { ENGAGEMENT_LIMITS, type ProactiveRule } from "@/lib/engagement/schema";

type When = ProactiveRule["when"];

/** Messages beside the bubble, each at most once a visit: what is said, and when. */
export function ProactiveFields({
  rules,
  errors,
  onChange,
}: {
  rules: ProactiveRule[];
  errors: Record<string, string>;
  onChange: (rules: ProactiveRule[]) => void;
}) {
  const change = (index: number, patch: Partial<ProactiveRule>) =>
    onChange(rules.map((rule, at) => (at === index ? { ...rule, ...patch } : rule)));
  const when = (index: number, name: keyof When, value: string | number | undefined) => {
    const next = { ...rules[index]?.when, [name]: value };
    if (value === undefined) delete next[name];
    change(index, { when: next });
  };
  const count = (text: string) => (text === "" ? undefined : Number(text));
  return (
    <div className="grid gap-3">
      <p className="max-w-[68ch] text-xs text-ink-muted">
        Shown beside the bubble, once a visit and one at a time, and never to who has asked to save data. The first that
        fits is shown. Needs <code className="font-mono">data-load="eager"</code> in the snippet.
      </p>
      {rules.map((rule, index) => (
        <fieldset key={rule.id} className="grid gap-3 rounded-lg border border-line p-4">
          <legend className="sr-only">Message {index + 1}</legend>
          <Field label="Message" error={errors[`proactive.${index}.message`]}>
            {(control) => (
              <Textarea
                {...control}
                value={rule.message}
                dir="auto"
                maxLength={ENGAGEMENT_LIMITS.messageLength}
                onChange={(event) => change(index, { message: event.target.value })}
              />
            )}
          </Field>
          <div className="grid gap-3 sm:grid-cols-[minmax(0,1fr)_170px_150px]">
            <Field
              label="On pages like"
              optional
              error={errors[`proactive.${index}.when`] ?? errors[`proactive.${index}.when.urlPattern`]}
            >
              {(control) => (
                <Input
                  {...control}
                  value={rule.when.urlPattern ?? ""}
                  placeholder="/pricing*"
                  dir="ltr"
                  spellCheck={false}
                  onChange={(event) => when(index, "urlPattern", event.target.value || undefined)}
                />
              )}
            </Field>
            <Field label="After seconds" optional error={errors[`proactive.${index}.when.afterSeconds`]}>
              {(control) => (
                <Input
                  {...control}
                  type="number"
                  min={1}
                  max={3_600}
                  value={rule.when.afterSeconds ?? ""}
                  onChange={(event) => when(index, "afterSeconds", count(event.target.value))}
                />
              )}
            </Field>
            <Field label="Scrolled, %" optional error={errors[`proactive.${index}.when.scrollPercent`]}>
              {(control) => (
                <Input
                  {...control}
                  type="number"
                  min={1}
                  max={100}
                  value={rule.when.scrollPercent ?? ""}
                  onChange={(event) => when(index, "scrollPercent", count(event.target.value))}
                />
              )}
            </Field>
          </div>
          <Button
            size="sm"
            variant="ghost"
            className="justify-self-start"
            onClick={() => onChange(rules.filter((_, at) => at !== index))}
          >
            <Trash2 />
            Remove
          </Button>
        </fieldset>
      ))}
      {rules.length < ENGAGEMENT_LIMITS.rules && (
        <Button
          size="sm"
          className="justify-self-start"
          onClick={() => onChange([...rules, { id: newId(rules), message: "", when: { afterSeconds: 20 } }])}
        >
          <Plus />
          Add a message
        </Button>
      )}
    </div>
  );
}

function newId(rules: ProactiveRule[]): string {
  const ids = new Set(rules.map(({ id }) => id));
  let n = rules.length + 1;
  while (ids.has(`m${n}`)) n++;
  return `m${n}`;
}
