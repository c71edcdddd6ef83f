import { type Block, looseBlock } from "./extract/block";
import { cleanArticle, withoutTrailingHeadings } from "./extract/clean-article";
import { cleanReference } from "./extract/clean-reference";
import { collectBlocks } from "./extract/collect-blocks";
import { addMissingFacts } from "./extract/facts";
import { applyGuards, markTeasers } from "./extract/guards";
import { articleBodyOf, readJsonLd } from "./extract/json-ld";
import { markJunk } from "./extract/junk";
import { kindOfContent, kindOfPage, mayBeThread, type PageEvidence, type PageKind } from "./extract/kind";
import { measureMass } from "./extract/mass";
import { measureStatic } from "./extract/measure";
import { type PageMetadata, readMetadata } from "./extract/metadata";
import { needsJavaScript } from "./extract/needs-javascript";
import { discardOtherProducts } from "./extract/product";
import { type PageHeading, renderMarkdown } from "./extract/render-markdown";
import { renderText } from "./extract/render-text";
import { findContentRoot, firstHeading } from "./extract/root";
import { type StructuredFact, structuredFacts } from "./extract/structured";
import { collapse, comparable, countWords, trigramCoverage, weightedLength } from "./extract/text";
import { findThread } from "./extract/thread";
import { threadBlocks } from "./extract/thread-blocks";
import { type OnTag, parsePage } from "./extract/tree";
import { textOf } from "./extract/walk";
import { widenRoot } from "./extract/widen-root";

export type { PageKind } from "./extract/kind";
export type { PageHeading } from "./extract/render-markdown";
export type { StructuredFact } from "./extract/structured";

export interface ExtractedPage extends PageMetadata {
  /** Main content as GitHub-flavoured Markdown, links absolute; starts with the page's heading when it is known. */
  markdown: string;
  /** The same content as plain text. An article's title is not part of it. */
  text: string;
  kind: PageKind;
  /** The headings of `markdown`, in order. */
  headings: PageHeading[];
  structured: StructuredFact[];
  /** The HTML holds no content of its own but scripts that would write it. */
  needsJavaScript: boolean;
  /** Words of `text`. */
  wordCount: number;
}

/** Less text than this, or than this share of the page's prose, means that the rules removed the content. */
const MIN_TEXT_CHARS = 260;
const MIN_PROSE_SHARE = 0.12;
const MIN_BODY_COVERAGE = 0.6;

/**
 * Main content of a page: boilerplate removed, structure kept as Markdown.
 *
 * Light tree → lengths of everything (measure) → junk marks → guards that take marks back → prose and noise (mass) → the element
 * with most prose for least noise (root), widened for other kinds than articles → blocks → cleaning → text and Markdown from the same blocks.
 *
 * Synchronous, bounded in time and depth whatever the input, and never throws: what is not HTML with content gives empty strings.
 * @param url the address the HTML came from; resolves links and helps to tell kinds apart. May be "".
 * @param onTag is told of every tag, for who wants to know more of the page without parsing it again
 */
export function extractPage(html: string, url: string, onTag?: OnTag): ExtractedPage {
  const page = readPage(typeof html === "string" && !isBinary(html) ? html : "", url, onTag);
  const content = bestAttempt(page);
  const structured = structuredFacts(page.evidence.jsonLd);
  const blocks = addMissingFacts(content.blocks, content.kind, structured);
  const metadata = readMetadata({ ...page.evidence, baseUrl: page.baseUrl, heading: content.heading ?? page.heading });
  const text = renderText(blocks);
  const wordCount = countWords(text);
  return {
    ...metadata,
    ...renderMarkdown(withTitle(blocks, metadata.title)),
    text,
    kind: content.kind,
    structured,
    needsJavaScript: needsJavaScript(page.evidence, wordCount),
    wordCount,
  };
}

interface Page {
  evidence: PageEvidence;
  baseUrl: string | undefined;
  heading: string;
  /** Comparable forms of what the page calls itself. */
  titles: string[];
  articleBody: string | undefined;
}

interface Attempt {
  kind: PageKind;
  blocks: Block[];
  text: string;
  /** What names the page when that is not its first `h1`. */
  heading?: string;
}

