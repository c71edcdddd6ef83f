"use client";

import { CircleCheck, FileUp, RotateCw } from "lucide-react";
import Link from "next/link";
import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { fileSize } from "@/components/ui/number";
import { Progress } from "@/components/ui/progress";
import { FILE_ENDINGS, MAX_FILES_AT_ONCE } from "@/lib/files/schema";
import { type Upload, useUploads } from "./use-uploads";

/** Drag and drop, or choose: each file goes up by itself, with its own progress and its own reason when it does not. */
export function UploadForm({
  tenant,
  agentId,
  sourceId: into,
  maxBytes,
  several,
}: {
  tenant: string;
  agentId: string;
  /** Adds to this source; otherwise the first file makes one. */
  sourceId?: string;
  maxBytes: number;
  several: boolean;
}) {
  const { uploads, sourceId, add, retry } = useUploads({ tenant, agentId, sourceId: into, maxBytes });
  const [over, setOver] = useState(false);
  const id = useId();
  const take = (list: FileList | null) => {
    const chosen = [...(list ?? [])].slice(0, several ? MAX_FILES_AT_ONCE : 1);
    if (chosen.length > 0) add(chosen);
  };
  const settled = uploads.length > 0 && uploads.every(({ state }) => state === "done" || state === "failed");
  return (
    <div className="grid gap-4">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the button in it does the same */}
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          take(event.dataTransfer.files);
        }}
        className={cn(
          "grid justify-items-center gap-2 rounded-lg border border-dashed border-line-strong px-4 py-8 text-center transition-colors",
          over && "border-accent-ink bg-accent-soft",
        )}
      >
        <FileUp className="size-5 text-ink-muted" aria-hidden="true" />
        <p className="text-sm">
          <label
            htmlFor={id}
            className="cursor-pointer font-medium text-accent-ink underline underline-offset-4 has-focus-visible:outline-2"
          >
            Choose {several ? "files" : "a file"}
            <input
              id={id}
              type="file"
              multiple={several}
              accept={FILE_ENDINGS}
              className="sr-only"
              onChange={(event) => {
                take(event.currentTarget.files);
                event.currentTarget.value = "";
              }}
            />
          </label>{" "}
          <span className="text-ink-muted max-sm:hidden">or drop {several ? "them" : "it"} here</span>
        </p>
        <p className="max-w-[52ch] text-xs text-ink-muted">
          PDF, Word, PowerPoint, Excel, CSV, HTML, Markdown, text and JSON, up to {Math.floor(maxBytes / 1024 / 1024)}{" "}
          MB each. Visitors see a file’s name and page, and can open it only if you make it public.
        </p>
      </div>
      {uploads.length > 0 && (
        <ul aria-label="Uploads" className="grid divide-y divide-line rounded-lg border border-line">
          {uploads.map((upload) => (
            <UploadRow key={upload.key} upload={upload} onRetry={() => retry(upload.key)} />
          ))}
        </ul>
      )}
      {settled && sourceId && !into && (
        <Button asChild variant="primary" className="justify-self-start">
          <Link href={`/${tenant}/agents/${agentId}/sources/${sourceId}/content`}>See what was read</Link>
        </Button>
      )}
    </div>
  );
}

const WORDS: Record<Upload["state"], string> = {
  waiting: "Waiting",
  uploading: "Uploading",
  confirming: "Uploading",
  done: "Uploaded, being read",
  failed: "Not uploaded",
};

const UploadRow = ({ upload, onRetry }: { upload: Upload; onRetry: () => void }) => (
  <li className="grid gap-1.5 px-3 py-2.5">
    <div className="flex items-center gap-3 text-sm">
      <bdi className="min-w-0 flex-1 truncate font-medium">{upload.name}</bdi>
      <span className="text-xs text-ink-muted tabular-nums">{fileSize(upload.sizeBytes)}</span>
      <span
        aria-live="polite"
        className={cn(
          "flex items-center gap-1.5 text-xs",
          upload.state === "failed" ? "text-danger" : "text-ink-muted",
        )}
      >
        {upload.state === "done" && <CircleCheck className="size-3.5 text-success" aria-hidden="true" />}
        {WORDS[upload.state]}
      </span>
      {upload.state === "failed" && upload.sizeBytes > 0 && (
        <Button variant="ghost" size="icon-sm" aria-label={`Try ${upload.name} again`} onClick={onRetry}>
          <RotateCw />
        </Button>
      )}
    </div>
    {(upload.state === "uploading" || upload.state === "confirming") && (
      <Progress percent={upload.percent} label={`Upload of ${upload.name}`} />
    )}
    {upload.reason && upload.state === "failed" && <p className="text-xs text-danger">{upload.reason}</p>}
  </li>
);
