import { matchesPattern } from "./url";

export interface PatternPreview {
  /** Pages that stay within the source. */
  kept: string[];
  /** Pages that do not, with the exclude pattern that says so; null when no include pattern fits. */
  left: { url: string; pattern: string | null }[];
  /** Patterns that fit none of the pages: probably a slip of the pen. */
  idle: string[];
}

/**
 * What patterns would do to known pages, judged as a crawl does. Pure.
 * @param startUrl never left out: patterns do not bind the start page
 */
export function previewPatterns(
  urls: readonly string[],
  { include, exclude, startUrl = null }: { include: string[]; exclude: string[]; startUrl?: string | null },
): PatternPreview {
  const preview: PatternPreview = { kept: [], left: [], idle: [] };
  const used = new Set<string>();
  for (const url of urls) {
    const wanted = include.filter((pattern) => matchesPattern(pattern, url));
    const unwanted = exclude.filter((pattern) => matchesPattern(pattern, url));
    for (const pattern of [...wanted, ...unwanted]) used.add(pattern);
    const isLeft = url !== startUrl && ((include.length > 0 && wanted.length === 0) || unwanted.length > 0);
    if (isLeft) preview.left.push({ url, pattern: unwanted[0] ?? null });
    else preview.kept.push(url);
  }
  preview.idle = [...include, ...exclude].filter((pattern) => !used.has(pattern));
  return preview;
}
