import { type Attributes, readHtml } from "@/lib/core/html/read-html";
import { memo } from "./memo";
import { robotsDirectives } from "./robots-directives";
import { normalizeUrl } from "./url";

const MAX_LINKS = 5_000;
const MAX_HREF_LENGTH = 4_096;

export type PageLinks = {
  /** Normalised http(s) addresses in document order, each once; `nofollow` only if every link to it says so. */
  links: { url: string; nofollow: boolean }[];
  canonical?: string;
  /** The page asks not to be kept, by `<meta name="robots">` or X-Robots-Tag. */
  noindex: boolean;
  /** None of its links should be followed. */
  nofollow: boolean;
  /** `lang` of `<html>`, as written. */
  lang?: string;
  hreflang: { lang: string; url: string }[];
  /** Where `<meta http-equiv="refresh">` sends on to; among the links too. */
  refresh?: string;
};

/**
 * Everything a crawler needs to know of a page's links, in one pass and without building a tree.
 * @param baseUrl the address the page came from, after redirects; `<base href>` is respected
 * @param xRobotsTag value of the response header
 * @returns at most 5,000 links; `javascript:`, `mailto:` and other schemes are left out
 */
export function extractLinks(html: string, baseUrl: string, xRobotsTag?: string, userAgent?: string): PageLinks {
  const collector = new LinkCollector();
  readHtml(html, collector);
  return collector.result(baseUrl, xRobotsTag, userAgent);
}

/** The same for who parses the page anyway, and hands over each tag. */
export class LinkCollector {
  readonly #found: Collected = { hrefs: [], robots: [], hreflang: [] };
  readonly #add = (href: string | undefined, nofollow: boolean) => {
    const text = href?.trim();
    if (!text || text.startsWith("#") || text.length > MAX_HREF_LENGTH || this.#found.hrefs.length >= MAX_LINKS) return;
    this.#found.hrefs.push({ href: text, nofollow });
  };

  readonly onopentag = (name: string, attributes: Attributes) => {
    const found = this.#found;
    switch (name) {
      case "a":
      case "area":
        return this.#add(attributes.href, hasWord(attributes.rel, "nofollow"));
      case "frame":
      case "iframe":
        return this.#add(attributes.src, false);
      case "base":
        if (attributes.href) found.base ??= attributes.href;
        return;
      case "html":
        if (attributes.lang) found.lang ??= attributes.lang.trim().slice(0, 35);
        return;
      case "link":
        return onLink(found, attributes, this.#add);
      case "meta":
        return onMeta(found, attributes, this.#add);
    }
  };

  result(baseUrl: string, xRobotsTag?: string, userAgent?: string): PageLinks {
    return resolve(this.#found, baseUrl, xRobotsTag, userAgent);
  }
}

function resolve(collected: Collected, baseUrl: string, xRobotsTag?: string, userAgent = "AlonChatBot"): PageLinks {
  const base = (collected.base && URL.parse(collected.base, baseUrl)) || URL.parse(baseUrl) || undefined;
  const own = userAgent.split(/[/\s]/, 1)[0]?.toLowerCase() ?? "";
  const fromMeta = collected.robots
    .filter(({ name }) => name === "robots" || name === own)
    .map(({ content }) => content);
  const directives = robotsDirectives(xRobotsTag, own, fromMeta);
  const canonical = collected.canonical === undefined ? null : normalizeUrl(collected.canonical, base);
  const refresh = collected.refresh === undefined ? null : normalizeUrl(collected.refresh, base);
  return {
    links: resolved(collected.hrefs, base),
    ...(canonical === null ? {} : { canonical }),
    ...(refresh === null ? {} : { refresh }),
    ...directives,
    ...(collected.lang ? { lang: collected.lang } : {}),
    hreflang: collected.hreflang.flatMap(({ lang, href }) => {
      const url = normalizeUrl(href, base);
      return url === null ? [] : [{ lang, url }];
    }),
  };
}

type Href = { href: string; nofollow: boolean };
type Collected = {
  hrefs: Href[];
  base?: string;
  canonical?: string;
  refresh?: string;
  lang?: string;
  robots: { name: string; content: string }[];
  hreflang: { lang: string; href: string }[];
};

const normalizedOnOrigin = memo(20_000, (address) => normalizeUrl(address));

function resolved(hrefs: readonly Href[], base: URL | undefined): PageLinks["links"] {
  const links = new Map<string, boolean>();
  // Where a path begins with a slash, only the origin matters.
  const origin = base && base.username === "" && base.password === "" ? base.origin : null;
  for (const { href, nofollow } of hrefs) {
    const url =
      origin !== null && /^\/(?![/\\])/.test(href) ? normalizedOnOrigin(`${origin}${href}`) : normalizeUrl(href, base);
    if (url !== null) links.set(url, (links.get(url) ?? true) && nofollow);
  }
  return [...links].map(([url, nofollow]) => ({ url, nofollow }));
}

type Add = (href: string | undefined, nofollow: boolean) => void;

function onLink(found: Collected, attributes: Attributes, add: Add): void {
  const { rel, href, hreflang } = attributes;
  if (!href) return;
  if (hasWord(rel, "canonical")) found.canonical ??= href;
  else if (hasWord(rel, "next") || hasWord(rel, "prev")) add(href, false);
  else if (hasWord(rel, "alternate") && hreflang && found.hreflang.length < 500)
    found.hreflang.push({ lang: hreflang, href });
}

function onMeta(found: Collected, attributes: Attributes, add: Add): void {
  const { name, content } = attributes;
  if (!content) return;
  if (name) found.robots.push({ name: name.trim().toLowerCase(), content });
  else if (attributes["http-equiv"]?.toLowerCase() === "refresh") {
    const target = /^[\d.\s;,]*url\s*=[\s"']*([^"']+)/i.exec(content.slice(0, MAX_HREF_LENGTH))?.[1]?.trim();
    if (!target) return;
    found.refresh ??= target;
    add(target, false);
  }
}

function hasWord(value: string | undefined, word: string): boolean {
  return value?.toLowerCase().split(/\s+/).includes(word) ?? false;
}
