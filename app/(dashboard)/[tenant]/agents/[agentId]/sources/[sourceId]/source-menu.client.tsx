"use client";

import { useRouter } from "next/navigation";
import type { Source } from "@/lib/agents/schema";
import { SourceActions } from "../source-actions.client";

/** The source's actions on its own page, which is left when the source is deleted. */
export function SourceMenu({
  tenant,
  source,
  mayEdit,
  back,
}: {
  tenant: string;
  source: Source;
  mayEdit: boolean;
  back: string;
}) {
  const router = useRouter();
  return (
    <SourceActions
      tenant={tenant}
      source={source}
      base={`${back}/${source.id}`}
      mayEdit={mayEdit}
      onDeleted={() => router.replace(back)}
    />
  );
}
