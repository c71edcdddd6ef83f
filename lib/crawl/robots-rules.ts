import { matchesPieces } from "./wildcard";

/** RFC 9309 asks for at least 500 KiB; what lies beyond is ignored. */
export const ROBOTS_MAX_BYTES = 500 * 1024;
/** A copy older than this is fetched again. */
export const ROBOTS_CACHE_MS = 24 * 60 * 60 * 1000;

const MAX_CRAWL_DELAY_SECONDS = 3_600;
/** Patterns with stars times characters of a path: a file written to keep a crawler busy forbids, rather than costs seconds. */
const MAX_WORK = 20_000_000;

type Rule = { allow: boolean; pieces: readonly string[]; toEnd: boolean; length: number };
/** What one list of user-agent lines is told. */
type Group = { rules: Rule[]; crawlDelaySeconds?: number };
type MergedGroup = Group & { wildcards: number };

/** A parsed robots.txt. It says nothing about hosts: one file is valid for one scheme, host and port (`robotsUrl`). */
export class Robots {
  readonly #merged = new Map<string, MergedGroup>();

  constructor(
    /** By product token in lower case. An agent may have several groups, a group several agents: shared, not copied. */
    private readonly groups: ReadonlyMap<string, readonly Group[]>,
    /** As written: absolute in proper files, relative in some. */
    readonly sitemaps: string[],
  ) {}

  /**
   * @param urlOrPath an absolute URL, or a path beginning with "/" (with query)
   * @param userAgent a product token or a whole User-Agent header
   * @returns false for what is neither URL nor path
   */
  allowed(urlOrPath: string, userAgent: string): boolean {
    const path = pathOf(urlOrPath);
    if (path === undefined) return false;
    if (path === "/robots.txt") return true;
    const group = this.groupFor(userAgent);
    if (!group) return true;
    if (group.wildcards * path.length > MAX_WORK) return false;
    const rule = group.rules.find((r) => matchesPieces(r.pieces, path, r.toEnd));
    return rule === undefined || rule.allow;
  }

  /** Seconds between requests that the site asks of this agent; undefined when it does not say. At most an hour. */
  crawlDelaySeconds(userAgent: string): number | undefined {
    return this.groupFor(userAgent)?.crawlDelaySeconds;
  }

  /** All groups of the agent as one; longest rule first, allow before disallow, so that the first match decides. */
  private groupFor(userAgent: string): MergedGroup | undefined {
    const own = productToken(userAgent);
    const name = this.groups.has(own) ? own : "*";
    const known = this.#merged.get(name);
    const groups = this.groups.get(name);
    if (known || !groups) return known;
    const rules = groups
      .flatMap((g) => g.rules)
      .sort((a, b) => b.length - a.length || Number(b.allow) - Number(a.allow));
    const crawlDelaySeconds = groups.find((g) => g.crawlDelaySeconds !== undefined)?.crawlDelaySeconds;
    const wildcards = rules.filter((r) => r.pieces.length > 1).length;
    const merged = { rules, wildcards, ...(crawlDelaySeconds === undefined ? {} : { crawlDelaySeconds }) };
    this.#merged.set(name, merged);
    return merged;
  }
}

/** Whether `userAgent` may fetch `url` under the rules of this text. Never throws. */
export function isAllowed(robotsTxt: string, userAgent: string, url: string): boolean {
  return parseRobots(robotsTxt).allowed(url, userAgent);
}

/** The place of the rules for a URL: per scheme, host and port, never shared between them. */
export function robotsUrl(url: string | URL): string {
  return new URL("/robots.txt", url).href;
}

/**
 * Parses robots.txt as RFC 9309 says; anything it does not know is skipped, so any text gives a result.
 * Like the most used parser it accepts common misspellings and a missing colon: the site's wish is clear then.
 */
export function parseRobots(text: string | Uint8Array): Robots {
  const groups = new Map<string, Group[]>();
  const sitemaps: string[] = [];
  let current: Group | undefined;
  for (const line of lines(text)) {
    const field = parseLine(line);
    if (!field) continue;
    const { key, value } = field;
    if (key === "user-agent") {
      // Only allow and disallow close a list of agents; other records may stand between.
      if (!current || current.rules.length > 0) current = { rules: [] };
      const name = /^\*(\s|$)/.test(value) ? "*" : leadingToken(value);
      const known = groups.get(name);
      if (!known) groups.set(name, [current]);
      else if (known.at(-1) !== current) known.push(current);
    } else if (key === "allow" || key === "disallow") {
      current?.rules.push(toRule(key === "allow", value));
    } else if (key === "crawl-delay") {
      const seconds = value === "" ? Number.NaN : Number(value);
      if (current && seconds >= 0) current.crawlDelaySeconds ??= Math.min(seconds, MAX_CRAWL_DELAY_SECONDS);
    } else if (key === "sitemap" && value !== "") {
      sitemaps.push(value);
    }
  }
  return new Robots(groups, sitemaps);
}

