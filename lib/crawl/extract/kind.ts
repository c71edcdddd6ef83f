import type { JsonLdItem } from "./structured";
import { CONTAINS, type PageHead, type PageNode } from "./tree";
import { ARTICLE_CLASS, THREAD_POST } from "./vocabulary";

export type PageKind = "article" | "docs" | "product" | "qa" | "other";

const LONG_TEXT_PARAGRAPHS = 8;
const LONG_TEXT_CHARS = 2_000;

export interface PageEvidence {
  head: PageHead;
  root: PageNode;
  jsonLd: readonly JsonLdItem[];
  /** Host and path of the page's address; "" when it has none. */
  host: string;
  path: string;
}

const ARTICLE_LD = /NewsArticle|ReportageNewsArticle|BlogPosting|"Article"/;
const DOCS_GENERATOR =
  /docusaurus|sphinx|mkdocs|gitbook|mediawiki|hugo|vuepress|vitepress|jekyll|antora|asciidoctor|doxygen|javadoc|confluence|starlight|mintlify|readme\.io/;
const FORUM_GENERATOR = /discourse|phpbb|vbulletin|xenforo|flarum|nodebb|mybb|simple machines|vanilla|invision/;
const DOCS_HOST = /^(?:docs?|help|support|developers?|api|wiki|kb|learn|manual|reference|knowledge)\./;
const DOCS_PATH =
  /\/(?:docs?|documentation|help|support|wiki|manual|reference|guides?|kb|hc|api|faq|knowledgebase|handbook|tutorials?)(?:\/|$)/i;
const ARTICLE_PATH = /\/(?:news|blog|story|articles?|20\d\d)\//;
const THREAD_PATH =
  /\/(?:questions\/\d+|t\/[^/]+\/\d+|threads?\/|topics?\/|forums?\/|discussions?\/|viewtopic|showthread|issues\/\d+|community\/posts\/)/i;
const DOCS_CLASS = /theme-doc|rst-content|markdown|md-content|mw-parser|docs|document|knowledge|help|zendesk|wiki/;
const BUSINESS_PATH =
  /^\/?(?:[a-z]{2}(?:-[a-z]{2})?\/?)?$|\/(?:pricing|prices|plans|about|about-us|contact|contact-us|features?|team|careers|jobs|terms|privacy|legal|imprint|impressum|shipping|returns|refunds?|services?|products?|solutions|industries|locations?|stores?|opening-hours|customers|partners|security)(?:\.html?)?\/?$/i;

/**
 * What can be told before the main content is found: threads and product pages (their rules change what counts as junk), and
 * company pages without any sign of an article. `undefined` leaves the choice between article and docs to `kindOfContent`.
 */
export function kindOfPage(page: PageEvidence): "product" | "qa" | "other" | undefined {
  if (isArticleByMarkup(page)) return undefined;
  if (threadPoints(page) >= 2) return "qa";
  if (isProduct(page)) return "product";
  if (docsPoints(page) < 1 && isPresentation(page)) return "other";
  return undefined;
}

/** Article or documentation, from the page's own statements, its address, its generator and the code in its content. */
export function kindOfContent(page: PageEvidence, content: PageNode): "article" | "docs" {
  if (isArticleByMarkup(page)) return "article";
  let points = docsPoints(page);
  const { pre, code } = countCode(content);
  if (pre + code >= 2) points += 1;
  if (pre >= 2) points += 1;
  for (let node: PageNode | null = content; node; node = node.parent) {
    if (!DOCS_CLASS.test(node.words.all)) continue;
    points += 1;
    break;
  }
  return points >= 1 ? "docs" : "article";
}

/** Nothing says that the page is an article, whose readers' comments would look like a thread, or documentation. */
export function mayBeThread(page: PageEvidence): boolean {
  return !isArticleByMarkup(page) && !hasPublishedTime(page.head) && docsPoints(page) < 1;
}

function isArticleByMarkup(page: PageEvidence): boolean {
  return page.head.jsonLd.some((script) => ARTICLE_LD.test(script));
}

