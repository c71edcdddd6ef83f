"use client";

import { Ellipsis, ExternalLink, Files, Pause, Play, RefreshCw, Settings, Square, Trash2 } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { ConfirmDelete } from "@/components/ui/confirm";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { plural } from "@/components/ui/number";
import { useAction } from "@/components/use-action";
import { isActive, type Source } from "@/lib/agents/schema";
import { isCrawled } from "@/lib/crawl/schema";
import { deleteSource, pauseCrawl, refreshSource, resumeCrawl, stopCrawl } from "../actions";

/** What can be done with a source, from the list and on its own page. */
export function SourceActions({
  tenant,
  source,
  base,
  mayEdit,
  onDeleted,
}: {
  tenant: string;
  source: Source;
  /** The source's own page. */
  base: string;
  mayEdit: boolean;
  onDeleted?: () => void;
}) {
  const [deleting, setDeleting] = useState(false);
  const done = (message: string) => ({
    onSuccess: () => void toast.success(message),
    onFailure: (failure: { message: string }) => void toast.error(failure.message),
  });
  const again = useAction(refreshSource, done("Reading it again"));
  const pause = useAction(pauseCrawl, done("Paused"));
  const resume = useAction(resumeCrawl, done("Going on"));
  const stop = useAction(stopCrawl, done("Stopped; what is published stays"));
  const pending = [again, pause, resume, stop].some((action) => action.pending);
  const active = source.run !== null && isActive(source.run);
  const { id: sourceId, name, livePages } = source;
  return (
    <>
      <Menu
        align="end"
        trigger={
          <Button variant="ghost" size="icon" aria-label={`Actions for ${name}`} pending={pending}>
            {!pending && <Ellipsis />}
          </Button>
        }
      >
        {source.url && (
          <MenuItem asChild>
            <a href={source.url} target="_blank" rel="noreferrer">
              <ExternalLink />
              Open {source.kind === "sitemap" ? "sitemap" : "website"}
            </a>
          </MenuItem>
        )}
        <MenuItem asChild>
          {isCrawled(source.kind) ? (
            <Link href={`${base}/settings`}>
              <Settings />
              Schedule and patterns
            </Link>
          ) : (
            <Link href={`${base}/content`}>
              <Files />
              See and change contents
            </Link>
          )}
        </MenuItem>
        {mayEdit && (
          <>
            {isCrawled(source.kind) && !active && (
              <MenuItem onSelect={() => again.submit(tenant, { sourceId })}>
                <RefreshCw />
                Refresh
              </MenuItem>
            )}
            {active &&
              (source.run?.status === "paused" ? (
                <MenuItem onSelect={() => resume.submit(tenant, { sourceId })}>
                  <Play />
                  Resume
                </MenuItem>
              ) : (
                <MenuItem onSelect={() => pause.submit(tenant, { sourceId })}>
                  <Pause />
                  Pause
                </MenuItem>
              ))}
            {active && (
              <MenuItem onSelect={() => stop.submit(tenant, { sourceId })}>
                <Square />
                Stop
              </MenuItem>
            )}
            <MenuSeparator />
            <MenuItem danger onSelect={() => setDeleting(true)}>
              <Trash2 />
              Delete source
            </MenuItem>
          </>
        )}
      </Menu>
      <ConfirmDelete
        open={deleting}
        onOpenChange={setDeleting}
        kind="source"
        name={name}
        consequences={
          <>
            {livePages === 0
              ? "What was read leaves"
              : `${plural(livePages, "page")}, with all passages made from ${livePages === 1 ? "it" : "them"}, ${livePages === 1 ? "leaves" : "leave"}`}{" "}
            the agent’s knowledge at once, and so do its settings and the history of its crawls. Answers no longer cite
            it; past conversations stay. You can add it again later.
          </>
        }
        run={() => deleteSource(tenant, { sourceId })}
        onDone={() => {
          setDeleting(false);
          toast.success("Source deleted");
          onDeleted?.();
        }}
      />
    </>
  );
}
