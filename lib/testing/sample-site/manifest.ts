import { loadPages } from "@/lib/testing/sample-site/content";
import { plannerPages } from "@/lib/testing/sample-site/planner";

export type EdgeOutcome =
  /** Must not be stored. */
  | "excluded"
  /** Must be reported as failed. */
  | "failed"
  /** Must not be stored a second time: its content belongs to `target`. */
  | "duplicate"
  /** Leads to `target`, which is what gets stored. */
  | "redirect"
  /** Fails the first time and must be stored as an ordinary page in the end. */
  | "stored"
  /** No page in HTML; must be stored by a crawler that reads documents. */
  | "document"
  /** Has no content without a browser: stored only by a crawler that renders, and its links are found by it alone. */
  | "needs_javascript"
  /** An endless family: at most `maxStored` of it. */
  | "bounded"
  /** Large. Storing it, storing its beginning and refusing it by size are all right; failing is not. */
  | "stored_or_excluded";

export type EdgeReason =
  | "robots"
  | "nofollow"
  | "noindex"
  | "canonical"
  | "tracking_parameters"
  | "session_id"
  | "trailing_slash"
  | "moved"
  | "redirect_chain"
  | "redirect_loop"
  | "redirect_to_blocked"
  | "off_site"
  | "not_found"
  | "gone"
  | "server_error_once"
  | "rate_limited_once"
  | "slow"
  | "no_content"
  | "empty"
  | "not_html"
  | "trap"
  | "huge"
  | "encoding"
  | "broken_html";

export interface EdgeCase {
  outcome: EdgeOutcome;
  reason: EdgeReason;
  /** Where the content lives, by path. */
  target?: string;
  /** HTTP status of the first answer. */
  status?: number;
  maxStored?: number;
  note: string;
}

const written = [...loadPages().values()];

/** Pages that a correct crawler stores when it starts at `/` and reads the sitemap. Sorted. */
export const indexablePages: string[] = [
  ...written.filter((page) => !page.noindex && page.discover !== "none").map((page) => page.path),
  "/journal/workshop-notes-2018",
].sort();

/** Pages of the sitemap to which no page links. */
export const sitemapOnlyPages: string[] = written
  .filter((page) => page.discover === "sitemap")
  .map((page) => page.path)
  .sort();

/** Pages that are linked but in no sitemap. */
export const linkedOnlyPages: string[] = [
  ...written.filter((page) => page.discover === "links" && !page.noindex).map((page) => page.path),
  "/journal/workshop-notes-2018",
].sort();

