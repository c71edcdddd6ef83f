"use client";

import { History } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { plural } from "@/components/ui/number";
import { RelativeTime } from "@/components/ui/time";
import { useAction } from "@/components/use-action";
import type { AgentVersion } from "@/lib/agents/schema";
import type { Gate } from "@/lib/evaluation/schema";
import { discardDraft } from "./actions";
import { PublishDialog } from "./publish-dialog.client";

/** What visitors get, and what waits to be published. */
export function VersionBar({
  tenant,
  base,
  agentId,
  published,
  draft,
  changes,
  gate,
  playground,
  mayEdit,
}: {
  tenant: string;
  /** The agent's address. */
  base: string;
  agentId: string;
  published: AgentVersion;
  draft: AgentVersion | null;
  /** Settings in which the draft differs. */
  changes: number;
  gate: Gate;
  playground: boolean;
  mayEdit: boolean;
}) {
  const [publishing, setPublishing] = useState(false);
  const discard = useAction(discardDraft, {
    onSuccess: () => toast.success("Draft discarded"),
    onFailure: ({ message }) => toast.error(message),
  });
  const versions = `${base}/settings/versions`;
  return (
    <section
      aria-label="Versions"
      className={`flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-lg border px-4 py-3 ${draft ? "border-transparent bg-warning-soft" : "border-line"}`}
    >
      <div className="grid min-w-0">
        <p className="font-medium">{draft ? "Unpublished changes" : `Version ${published.number} is published`}</p>
        <p className="text-xs text-ink-muted">
          {draft ? (
            <>
              {plural(changes, "setting")} unlike version {published.number}, saved{" "}
              <RelativeTime at={draft.updatedAt} />
              {draft.author && <bdi> by {draft.author}</bdi>}
            </>
          ) : (
            <>
              Visitors get it since <RelativeTime at={published.publishedAt!} />. Changes are kept as a draft first.
            </>
          )}
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        {draft && mayEdit && (
          <Button
            variant="ghost"
            pending={discard.pending}
            onClick={() => discard.submit(tenant, { agentId, seen: draft.updatedAt })}
          >
            Discard
          </Button>
        )}
        {draft && playground && (
          <Button asChild>
            <Link href={`${base}/playground?version=${draft.id}`}>Try</Link>
          </Button>
        )}
        {draft ? (
          <Button asChild>
            <Link href={`${versions}/compare?from=${published.id}&to=${draft.id}`}>Compare</Link>
          </Button>
        ) : (
          <Button asChild>
            <Link href={versions}>
              <History />
              Versions
            </Link>
          </Button>
        )}
        {draft && mayEdit && (
          <>
            <Button variant="primary" onClick={() => setPublishing(true)}>
              Publish
            </Button>
            <PublishDialog
              tenant={tenant}
              agentId={agentId}
              evaluation={`${base}/evaluation`}
              seen={draft.updatedAt}
              next={published.number! + 1}
              gate={gate}
              open={publishing}
              onOpenChange={setPublishing}
            />
          </>
        )}
      </div>
    </section>
  );
}