function docsPoints({ head, host, path }: PageEvidence): number {
  let points = 0;
  if (DOCS_GENERATOR.test(head.meta.get("generator")?.toLowerCase() ?? "")) points += 2;
  if (DOCS_HOST.test(host)) points += 2;
  if (DOCS_PATH.test(path)) points += 2;
  if (ARTICLE_PATH.test(path)) points -= 2;
  if (head.meta.get("og:type")?.toLowerCase() === "article") points -= 1;
  if (hasPublishedTime(head)) points -= 2;
  return points;
}

function hasPublishedTime(head: PageHead): boolean {
  return head.meta.has("article:published_time") || head.meta.has("datepublished");
}

function threadPoints({ head, root, jsonLd, path }: PageEvidence): number {
  let points = 0;
  if (jsonLd.some((item) => item.types.some((type) => type === "QAPage" || type === "DiscussionForumPosting")))
    points += 2;
  if (FORUM_GENERATOR.test(head.meta.get("generator")?.toLowerCase() ?? "")) points += 2;
  if (THREAD_PATH.test(path)) points += 1;
  if (points < 2 && head.hasItemTypes && hasItemType(root, /schema\.org\/(?:QAPage|Question|DiscussionForumPosting)$/))
    points += 2;
  if (points === 1 && countThreadPosts(root) >= 2) points += 1;
  return points;
}

function isProduct({ head, root, jsonLd }: PageEvidence): boolean {
  const ogType = head.meta.get("og:type")?.toLowerCase() ?? "";
  if (ogType === "article") return false;
  if (/^(?:og:)?product(?:\.item)?$/.test(ogType) || head.meta.has("product:price:amount")) return true;
  const products = jsonLd.filter((item) => item.types.includes("Product") || item.types.includes("ProductGroup"));
  return products.length === 1 || (head.hasItemTypes && hasItemType(root, /schema\.org\/Product$/, CONTAINS.h1));
}

/** A page of a company's site (home, pricing, contact …): its address says so, or it is no long text and nothing calls it an article. */
function isPresentation(page: PageEvidence): boolean {
  if (hasPublishedTime(page.head)) return false;
  const isLong = page.root.paragraphs >= LONG_TEXT_PARAGRAPHS && page.root.prose >= LONG_TEXT_CHARS;
  return BUSINESS_PATH.test(page.path) || (!isLong && !hasArticleSigns(page));
}

function hasArticleSigns({ head, root, path }: PageEvidence): boolean {
  const { meta } = head;
  if (meta.get("og:type")?.toLowerCase() === "article" || ARTICLE_PATH.test(path)) return true;
  if (["author", "article:author", "date", "pubdate"].some((name) => meta.has(name))) return true;
  return hasArticleMarkup(root);
}

function hasArticleMarkup(node: PageNode): boolean {
  for (const child of node.elements()) {
    const { itemprop } = child.attributes;
    if (itemprop !== undefined && /articlebody|datepublished/i.test(itemprop)) return true;
    if (child.words.allMatch(ARTICLE_CLASS) || hasArticleMarkup(child)) return true;
  }
  return false;
}

function hasItemType(node: PageNode, type: RegExp, bits = 0): boolean {
  for (const child of node.elements()) {
    const own = child.attributes.itemtype;
    if (own !== undefined && type.test(own) && (bits === 0 || child.has(bits))) return true;
    if (hasItemType(child, type, bits)) return true;
  }
  return false;
}

function countThreadPosts(node: PageNode): number {
  let posts = 0;
  for (const child of node.elements()) {
    if (child.prose > 0 && child.words.allMatch(THREAD_POST)) posts++;
    else posts += countThreadPosts(child);
  }
  return posts;
}

function countCode(node: PageNode): { pre: number; code: number } {
  let pre = 0;
  let code = 0;
  for (const child of node.elements()) {
    if (child.tag === "pre") pre++;
    else if (child.tag === "code") code++;
    const below = countCode(child);
    pre += below.pre;
    code += below.code;
  }
  return { pre, code };
}
