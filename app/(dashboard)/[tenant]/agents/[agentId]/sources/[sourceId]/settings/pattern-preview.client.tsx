"use client";

import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { number, plural } from "@/components/ui/number";
import { pathOf } from "@/components/ui/path";
import type { SourcePatternPreview as Preview } from "@/lib/crawl/schema";
import { previewPatterns } from "../../../actions";

/** Asked for when the fingers rest. */
const SETTLE_MS = 300;

/** What the typed patterns would do to the pages that are known, before anything is saved. */
export function PatternPreview({
  tenant,
  sourceId,
  includePatterns,
  excludePatterns,
}: {
  tenant: string;
  sourceId: string;
  includePatterns: string[];
  excludePatterns: string[];
}) {
  const [preview, setPreview] = useState<Preview | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [asked, setAsked] = useState(0);
  const patterns = JSON.stringify({ includePatterns, excludePatterns });

  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` asks for the same again
  useEffect(() => {
    let current = true;
    const timer = setTimeout(async () => {
      const result = await previewPatterns(tenant, { sourceId, ...JSON.parse(patterns) }).catch(() => null);
      if (!current) return;
      setFailure(result?.ok ? null : (result?.message ?? "The server could not be reached."));
      if (result?.ok) setPreview(result.data);
    }, SETTLE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [tenant, sourceId, patterns, asked]);

  return (
    <aside aria-label="What these patterns would do" className="grid gap-4 rounded-lg border border-line p-4">
      {failure && (
        <Notice
          kind="danger"
          action={
            <Button size="sm" onClick={() => setAsked(asked + 1)}>
              Try again
            </Button>
          }
        >
          {failure}
        </Notice>
      )}
      {!preview ? (
        <p role="status" className="text-ink-muted">
          {failure ? "" : "Looking at the known pages"}
        </p>
      ) : preview.known === 0 ? (
        <p className="text-ink-muted">No page is known yet. After the first crawl you see here what patterns match.</p>
      ) : (
        <>
          <p role="status">
            Of {plural(preview.known, "known page")}, <strong className="font-semibold">{number(preview.kept)}</strong>{" "}
            would be read and <strong className="font-semibold">{number(preview.leftOut)}</strong> left out.
          </p>
          {preview.idle.length > 0 && (
            <Notice kind="warning">
              {preview.idle.length === 1 ? "This pattern fits" : "These patterns fit"} no known page:{" "}
              <span className="font-mono">{preview.idle.join(", ")}</span>
            </Notice>
          )}
          {preview.leftOut > 0 && (
            <Examples title="Left out" total={preview.leftOut}>
              {preview.leftOutExamples.map(({ url, excludedBy }) => (
                <Example key={url} url={url} why={excludedBy ?? "fits no pattern"} isPattern={excludedBy !== null} />
              ))}
            </Examples>
          )}
          {preview.kept > 0 && (
            <Examples title="Read" total={preview.kept}>
              {preview.keptExamples.map((url) => (
                <Example key={url} url={url} />
              ))}
            </Examples>
          )}
        </>
      )}
    </aside>
  );
}

const Examples = ({ title, total, children }: { title: string; total: number; children: React.ReactNode[] }) => (
  <section aria-label={title} className="grid gap-1">
    <h3 className="text-xs font-medium text-ink-muted">{title}</h3>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
    <ul tabIndex={0} aria-label={title} className="max-h-52 overflow-y-auto text-xs -outline-offset-2">
      {children}
    </ul>
    {total > children.length && <p className="text-xs text-ink-muted">and {number(total - children.length)} more</p>}
  </section>
);

const Example = ({ url, why, isPattern }: { url: string; why?: string; isPattern?: boolean }) => (
  <li className="flex items-baseline justify-between gap-3 border-b border-line py-1.5 last:border-0">
    <span dir="ltr" className="min-w-0 truncate" title={url}>
      {pathOf(url)}
    </span>
    {why && <span className={`shrink-0 text-ink-muted ${isPattern ? "font-mono" : ""}`}>{why}</span>}
  </li>
);
