"use client";

import { Ellipsis, ExternalLink, RefreshCw, Square, Trash2 } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { ConfirmDelete } from "@/components/ui/confirm";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { plural } from "@/components/ui/number";
import { useAction } from "@/components/use-action";
import { deleteSource, refreshSource, stopCrawl } from "../actions";

export function SourceActions({
  tenant,
  sourceId,
  name,
  url,
  pages,
  active,
  mayEdit,
  onDeleted,
}: {
  tenant: string;
  sourceId: string;
  name: string;
  url: string | null;
  pages: number;
  active: boolean;
  mayEdit: boolean;
  onDeleted?: () => void;
}) {
  const [deleting, setDeleting] = useState(false);
  const onFailure = ({ message }: { message: string }) => toast.error(message);
  const again = useAction(refreshSource, { onSuccess: () => toast.success("Reading it again"), onFailure });
  const stop = useAction(stopCrawl, { onSuccess: () => toast.success("Stopped; what is published stays"), onFailure });
  return (
    <>
      <Menu
        align="end"
        trigger={
          <Button
            variant="ghost"
            size="icon"
            aria-label={`Actions for ${name}`}
            pending={again.pending || stop.pending}
          >
            {!again.pending && !stop.pending && <Ellipsis />}
          </Button>
        }
      >
        {url && (
          <MenuItem asChild>
            <a href={url} target="_blank" rel="noreferrer">
              <ExternalLink />
              Open website
            </a>
          </MenuItem>
        )}
        {mayEdit && (
          <>
            {active ? (
              <MenuItem onSelect={() => stop.submit(tenant, { sourceId })}>
                <Square />
                Stop
              </MenuItem>
            ) : (
              <MenuItem onSelect={() => again.submit(tenant, { sourceId })}>
                <RefreshCw />
                Refresh
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
            {pages === 0 ? "What was read leaves" : `${plural(pages, "page")} ${pages === 1 ? "leaves" : "leave"}`} the
            agent’s knowledge at once, and answers no longer cite them. Past conversations stay. You can add the address
            again later.
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
