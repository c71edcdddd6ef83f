import { sha256 } from "@/lib/core/ids";
import { decodeHtml, sniffContent } from "@/lib/core/text/decode";
import { CHUNKER_VERSION } from "@/lib/knowledge";
import { crawlerName } from "./deps";
import { extractPage } from "./extract";
import { withoutControlCharacters } from "./extract/tree";
import { type Fingerprint, fingerprintOf } from "./fingerprint";
import { LinkCollector } from "./links";
import { robotsDirectives } from "./robots-directives";
import { normalizeUrl, sameSite } from "./url";

/** What a fetched page turned out to be. `links` are absolute and may be followed. */
export type PageReading = { kind: "text"; page: ReadPage; links: string[] } | LeftOut;

export interface LeftOut {
  kind: "left_out";
  status: "excluded" | "duplicate";
  code: string;
  reason: string;
  links: string[];
  /** The address that stands for a duplicate. */
  mainUrl?: string;
  /** Where the page sends on to without a word of its own. */
  movedTo?: string;
}

export interface ReadPage {
  title: string;
  language: string | null;
  description: string | null;
  markdown: string;
  /** SHA-256 over all that decides the chunks. */
  contentHash: string;
  wordCount: number;
  metadata: Record<string, unknown>;
  /** For finding pages that say almost the same; null for a short one. */
  fingerprint: Fingerprint | null;
}

/** Goes up when extraction or chunking gives other text for the same page, so that pages are read anew. */
export const READER_VERSION = `3.${CHUNKER_VERSION}`;

export const NO_TEXT = "No text was found on this page.";
const MIN_WORDS = 5;
const MAX_TITLE_CHARS = 500;

interface ReadOptions {
  ignoreCanonical?: boolean;
  isRendered?: boolean;
  userAgent?: string;
}

/**
 * From bytes to text; pure, so that a page can be tried out without a crawl.
 * @param url normalised
 * @param options.ignoreCanonical the page that it names as its main address turned out not to exist
 * @param options.userAgent by whose name pages may ask for something; AlonChatBot unless given
 * @param options.isRendered the HTML is what the page's scripts made; without text then, it has none
 */
export function readPage(
  body: Buffer,
  url: string,
  headers: Record<string, string>,
  { ignoreCanonical = false, isRendered = false, userAgent }: ReadOptions = {},
): PageReading {
  const type = sniffContent(body, headers["content-type"]);
  if (body.length === 0) return leftOut("no_text", "The page is empty.");
  if (type === "text" && PLAIN_TEXT.test(headers["content-type"] ?? "")) return readText(body, url, headers, userAgent);
  if (type !== "html")
    return leftOut(
      "unsupported_content",
      `This is not a web page but ${type === "binary" ? "a file" : type === "text" ? "plain text" : type.toUpperCase()}.`,
    );
  const { html } = decodeHtml(body, headers["content-type"]);
  const collector = new LinkCollector();
  const extracted = extractPage(html, url, collector.onopentag);
  const found = collector.result(url, headers["x-robots-tag"], userAgent);
  const followed = found.links.filter((link) => !link.nofollow).map((link) => link.url);
  // Translations are pages too, and often linked from nowhere else.
  const links = found.nofollow ? [] : [...followed, ...found.hreflang.map((link) => link.url)];
  if (found.noindex) return leftOut("noindex", "The page asks not to be indexed.", links);
  // Before its main address: the shell of an application names the same one on each of its pages.
  if (extracted.needsJavaScript && !isRendered)
    return leftOut("needs_javascript", "The page shows its text only with JavaScript.", links);
  // With hardly a word of its own; who sends readers on from a page of text wants that to be read first.
  if (found.refresh && !isRendered && found.refresh !== url && extracted.wordCount < MIN_WORDS)
    return { ...leftOut("redirect", `Redirects to ${found.refresh}`, [found.refresh]), movedTo: found.refresh };
  const main = found.canonical && !ignoreCanonical ? mainAddress(found.canonical, url) : null;
  if (main)
    return {
      ...leftOut("canonical", `The page names ${main} as its main address, which is read instead.`, [main, ...links]),
      status: "duplicate",
      mainUrl: main,
    };
  if (extracted.wordCount < MIN_WORDS)
    return leftOut(
      "no_text",
      isRendered ? "No text was found on this page, although its scripts were run." : NO_TEXT,
      links,
    );
  const title = (extracted.title || new URL(url).pathname).slice(0, MAX_TITLE_CHARS);
  return {
    kind: "text",
    page: {
      title,
      language: extracted.language ?? found.lang ?? null,
      description: extracted.description ?? null,
      markdown: extracted.markdown,
      contentHash: hashOf(title, extracted.markdown),
      wordCount: extracted.wordCount,
      metadata: {
        kind: extracted.kind,
        publishedAt: extracted.publishedAt ?? null,
        modifiedAt: extracted.modifiedAt ?? null,
        structured: extracted.structured,
      },
      fingerprint: fingerprintOf(title, extracted.markdown),
    },
    links,
  };
}

/** Text and Markdown are read as they stand. Other kinds of text (style sheets, calendars, tables) are no pages. */
const PLAIN_TEXT = /^\s*text\/(plain|markdown|x-markdown)\s*(;|$)/i;

function readText(body: Buffer, url: string, headers: Record<string, string>, userAgent = "AlonChatBot"): PageReading {
  if (robotsDirectives(headers["x-robots-tag"], crawlerName({ userAgent }).toLowerCase(), []).noindex)
    return leftOut("noindex", "The page asks not to be indexed.");
  const text = decodeHtml(body, headers["content-type"]).html.replace(/^\uFEFF/, "");
  const markdown = withoutControlCharacters(text.replaceAll("\r\n", "\n")).trim();
  const wordCount = markdown.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
  if (wordCount < MIN_WORDS) return leftOut("no_text", NO_TEXT);
  const heading = /^#\s+(.+)$/m.exec(markdown.slice(0, 5_000))?.[1]?.trim();
  const title = (heading || new URL(url).pathname).slice(0, MAX_TITLE_CHARS);
  return {
    kind: "text",
    page: {
      title,
      language: null,
      description: null,
      markdown,
      contentHash: hashOf(title, markdown),
      wordCount,
      metadata: { kind: "other", publishedAt: null, modifiedAt: null, structured: [] },
      fingerprint: fingerprintOf(title, markdown),
    },
    links: [],
  };
}

const hashOf = (title: string, markdown: string): string => sha256(`${CHUNKER_VERSION}\n${title}\n${markdown}`);

const leftOut = (code: string, reason: string, links: string[] = []): LeftOut => ({
  kind: "left_out",
  status: "excluded",
  code,
  reason,
  links,
});

/**
 * The other address that a page names as its main one; null if that is this page, or is not to be believed. Widespread mistakes are
 * passed over: a canonical address that only differs in scheme or `www.` often redirects right back, and one that
 * names the home page on every page would leave nothing of the site. Same text under two addresses is found by its content anyway.
 */
function mainAddress(canonical: string, url: string): string | null {
  if (canonical === url) return null;
  const main = normalizeUrl(canonical, url);
  if (!main || !sameSite(main, url) || plain(main) === plain(url)) return null;
  const { pathname, search } = new URL(main);
  const isHome = pathname === "/" && search === "";
  return isHome && new URL(url).pathname !== "/" ? null : main;
}

function plain(url: string): string {
  const { host, pathname, search } = new URL(url);
  return host.replace(/^www\./, "") + pathname + search;
}
