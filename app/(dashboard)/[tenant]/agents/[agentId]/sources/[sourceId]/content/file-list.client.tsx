"use client";

import { Ellipsis, RotateCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { Badge, type Tone } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { ConfirmDelete } from "@/components/ui/confirm";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { fileSize, plural } from "@/components/ui/number";
import { useAction } from "@/components/use-action";
import type { FileStatus, SourceFile } from "@/lib/files/schema";
import { deleteFile, readFileAgain, setFilePublic } from "../../add/actions";

const LOOKS: Record<FileStatus, { tone: Tone; label: string; live?: boolean }> = {
  uploading: { tone: "neutral", label: "Not uploaded" },
  queued: { tone: "neutral", label: "Queued", live: true },
  reading: { tone: "info", label: "Reading", live: true },
  ready: { tone: "success", label: "Ready" },
  failed: { tone: "danger", label: "Failed" },
  left_out: { tone: "neutral", label: "Left out" },
};

/** The files of a source: what became of each, whether visitors may open it, and what can be done with it. */
export const FileList = ({ tenant, files, mayEdit }: { tenant: string; files: SourceFile[]; mayEdit: boolean }) => (
  <ul aria-label="Files" className="grid divide-y divide-line rounded-lg border border-line">
    {files.map((file) => (
      <FileRow key={file.id} tenant={tenant} file={file} mayEdit={mayEdit} />
    ))}
  </ul>
);

function FileRow({ tenant, file, mayEdit }: { tenant: string; file: SourceFile; mayEdit: boolean }) {
  const [deleting, setDeleting] = useState(false);
  const onFailure = ({ message }: { message: string }) => toast.error(message);
  const [isPublic, setIsPublic] = useState(file.isPublic);
  const open = useAction(setFilePublic, {
    onFailure: (failure) => {
      setIsPublic(file.isPublic);
      onFailure(failure);
    },
  });
  const again = useAction(readFileAgain, { onSuccess: () => toast.success("Reading it again"), onFailure });
  const { label, ...look } = LOOKS[file.status];
  const facts = [
    fileSize(file.sizeBytes),
    file.placeCount === null
      ? null
      : plural(file.placeCount, file.kind === "pptx" ? "slide" : file.kind === "xlsx" ? "sheet" : "page"),
    file.status === "ready" ? plural(file.chunkCount, "passage") : null,
  ];
  return (
    <li className="flex items-start gap-3 px-3 py-2.5 text-sm">
      <div className="grid min-w-0 flex-1 gap-0.5">
        <bdi className="truncate font-medium">{file.name}</bdi>
        <span className="text-xs text-ink-muted tabular-nums">{facts.filter(Boolean).join(" · ")}</span>
        {file.reason && (
          <span className={`text-xs break-words ${file.status === "failed" ? "text-danger" : "text-ink-muted"}`}>
            {file.reason}
          </span>
        )}
        {file.notes.map((note) => (
          <span key={note} className="text-xs break-words text-ink-muted">
            {note}
          </span>
        ))}
      </div>
      {mayEdit && file.status === "ready" && (
        <label className="flex items-center gap-1.5 py-0.5 text-xs text-ink-muted">
          <input
            type="checkbox"
            className="accent-accent"
            checked={isPublic}
            disabled={open.pending}
            onChange={({ currentTarget: { checked } }) => {
              setIsPublic(checked);
              open.submit(tenant, { fileId: file.id, isPublic: checked });
            }}
          />
          Public
          <span className="sr-only"> {file.name}</span>
        </label>
      )}
      <Badge tone={look.tone} dot live={look.live ?? false}>
        {label}
      </Badge>
      {mayEdit && (
        <Menu
          align="end"
          trigger={
            <Button variant="ghost" size="icon-sm" aria-label={`Actions for ${file.name}`} pending={again.pending}>
              {!again.pending && <Ellipsis />}
            </Button>
          }
        >
          {file.status !== "uploading" && (
            <>
              <MenuItem onSelect={() => again.submit(tenant, { fileId: file.id })}>
                <RotateCw />
                Read again
              </MenuItem>
              <MenuSeparator />
            </>
          )}
          <MenuItem danger onSelect={() => setDeleting(true)}>
            <Trash2 />
            Delete file
          </MenuItem>
        </Menu>
      )}
      <ConfirmDelete
        open={deleting}
        onOpenChange={setDeleting}
        kind="file"
        name={file.name}
        consequences="What was read from it leaves the agent’s knowledge at once, and the file is removed. Past conversations stay."
        run={() => deleteFile(tenant, { fileId: file.id })}
        onDone={() => {
          setDeleting(false);
          toast.success("File deleted");
        }}
      />
    </li>
  );
}