/** What must happen with everything that is not an ordinary page. A key that ends in `*` stands for all that begin with it. */
export const edgeCases: Readonly<Record<string, EdgeCase>> = {
  // robots.txt
  "/account/login": { outcome: "excluded", reason: "robots", note: "Disallow: /account" },
  "/account/gardens": { outcome: "excluded", reason: "robots", note: "Disallow: /account, reached by a redirect" },
  "/cart": { outcome: "excluded", reason: "robots", note: "Disallow: /cart" },
  "/search?q=": { outcome: "excluded", reason: "robots", note: "Disallow: /search" },
  "/internal/editorial-calendar": {
    outcome: "excluded",
    reason: "robots",
    note: "Disallow: /internal/, while /internal/press-kit is allowed",
  },
  "/downloads/sill-manual.pdf": { outcome: "excluded", reason: "robots", note: "Disallow: /*.pdf$" },
  // meta and link directives
  "/campaign/spring-thanks*": {
    outcome: "excluded",
    reason: "noindex",
    note: "meta robots noindex, linked with campaign parameters",
  },
  "/help/print/error-codes": {
    outcome: "excluded",
    reason: "noindex",
    note: "X-Robots-Tag: noindex, content of /help/error-codes",
  },
  "/partners/affiliate-terms": {
    outcome: "excluded",
    reason: "nofollow",
    note: "only reached by a link with rel=nofollow",
  },
  // one page, several addresses
  "/p/sill?ref=home": {
    outcome: "duplicate",
    reason: "canonical",
    target: "/products/sill",
    note: "other path, canonical set",
  },
  "/products?ref=hero": {
    outcome: "duplicate",
    reason: "tracking_parameters",
    target: "/products",
    note: "ref parameter",
  },
  "/products/tower?ref=mega-menu": {
    outcome: "duplicate",
    reason: "tracking_parameters",
    target: "/products/tower",
    note: "ref parameter; product cards use ref=recommended",
  },
  "/plans?utm_source=footer&utm_medium=web": {
    outcome: "duplicate",
    reason: "tracking_parameters",
    target: "/plans",
    note: "utm parameters on each page",
  },
  "/plans?utm_source=home&utm_medium=tile": {
    outcome: "duplicate",
    reason: "tracking_parameters",
    target: "/plans",
    note: "utm parameters",
  },
  "/help/shipping?utm_source=topbar&utm_campaign=autumn": {
    outcome: "duplicate",
    reason: "tracking_parameters",
    target: "/help/shipping",
    note: "utm parameters on each page",
  },
  "/help/returns/": {
    outcome: "duplicate",
    reason: "trailing_slash",
    target: "/help/returns",
    note: "same content with a slash at the end",
  },
  "/help/track-order?sid=8f3a91c04d": {
    outcome: "duplicate",
    reason: "session_id",
    target: "/help/track-order",
    note: "session id in a link",
  },
  "/community?PHPSESSID=*": {
    outcome: "duplicate",
    reason: "session_id",
    target: "/community",
    note: "every link of the community carries a session",
  },
  ...Object.fromEntries(
    written
      .filter((page) => page.kind === "thread")
      .map((page) => [
        `${page.path}?PHPSESSID=*`,
        { outcome: "duplicate", reason: "session_id", target: page.path, note: "a thread with a session" },
      ]),
  ),
  ...Object.fromEntries(
    written
      .filter((page) => page.kind === "product" && page.lang === "en")
      .map((page) => [
        `${page.path}?ref=recommended`,
        { outcome: "duplicate", reason: "tracking_parameters", target: page.path, note: "card below another product" },
      ]),
  ),
  // redirects
  "/help/wi-fi": {
    outcome: "redirect",
    reason: "moved",
    target: "/help/connect-wifi",
    status: 301,
    note: "moved for good",
  },
  "/offer": { outcome: "redirect", reason: "moved", target: "/plans", status: 302, note: "moved for now" },
  "/app": {
    outcome: "redirect",
    reason: "moved",
    target: "/help/create-account",
    status: 307,
    note: "temporary, method kept",
  },
  "/shop": { outcome: "redirect", reason: "moved", target: "/products", status: 308, note: "permanent, method kept" },
  "/go/warranty": {
    outcome: "redirect",
    reason: "redirect_chain",
    target: "/help/warranty",
    status: 301,
    note: "301, 302, 301",
  },
  "/help/app-news": {
    outcome: "failed",
    reason: "redirect_loop",
    status: 302,
    note: "two pages that send to each other",
  },
  "/my-garden": {
    outcome: "excluded",
    reason: "redirect_to_blocked",
    target: "/account/gardens",
    status: 302,
    note: "robots.txt counts for each hop",
  },
  "/press/avondkrant": { outcome: "excluded", reason: "off_site", status: 302, note: "leads to another host" },
  "https://status.sprigwell.example/": { outcome: "excluded", reason: "off_site", note: "a link to another host" },
  // errors
  "/products/sill-mini": { outcome: "failed", reason: "not_found", status: 404, note: "linked from /compare" },
  "/help/legacy-hub": { outcome: "failed", reason: "gone", status: 410, note: "linked from /help" },
  "/help/invoices": {
    outcome: "stored",
    reason: "server_error_once",
    status: 500,
    note: "500 on the first request, then 200",
  },
  "/developers/errors": {
    outcome: "stored",
    reason: "rate_limited_once",
    status: 429,
    note: "429 with Retry-After: 1 on the first request, then 200",
  },
  "/stores": { outcome: "stored", reason: "slow", note: "answers after 1.5 seconds" },
  // content
  ...Object.fromEntries(
    plannerPages.map((path) => [
      path,
      { outcome: "needs_javascript", reason: "no_content", note: "empty element filled by a script" },
    ]),
  ),
  "/help/drafts/new-table": { outcome: "excluded", reason: "empty", note: "no title, empty body" },
  "/downloads/tower-datasheet.pdf?v=3": {
    outcome: "document",
    reason: "not_html",
    note: "a PDF, for the pattern /*.pdf$ does not match",
  },
  "/assets/press/logo.png": { outcome: "excluded", reason: "not_html", note: "a link to an image" },
  "/assets/favicon.svg": { outcome: "excluded", reason: "not_html", note: "a link to a drawing" },
  "/developers/sample-export": { outcome: "stored_or_excluded", reason: "huge", note: "about 1.5 MB of HTML" },
  "/events?month=*": {
    outcome: "bounded",
    reason: "trap",
    maxStored: 24,
    note: "a calendar that goes on for ever in both directions",
  },
  "/journal/workshop-notes-2018": { outcome: "stored", reason: "broken_html", note: "unclosed tags, no end of body" },
  "/fr/reparateurs": { outcome: "stored", reason: "encoding", note: "windows-1252, declared in Content-Type alone" },
  "/de/haendler": { outcome: "stored", reason: "encoding", note: "iso-8859-1, declared in <meta> alone" },
};

/** The edge case of a path with query: the exact key first, else the longest that ends in `*`. */
export function edgeCaseOf(path: string): EdgeCase | undefined {
  const exact = edgeCases[path];
  if (exact) return exact;
  const prefixes = Object.keys(edgeCases).filter((key) => key.endsWith("*") && path.startsWith(key.slice(0, -1)));
  const longest = prefixes.sort((a, b) => b.length - a.length)[0];
  return longest ? edgeCases[longest] : undefined;
}

export { demoQuestions, questions, type SampleQuestion } from "@/lib/testing/sample-site/questions";
export { plannerPages };
