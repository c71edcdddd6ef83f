"use client";

import { ListFilter, X } from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { OUTCOMES } from "@/components/outcome";
import { Button, Spinner } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { ConversationQuery, Facets } from "@/lib/inbox/schema";
import { filterString } from "./href";

type Name = "answer" | "rating" | "outcome" | "language" | "tag" | "channel" | "from" | "to";
const NAMES: Record<Name, string> = {
  answer: "Answers",
  rating: "Rating",
  outcome: "Ended",
  language: "Language",
  tag: "Tag",
  channel: "Where",
  from: "Began from",
  to: "Began until",
};
const CHOICES: Partial<Record<Name, Record<string, string>>> = {
  answer: { unanswered: "Not known", marked: "Not in the sources", failed: "Failed", complete: "All answered" },
  rating: { up: "Liked", down: "Disliked" },
  outcome: Object.fromEntries(Object.entries(OUTCOMES).map(([key, { label }]) => [key, label])),
  channel: { widget: "Visitors", playground: "Playground" },
};
const languages = new Intl.DisplayNames("en", { type: "language" });

/** Filters that live in the URL: what is set stands below as words that can be taken away. */
export function Filters({ query, facets }: { query: ConversationQuery; facets: Facets }) {
  const router = useRouter();
  const path = usePathname();
  const [open, setOpen] = useState(false);
  const [pending, startTransition] = useTransition();
  const set = (name: Name, value: string) => {
    const next = filterString({ ...query, page: 1, [name]: value || null });
    startTransition(() => router.replace(`${path}${next}`, { scroll: false }));
  };
  const choicesOf = (name: Name): Record<string, string> =>
    CHOICES[name] ??
    Object.fromEntries(
      name === "language"
        ? facets.languages.map((code) => [code, languages.of(code) ?? code])
        : facets.tags.map((tag) => [tag, tag]),
    );
  const active = (Object.keys(NAMES) as Name[]).filter((name) => query[name] !== null);
  return (
    <div className="grid gap-2.5">
      <div className="flex flex-wrap items-center gap-1.5">
        <Button size="sm" aria-expanded={open} aria-controls="filters" onClick={() => setOpen(!open)}>
          {pending ? <Spinner /> : <ListFilter />}
          Filter
        </Button>
        {active.map((name) => (
          <Button
            key={name}
            size="sm"
            variant="ghost"
            aria-label={`Remove the filter ${NAMES[name]}`}
            onClick={() => set(name, "")}
            className="max-w-48 bg-muted"
          >
            <bdi className="truncate">
              {name === "from" || name === "to"
                ? `${NAMES[name]} ${query[name]}`
                : (choicesOf(name)[query[name] as string] ?? query[name])}
            </bdi>
            <X />
          </Button>
        ))}
      </div>
      {open && (
        <div id="filters" className="grid grid-cols-2 gap-2.5">
          {(Object.keys(NAMES) as Name[]).map((name) =>
            name === "from" || name === "to" ? (
              <Field key={name} label={NAMES[name]}>
                {(control) => (
                  <Input
                    {...control}
                    type="date"
                    value={query[name] ?? ""}
                    onChange={(event) => set(name, event.target.value)}
                  />
                )}
              </Field>
            ) : (
              <Field key={name} label={NAMES[name]}>
                {(control) => (
                  <Select {...control} value={query[name] ?? ""} onChange={(event) => set(name, event.target.value)}>
                    <option value="">All</option>
                    {Object.entries(choicesOf(name)).map(([value, label]) => (
                      <option key={value} value={value}>
                        {label}
                      </option>
                    ))}
                  </Select>
                )}
              </Field>
            ),
          )}
        </div>
      )}
    </div>
  );
}
