"use client";

import { Columns2, X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/select";
import { type AgentVersion, versionName } from "@/lib/agents/schema";
import type { Subject } from "./ask";

export type VersionChoice = Pick<AgentVersion, "id" | "number" | "state">;

export function subjectName({ versionId, model }: Subject, versions: VersionChoice[]): string {
  const version = versions.find(({ id }) => id === versionId);
  return [version ? versionName(version) : "Published version", ...(model ? [model] : [])].join(" · ");
}

/** Which version answers, with which model, and beside which other one. A change begins a new conversation. */
export function SubjectBar({
  subjects,
  versions,
  models,
  onChange,
  children,
}: {
  subjects: Subject[];
  versions: VersionChoice[];
  models: string[];
  onChange: (subjects: Subject[]) => void;
  /** What holds for both sides. */
  children: ReactNode;
}) {
  const isComparing = subjects.length > 1;
  /** What is worth comparing with: what visitors get, or else the version before it. */
  const other = () => {
    const published = versions.find(({ state }) => state === "published");
    const next = published?.id === subjects[0]!.versionId ? versions.find(({ id }) => id !== published.id) : published;
    return { versionId: (next ?? versions[0]!).id, model: null };
  };
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2 sm:px-6">
      {subjects.map((subject, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the side is what it is
        <div key={index} className="flex min-w-0 items-center gap-2 max-sm:w-full sm:flex-wrap">
          {index === 1 && <span className="text-xs text-ink-muted">beside</span>}
          <SubjectSelects
            side={isComparing ? (index === 0 ? "left" : "right") : null}
            subject={subject}
            versions={versions}
            models={models}
            onChange={(changed) => onChange(subjects.map((old, at) => (at === index ? changed : old)))}
          />
        </div>
      ))}
      {children}
      {isComparing ? (
        <Button variant="ghost" size="sm" className="ml-auto" onClick={() => onChange(subjects.slice(0, 1))}>
          <X />
          Stop comparing
        </Button>
      ) : (
        (versions.length > 1 || models.length > 1) && (
          <Button variant="ghost" size="sm" className="ml-auto" onClick={() => onChange([subjects[0]!, other()])}>
            <Columns2 />
            Compare
          </Button>
        )
      )}
    </div>
  );
}

function SubjectSelects({
  side,
  subject,
  versions,
  models,
  onChange,
}: {
  side: "left" | "right" | null;
  subject: Subject;
  versions: VersionChoice[];
  models: string[];
  onChange: (subject: Subject) => void;
}) {
  const which = side ? `, ${side} side` : "";
  return (
    <>
      <Select
        aria-label={`Version${which}`}
        value={subject.versionId ?? ""}
        onChange={(event) => onChange({ ...subject, versionId: event.target.value })}
        className="w-auto max-w-48 max-sm:min-w-0 max-sm:flex-1"
      >
        {versions.map((version) => (
          <option key={version.id} value={version.id}>
            {versionName(version)}
            {version.state === "published" && " (published)"}
          </option>
        ))}
      </Select>
      {models.length > 1 && (
        <Select
          aria-label={`Model${which}`}
          value={subject.model ?? ""}
          onChange={(event) => onChange({ ...subject, model: event.target.value || null })}
          className="w-auto max-w-56 max-sm:min-w-0 max-sm:flex-1"
        >
          <option value="">Its own model</option>
          {models.map((model) => (
            <option key={model} value={model}>
              {model}
            </option>
          ))}
        </Select>
      )}
    </>
  );
}
