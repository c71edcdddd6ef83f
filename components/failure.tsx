"use client";

import type { ReactNode } from "react";
import { Button } from "./ui/button";
import { CopyButton } from "./ui/copy-button";

/** A page that could not be shown: what happened, what to do, and the id that support can look up. */
export function Failure({
  error,
  retry,
  title = "This page could not be shown",
  action,
}: {
  error: unknown;
  retry: () => void;
  title?: string;
  action?: ReactNode;
}) {
  const digest = error instanceof Error && "digest" in error ? String(error.digest) : null;
  return (
    <div role="alert" className="mx-auto grid max-w-md gap-4 px-6 py-24">
      <title>Something went wrong · AlonChat</title>
      <div className="grid gap-1">
        <h1 className="text-lg font-semibold">{title}</h1>
        <p className="text-sm text-ink-muted">
          Something went wrong on our side. Nothing you entered before was lost. Try again; if it keeps happening, send
          us the request id.
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button variant="primary" onClick={() => retry()}>
          Try again
        </Button>
        {action}
      </div>
      {digest && (
        <div className="flex items-center gap-2 text-xs text-ink-muted">
          <span>
            Request id <code className="font-mono break-all">{digest}</code>
          </span>
          <CopyButton text={digest} label="Copy request id" iconOnly variant="ghost" />
        </div>
      )}
    </div>
  );
}