function readPage(html: string, url: string, onTag?: OnTag): Page {
  const { root, head } = parsePage(html, onTag);
  measureStatic(root);
  const address = URL.parse(url);
  const jsonLd = readJsonLd(head.jsonLd);
  const base = head.baseHref ? URL.parse(head.baseHref, address?.href) : address;
  return {
    evidence: { head, root, jsonLd, host: address?.hostname ?? "", path: address?.pathname ?? "" },
    baseUrl: (base ?? address)?.href,
    heading: firstHeading(root),
    titles: [head.title, head.meta.get("og:title") ?? ""].map(comparable).filter(Boolean),
    articleBody: articleBodyOf(jsonLd),
  };
}

/** The whole vocabulary first; when that lost the content, the short one; when that did too, the body the page states in JSON-LD. */
function bestAttempt(page: Page): Attempt {
  const { articleBody } = page;
  const first = attempt(page, false);
  const length = weightedLength(first.text);
  const { prose } = page.evidence.root;
  const comparesBody = articleBody !== undefined && first.kind === "article";
  const coverage = comparesBody ? trigramCoverage(articleBody, first.text) : 1;
  const isPoor = length < MIN_TEXT_CHARS || length < prose * MIN_PROSE_SHARE || coverage < MIN_BODY_COVERAGE;
  if (!isPoor) return first;
  const second = attempt(page, true);
  if (articleBody !== undefined) {
    if (coverage >= MIN_BODY_COVERAGE) return first;
    if (trigramCoverage(articleBody, second.text) >= 0.75) return second;
    return coverage < 0.5 && weightedLength(articleBody) > 400 ? statedBody(articleBody) : first;
  }
  const found = weightedLength(second.text);
  return found > Math.max(length * 2, 300) && second.text.length < prose * 1.5 ? second : first;
}

function attempt(page: Page, isRelaxed: boolean): Attempt {
  const { evidence, titles, baseUrl } = page;
  const { root } = evidence;
  const pageKind = kindOfPage(evidence);
  const thread = isRelaxed ? undefined : threadAttempt(page, pageKind);
  if (thread) return thread;
  const presents = pageKind === "product" || pageKind === "other";
  markJunk(root, { relaxed: isRelaxed, presents, thread: pageKind === "qa", opened: evidence.head.opened });
  applyGuards(root);
  if (pageKind === "product") discardOtherProducts(root);
  if (pageKind !== "other") markTeasers(root);
  measureMass(root);
  const content = findContentRoot(root, titles);
  const kind = pageKind ?? kindOfContent(evidence, content);
  const isArticle = kind === "article";
  const blocks = collectBlocks(widenRoot(content, root, kind), { isArticle, isRelaxed, baseUrl });
  const cleaned = withoutTrailingHeadings(isArticle ? cleanArticle(blocks, titles) : cleanReference(blocks, kind));
  return { kind, blocks: cleaned, text: renderText(cleaned) };
}

function threadAttempt({ evidence, titles, baseUrl }: Page, kind: PageKind | undefined): Attempt | undefined {
  const { root } = evidence;
  if (kind === "product" || (kind !== "qa" && !mayBeThread(evidence))) return undefined;
  markJunk(root, { relaxed: false, presents: false, thread: true, opened: evidence.head.opened });
  const thread = findThread(root, titles, kind === "qa");
  if (!thread) return undefined;
  const heading = thread.heading && collapse(textOf(thread.heading));
  const blocks = threadBlocks(thread, heading, baseUrl);
  return { kind: "qa", blocks, text: renderText(blocks), ...(heading && { heading }) };
}

function statedBody(articleBody: string): Attempt {
  const lines = articleBody.split("\n").filter((line) => line.trim() !== "");
  return { kind: "article", blocks: lines.map((line) => looseBlock("p", collapse(line))), text: articleBody };
}

/** Markdown begins with the page's heading; cleaning an article has removed it, other pages may have none. */
function withTitle(blocks: Block[], title: string): Block[] {
  if (title === "" || blocks.length === 0 || blocks.some((block) => block.tag === "h1")) return blocks;
  return [looseBlock("h1", title), ...blocks];
}

/** Bytes of an image or a PDF read as text. */
function isBinary(text: string): boolean {
  const start = text.slice(0, 4_000);
  if (start.startsWith("%PDF-") || start.startsWith("PK\u0003\u0004")) return true;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what tells
  const odd = start.match(/[\u0000-\u0008\u000e-\u001f\ufffd]/g)?.length ?? 0;
  return odd > start.length * 0.1;
}
