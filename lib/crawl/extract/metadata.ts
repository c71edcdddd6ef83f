import { memo } from "../memo";
import { absoluteHref } from "./inline-markdown";
import { asText, type JsonLdItem } from "./json-ld";
import { collapse, comparable } from "./text";
import type { PageHead } from "./tree";

export interface PageMetadata {
  /** Without the site's name; "" when the page has none. */
  title: string;
  /** BCP 47 tag as the page states it, such as "en" or "pt-BR". */
  language?: string;
  description?: string;
  /** Absolute http(s) address without fragment. */
  canonical?: string;
  /** ISO 8601, UTC. */
  publishedAt?: string;
  /** ISO 8601, UTC: when the page says that it was last changed. */
  modifiedAt?: string;
}

interface MetadataSource {
  head: PageHead;
  jsonLd: readonly JsonLdItem[];
  /** The first `h1` outside junk. */
  heading: string;
  baseUrl: string | undefined;
}

export function readMetadata(source: MetadataSource): PageMetadata {
  const { meta } = source.head;
  const description = meta.get("description") ?? meta.get("og:description") ?? meta.get("twitter:description");
  const metadata: PageMetadata = { title: titleOf(source).slice(0, 500) };
  const optional = {
    language: languageOf(source.head),
    description: description && collapse(description).slice(0, 2_000),
    canonical: canonicalOf(source),
    publishedAt: dateOf(source, PUBLISHED),
    modifiedAt: dateOf(source, MODIFIED),
  };
  for (const [name, value] of Object.entries(optional))
    if (value) Object.assign(metadata, { [name]: value.toWellFormed() });
  return metadata;
}

const MAX_SITE_NAME_WORDS = 4;
const SEPARATOR = /\s+[|·•»›~]\s+|\s*[|»]\s*|\s+[-–—:]{1,2}\s+/;

function titleOf({ head, heading, jsonLd, baseUrl }: MetadataSource): string {
  const { meta } = head;
  const h1 = collapse(heading);
  const full = collapse(head.title) || collapse(meta.get("og:title") ?? meta.get("twitter:title") ?? "");
  if (!full) return (h1 || jsonLdHeadline(jsonLd)).toWellFormed();
  const siteNames = [meta.get("og:site_name"), meta.get("application-name"), baseUrl && siteLabel(baseUrl)];
  return withoutSiteName(full, h1, siteNames.filter((name) => name !== undefined).map(comparable)).toWellFormed();
}

function jsonLdHeadline(items: readonly JsonLdItem[]): string {
  for (const { value } of items) {
    const headline = asText(value.headline, 500);
    if (headline) return headline;
  }
  return "";
}

/**
 * "Pricing | Acme" → "Pricing". The page's own heading decides when it is one part of the title; else an end that is the site's
 * name is dropped; else what follows the last bar. A dash alone is not enough: it may belong to the title.
 */
function withoutSiteName(title: string, heading: string, siteNames: readonly string[]): string {
  const parts = title.split(SEPARATOR).map(collapse).filter(Boolean);
  const wanted = comparable(heading);
  if (wanted.length > 2) {
    const whole = [...parts, title.replace(/^[^:]{1,60}:\s+/, "")].find((part) => comparable(part) === wanted);
    if (whole) return whole;
    if (comparable(title).startsWith(`${wanted} `) && parts.length > 1) return heading;
  }
  if (parts.length < 2) return title;
  const last = parts.at(-1)!;
  const first = parts[0]!;
  if (siteNames.some((name) => endsInName(comparable(last), name)))
    return title.slice(0, title.lastIndexOf(last)).replace(/[\s|·•»›~:–—-]+$/, "");
  if (siteNames.some((name) => joined(comparable(first)) === joined(name)))
    return title.slice(first.length).replace(/^[\s|·•»›~:–—-]+/, "");
  const bar = title.search(/\s[|·•»]\s[^|·•»]*$/);
  return bar > 0 ? title.slice(0, bar).trim() : title;
}

/** "acme", "acme inc" and "acme help centre" for the site "acme". */
function endsInName(part: string, site: string): boolean {
  return (
    joined(site).length > 2 && joined(part).startsWith(joined(site)) && part.split(" ").length <= MAX_SITE_NAME_WORDS
  );
}

function joined(words: string): string {
  return words.replaceAll(" ", "");
}

/** "acme" of docs.acme.co.uk: the longest label but the last. */
function siteLabel(url: string): string | undefined {
  const labels = URL.parse(url)?.hostname.split(".").slice(0, -1) ?? [];
  return labels.toSorted((a, b) => b.length - a.length)[0];
}

function languageOf(head: PageHead): string | undefined {
  const stated =
    head.language || head.meta.get("content-language") || head.meta.get("language") || head.meta.get("og:locale");
  const tag = stated?.split(",")[0]?.trim().replaceAll("_", "-");
  if (!tag || !/^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i.test(tag)) return undefined;
  return canonicalTag(tag);
}

/** Undefined for what only looks like a tag, such as "en-aa-bb". A site has few languages, and asking for one costs as much as reading a paragraph. */
const canonicalTag = memo(500, (tag) => {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
});

function canonicalOf({ head, baseUrl }: MetadataSource): string | undefined {
  const href = absoluteHref(head.canonicalHref, baseUrl);
  const url = href ? URL.parse(href) : null;
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  url.hash = "";
  return url.href;
}

/** The year 2100. */
const LAST_PLAUSIBLE_TIME = 4_102_444_800_000;

/** Where pages say when something happened to them: names of meta elements, and the property of JSON-LD and microdata. */
interface DateNames {
  meta: readonly string[];
  property: "datePublished" | "dateModified";
}

const PUBLISHED: DateNames = {
  meta: [
    "article:published_time",
    "datepublished",
    "og:published_time",
    "dc.date.issued",
    "dcterms.created",
    "date",
    "pubdate",
    "publishdate",
  ],
  property: "datePublished",
};
const MODIFIED: DateNames = {
  meta: ["article:modified_time", "datemodified", "og:updated_time", "dcterms.modified", "last-modified"],
  property: "dateModified",
};

function dateOf({ head, jsonLd }: MetadataSource, { meta, property }: DateNames): string | undefined {
  const stated = meta.map((name) => head.meta.get(name));
  const linked = jsonLd.map(({ value }) => asText(value[property], 100));
  for (const value of [...stated, ...linked]) {
    const time = isoTime(value);
    if (time) return time;
  }
  return isoTime(markedDate(head, property));
}

function isoTime(value: string | undefined): string | undefined {
  const time = value ? Date.parse(value.trim()) : Number.NaN;
  return time > 0 && time < LAST_PLAUSIBLE_TIME ? new Date(time).toISOString() : undefined;
}

/** `<time itemprop="datePublished">`, or `<time pubdate>`. */
function markedDate({ dated }: PageHead, property: DateNames["property"]): string | undefined {
  for (const { itemprop, content, datetime, pubdate } of dated) {
    const isPublished = property === "datePublished" && pubdate !== undefined;
    const isMeant = itemprop?.toLowerCase() === property.toLowerCase() || isPublished;
    const date = datetime ?? content;
    if (isMeant && date) return date;
  }
  return undefined;
}
