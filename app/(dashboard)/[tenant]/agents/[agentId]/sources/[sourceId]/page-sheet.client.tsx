"use client";

import { ExternalLink } from "lucide-react";
import { usePathname, useSearchParams } from "next/navigation";
import type { ReactNode } from "react";
import { PageStatusBadge } from "@/components/status";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Sheet } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import { number } from "@/components/ui/number";
import { RelativeTime } from "@/components/ui/time";
import type { Page } from "@/lib/agents/schema";

/** One page in detail, beside the list; `?view=` in the URL, so that it can be linked. */
export function PageSheet({
  rows,
  linked,
}: {
  rows: Page[];
  /** The page that the address named when the server was asked; it may be on another screen of the list. */
  linked: Page | null;
}) {
  const path = usePathname();
  const params = useSearchParams();
  const close = () => {
    const next = new URLSearchParams(params);
    next.delete("view");
    window.history.pushState(null, "", next.size ? `${path}?${next}` : path);
  };
  const id = params.get("view");
  const page = rows.find((row) => row.id === id) ?? (linked?.id === id ? linked : null);
  return (
    <Sheet open={page !== null} onOpenChange={(open) => !open && close()} title={<bdi>{page?.title || "Page"}</bdi>}>
      {page && (
        <div className="grid gap-5 p-5 pt-3">
          <div className="flex items-start gap-2">
            <a
              href={page.url}
              target="_blank"
              rel="noreferrer"
              className="min-w-0 flex-1 rounded-sm text-xs break-all text-accent-ink underline decoration-1 underline-offset-4 hover:decoration-2"
            >
              {page.url}
            </a>
            <CopyButton text={page.url} label="Copy address" iconOnly variant="ghost" />
          </div>
          {page.reason && (
            <Notice
              kind={page.status === "failed" ? "danger" : "info"}
              title={page.status === "failed" ? "Why it failed" : "Why it is not used"}
            >
              {page.reason}
              {page.reasonCode && <code className="mt-1 block font-mono text-xs">{page.reasonCode}</code>}
            </Notice>
          )}
          <dl className="grid">
            <Row label="Status">
              <PageStatusBadge status={page.status} />
            </Row>
            <Row label="HTTP status">{page.httpStatus ?? "No answer yet"}</Row>
            <Row label="Clicks from the start">{number(page.depth)}</Row>
            <Row label="Words">{number(page.wordCount)}</Row>
            <Row label="Passages">{number(page.chunkCount)}</Row>
            <Row label="Fetched">{page.fetchedAt ? <RelativeTime at={page.fetchedAt} /> : "Not yet"}</Row>
          </dl>
          <div>
            <Button asChild>
              <a href={page.url} target="_blank" rel="noreferrer">
                <ExternalLink />
                Open page
              </a>
            </Button>
          </div>
        </div>
      )}
    </Sheet>
  );
}

const Row = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="flex min-h-9 items-center justify-between gap-4 border-b border-line py-1.5 last:border-0">
    <dt className="text-ink-muted">{label}</dt>
    <dd className="text-right tabular-nums">{children}</dd>
  </div>
);