function* lines(text: string | Uint8Array): Generator<string> {
  let content = typeof text === "string" ? text : new TextDecoder().decode(text.subarray(0, ROBOTS_MAX_BYTES));
  let cut = typeof text !== "string" && text.length > ROBOTS_MAX_BYTES;
  if (typeof text === "string" && text.length * 3 > ROBOTS_MAX_BYTES) {
    const bytes = Buffer.from(text);
    cut = bytes.length > ROBOTS_MAX_BYTES;
    if (cut) content = bytes.toString("utf8", 0, ROBOTS_MAX_BYTES);
  }
  if (content.charCodeAt(0) === 0xfeff) content = content.slice(1);
  const all = content.split(/\r\n|\n|\r/);
  // The half line at the limit would be a shorter rule than the site wrote: a wider one.
  if (cut) all.pop();
  yield* all;
}

const KEYS: Readonly<Record<string, string>> = {
  "user-agent": "user-agent",
  useragent: "user-agent",
  "user agent": "user-agent",
  allow: "allow",
  disallow: "disallow",
  dissallow: "disallow",
  dissalow: "disallow",
  disalow: "disallow",
  diasllow: "disallow",
  disallaw: "disallow",
  "crawl-delay": "crawl-delay",
  crawldelay: "crawl-delay",
  sitemap: "sitemap",
  "site-map": "sitemap",
};

function parseLine(line: string): { key: string; value: string } | undefined {
  const hash = line.indexOf("#");
  const text = (hash < 0 ? line : line.slice(0, hash)).trim();
  if (text === "") return undefined;
  const colon = text.indexOf(":");
  const words = colon < 0 ? text.split(/\s+/) : [text.slice(0, colon), text.slice(colon + 1)];
  if (words.length !== 2) return undefined;
  const key = KEYS[(words[0] as string).trim().toLowerCase()];
  return key === undefined ? undefined : { key, value: (words[1] as string).trim() };
}

/** An empty pattern matches nothing: "Disallow:" alone forbids nothing, yet it closes the list of agents. */
function toRule(allow: boolean, value: string): Rule {
  const pattern = escaped(value);
  if (pattern === "") return { allow, pieces: ["\n"], toEnd: false, length: 0 };
  const toEnd = pattern.endsWith("$");
  const pieces = (toEnd ? pattern.slice(0, -1) : pattern).replace(/\*{2,}/g, "*").split("*");
  return { allow, pieces, toEnd, length: pattern.length };
}

function pathOf(urlOrPath: string): string | undefined {
  const url = urlOrPath.startsWith("/") ? URL.parse(`http://host${urlOrPath}`) : URL.parse(urlOrPath);
  return url ? escaped(url.pathname + url.search) : undefined;
}

/**
 * One spelling for pattern and path: what is not plain ASCII is percent-encoded as UTF-8, escapes are upper case.
 * Escapes of ordinary letters stay (`%62` is not `b`): crawlers and servers compare them as written.
 */
function escaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among what has to be encoded
  if (!/[%\u0000-\u0020"'<>[\\\]^`{|}\u007f-\uffff]/.test(text)) return text;
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among what has to be encoded
      .replace(/[\u0000-\u0020"'<>[\\\]^`{|}\u007f-\uffff]+/g, (run) => encodeURIComponent(run).replaceAll("'", "%27"))
      .replace(/%[0-9a-f]{2}/gi, (code) => code.toUpperCase())
  );
}

/** The name a crawler is called by in robots.txt: `AlonChatBot` of `AlonChatBot/1.0 (+https://…)`, also inside `(compatible; …)`. */
function productToken(userAgent: string): string {
  const compatible = /\(compatible;\s*([^;)]*)/i.exec(userAgent);
  return leadingToken(compatible?.[1] ?? userAgent.trim());
}

function leadingToken(value: string): string {
  return (/^[a-z0-9_.-]+/i.exec(value)?.[0] ?? "").toLowerCase();
}
