"use client";

import { ArrowLeftRight } from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { type AgentVersion, versionName } from "@/lib/agents/schema";

/** Which two versions are compared; the address holds them. */
export function ChooseVersions({
  versions,
  from,
  to,
}: {
  versions: Pick<AgentVersion, "id" | "number" | "state">[];
  from: string;
  to: string;
}) {
  const router = useRouter();
  const path = usePathname();
  const show = (pair: { from: string; to: string }) => router.replace(`${path}?${new URLSearchParams(pair)}`);
  const options = versions.map((version) => (
    <option key={version.id} value={version.id}>
      {versionName(version)}
      {version.state === "published" && " (published)"}
    </option>
  ));
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_auto_minmax(0,1fr)] items-end gap-2 md:max-w-[640px]">
      <Field label="From">
        {(control) => (
          <Select {...control} value={from} onChange={(event) => show({ from: event.target.value, to })}>
            {options}
          </Select>
        )}
      </Field>
      <Button variant="ghost" size="icon" aria-label="Swap the two" onClick={() => show({ from: to, to: from })}>
        <ArrowLeftRight />
      </Button>
      <Field label="To">
        {(control) => (
          <Select {...control} value={to} onChange={(event) => show({ from, to: event.target.value })}>
            {options}
          </Select>
        )}
      </Field>
    </div>
  );
}
