import { memo } from "./memo";
import { isDocumentAddress, isProbablyPage, matchesPattern, siteKey, trapReason } from "./url";

const REMEMBERED = 20_000;
/** What does not depend on the source. */
const facts = memo(REMEMBERED, (url) => ({
  site: siteKey(url),
  isPage: isProbablyPage(url),
  isDocument: isDocumentAddress(url),
  isTrap: trapReason(url) !== null,
}));

/** What belongs to a crawl. Patterns do not bind the start page. */
export interface Scope {
  sourceUrl: string;
  include: string[];
  exclude: string[];
  maxDepth: number;
  /** PDF, Word, PowerPoint, Excel and CSV are read too. */
  readDocuments: boolean;
}

/** Whether a normalised URL found at a depth is to be visited. robots.txt is asked later, when it is the page's turn, so that the member sees why. */
export function mayFollow(url: string, depth: number, scope: Scope): boolean {
  const { sourceUrl, include, exclude, maxDepth, readDocuments } = scope;
  const { site, isPage, isDocument, isTrap } = facts(url);
  return (
    depth <= maxDepth &&
    (isPage || (isDocument && readDocuments)) &&
    !isTrap &&
    site !== undefined &&
    site === facts(sourceUrl).site &&
    (include.length === 0 || include.some((pattern) => matchesPattern(pattern, url))) &&
    !exclude.some((pattern) => matchesPattern(pattern, url))
  );
}

/** Of the links of a page, which are normalised, those to be visited, each once, in their order. */
export function followable(links: Iterable<string>, depth: number, scope: Scope): string[] {
  const urls = new Set<string>();
  for (const url of links) if (!urls.has(url) && mayFollow(url, depth, scope)) urls.add(url);
  return [...urls];
}
