"use client";

import { ListFilter } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Menu, MenuCheck, MenuItem, MenuLabel, MenuSeparator } from "@/components/ui/menu";
import type { Source } from "@/lib/agents/schema";
import type { SearchFilters } from "@/lib/knowledge/schema";

/** What a question may be searched for in. */
export interface Places {
  sources: Pick<Source, "id" | "name">[];
  /** Of the agent's pages, without countries. */
  languages: string[];
}

/** Which part of the agent's knowledge the next questions are searched for in. Visitors are always answered from all of it. */
export function SearchIn({
  places,
  filters,
  onChange,
}: {
  places: Places;
  filters: SearchFilters | null;
  onChange: (filters: SearchFilters | null) => void;
}) {
  if (places.sources.length < 2 && places.languages.length < 2) return null;
  const sourceIds = filters?.sourceIds ?? [];
  const languages = filters?.languages ?? [];
  const change = (next: { sourceIds: string[]; languages: string[] }) =>
    onChange(
      next.sourceIds.length + next.languages.length === 0
        ? null
        : { sourceIds: orNull(next.sourceIds), languages: orNull(next.languages) },
    );
  const words = filters ? shortly(filters, places) : "All sources";
  return (
    <Menu
      className="max-w-80"
      trigger={
        <Button
          variant="ghost"
          size="sm"
          aria-label={`Search in: ${words}`}
          className="min-w-0 max-w-72 max-sm:flex-1 max-sm:justify-start"
        >
          <ListFilter className={filters ? "text-accent-ink" : ""} />
          <span className="truncate">{filters ? `Only in ${words}` : words}</span>
        </Button>
      }
    >
      <Choices
        title="Search only in sources"
        all={places.sources}
        chosen={sourceIds}
        onChange={(sourceIds) => change({ languages, sourceIds })}
      />
      <Choices
        title="Search only in languages"
        all={places.languages.map((language) => ({ id: language, name: languageName.of(language) ?? language }))}
        chosen={languages}
        onChange={(languages) => change({ sourceIds, languages })}
      />
      <MenuItem disabled={!filters} onSelect={() => onChange(null)}>
        Search in all sources
      </MenuItem>
    </Menu>
  );
}

/** Nothing to choose where there is one alone. */
function Choices({
  title,
  all,
  chosen,
  onChange,
}: {
  title: string;
  all: { id: string; name: string }[];
  chosen: string[];
  onChange: (chosen: string[]) => void;
}) {
  if (all.length < 2) return null;
  return (
    <>
      <MenuLabel>{title}</MenuLabel>
      {all.map(({ id, name }) => (
        <MenuCheck key={id} checked={chosen.includes(id)} onCheckedChange={() => onChange(toggled(chosen, id))}>
          <bdi>{name}</bdi>
        </MenuCheck>
      ))}
      <MenuSeparator />
    </>
  );
}

/** Where it was searched, in full: "Help centre, Manuals; German". */
export function searchedIn({ sourceIds, languages }: SearchFilters, { sources }: Places): string {
  const names = sourceIds?.map((id) => sources.find((source) => source.id === id)?.name ?? "a source that is gone");
  return [...(names ? [names.join(", ")] : []), ...(languages ? [namesOf(languages)] : [])].join("; ");
}

const shortly = (filters: SearchFilters, places: Places): string =>
  filters.sourceIds && filters.sourceIds.length > 1
    ? [`${filters.sourceIds.length} sources`, ...(filters.languages ? [namesOf(filters.languages)] : [])].join("; ")
    : searchedIn(filters, places);

const namesOf = (languages: string[]): string => languages.map((language) => languageName.of(language)).join(", ");
const toggled = (all: string[], one: string): string[] =>
  all.includes(one) ? all.filter((other) => other !== one) : [...all, one];
const orNull = (list: string[]): string[] | null => (list.length > 0 ? list : null);

export const languageName = new Intl.DisplayNames("en", { type: "language" });
