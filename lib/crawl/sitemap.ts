import { gunzipSync } from "node:zlib";
import { Parser } from "htmlparser2";
import { AppError } from "@/lib/core/errors";

/** Limits of the sitemap protocol, after decompression. */
export const SITEMAP_MAX_BYTES = 50 * 1024 * 1024;
export const SITEMAP_MAX_ENTRIES = 50_000;

const PIECE_BYTES = 64 * 1024;
const MAX_LOC_LENGTH = 2_048;
const MAX_GZIP_LAYERS = 2;

export type SitemapEntry = {
  loc: string;
  /** ISO 8601: when it changed last, at the latest. From the date that the sitemap gives; a day means its end, wherever on earth. */
  changedBy?: string;
};
export type Sitemap = { kind: "urlset" | "index"; entries: SitemapEntry[] };

/**
 * Reads a sitemap, a sitemap index, an RSS or Atom feed, or a plain list of URLs, gzip or not (told by its bytes).
 * @param url where it came from: relative addresses are resolved against it
 * @returns at most 50,000 http(s) addresses in document order; damaged input gives what could be read, other input nothing
 * @throws AppError "content_too_large" above 50 MiB, "unsupported_content" for damaged gzip
 * Entities beyond XML's five and numeric ones stay as written, so a document cannot grow while it is read.
 */
export function parseSitemap(body: Buffer | string, url: string): Sitemap {
  const bytes = unpacked(typeof body === "string" ? Buffer.from(body) : body);
  const start = bytes.subarray(0, 1_024);
  const isUtf16 = (start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff);
  const isXml =
    isUtf16 ||
    start
      .toString("latin1")
      .replace(/^\xef\xbb\xbf/, "")
      .trimStart()
      .startsWith("<");
  const collector = new Collector(url);
  const reader = isXml ? new XmlReader(collector) : new LineReader(collector);
  const decoder = new TextDecoder(isUtf16 ? (start[0] === 0xff ? "utf-16le" : "utf-16be") : "utf-8");
  for (let at = 0; at < bytes.length && !collector.full; at += PIECE_BYTES)
    reader.write(decoder.decode(bytes.subarray(at, at + PIECE_BYTES), { stream: true }));
  reader.end();
  return { kind: reader.kind, entries: collector.entries };
}

function unpacked(body: Buffer): Buffer {
  let bytes = body;
  // A .gz file sent with Content-Encoding: gzip by a server that compresses everything has two layers.
  for (let layer = 0; layer < MAX_GZIP_LAYERS && bytes[0] === 0x1f && bytes[1] === 0x8b; layer++)
    bytes = inflated(bytes);
  if (bytes.length > SITEMAP_MAX_BYTES) throw tooLarge();
  return bytes;
}

function inflated(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: SITEMAP_MAX_BYTES });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE") throw tooLarge();
    throw new AppError("unsupported_content", "The sitemap's compressed file is damaged.", { cause: error });
  }
}

const tooLarge = () =>
  new AppError("content_too_large", "The sitemap is larger than 50 MB. Split it with a sitemap index.");

class Collector {
  readonly entries: SitemapEntry[] = [];
  readonly #seen = new Set<string>();

  constructor(private readonly base: string) {}

  get full(): boolean {
    return this.entries.length >= SITEMAP_MAX_ENTRIES;
  }

  add(rawLoc: string, rawDate: string | undefined): void {
    const text = rawLoc.trim();
    if (this.full || text === "" || text.length > MAX_LOC_LENGTH) return;
    const url = URL.parse(text, this.base);
    if (!url || !/^https?:$/.test(url.protocol) || this.#seen.has(url.href)) return;
    this.#seen.add(url.href);
    const changedBy = lastMoment(rawDate);
    this.entries.push(changedBy === undefined ? { loc: url.href } : { loc: url.href, changedBy });
  }
}

const DAY_MS = 24 * 3_600_000;
/** Where a day begins last. */
const WESTERNMOST_MS = 12 * 3_600_000;

/** The last moment that a date may mean: W3C dates can be a year, a month or a day, and a time of day without a zone is anybody's. */
function lastMoment(text: string | undefined): string | undefined {
  const written = text?.trim() ?? "";
  const [, year, month, day] = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(written) ?? [];
  let ms = Date.parse(written);
  if (day) ms += DAY_MS + WESTERNMOST_MS;
  else if (month) ms = Date.UTC(Number(year), Number(month)) + WESTERNMOST_MS;
  else if (year) ms = Date.UTC(Number(year) + 1, 0) + WESTERNMOST_MS;
  else if (!/(z|gmt|utc|[ap][ds]t|[+-]\d\d:?\d\d)$/i.test(written)) ms += WESTERNMOST_MS;
  const date = new Date(ms);
  const isPlausible = date.getUTCFullYear() >= 1990 && date.getUTCFullYear() <= 2200;
  return isPlausible ? date.toISOString() : undefined;
}

interface Reader {
  kind: Sitemap["kind"];
  write(text: string): void;
  end(): void;
}

class LineReader implements Reader {
  readonly kind = "urlset";
  #rest = "";
  constructor(private readonly collector: Collector) {}

  write(text: string): void {
    const lines = (this.#rest + text).split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? "").slice(0, MAX_LOC_LENGTH + 1);
    for (const line of lines) this.#add(line);
  }
  end(): void {
    this.#add(this.#rest);
  }
  #add(line: string): void {
    // Whole addresses only: any text file is a list of relative ones.
    if (/^\s*https?:\/\//i.test(line)) this.collector.add(line, undefined);
  }
}

/** Elements that stand for one entry, and where in them its address and date are; names without namespace prefix. */
const ENTRY_NAMES = new Set(["url", "sitemap", "item", "entry"]);
const DATE_NAMES = new Set(["lastmod", "pubdate", "updated", "date"]);

class XmlReader implements Reader {
  kind: Sitemap["kind"] = "urlset";
  readonly #parser: Parser;
  #depth = 0;
  #entryDepth = 0;
  #loc = "";
  #date = "";
  #into: "loc" | "date" | undefined;

  constructor(private readonly collector: Collector) {
    this.#parser = new Parser(
      {
        onopentag: (name, attributes) => this.#open(localName(name), attributes),
        ontext: (text) => this.#text(text),
        onclosetag: () => this.#close(),
      },
      { xmlMode: true },
    );
  }

  write(text: string): void {
    this.#parser.write(text);
  }
  end(): void {
    this.#parser.end();
  }

  #open(name: string, attributes: Record<string, string>): void {
    this.#depth++;
    this.#into = undefined;
    if (name === "sitemapindex") this.kind = "index";
    if (this.#entryDepth === 0) {
      if (!ENTRY_NAMES.has(name)) return;
      this.#entryDepth = this.#depth;
      this.#loc = "";
      this.#date = "";
    } else if (this.#depth === this.#entryDepth + 1) {
      // Only direct children: <image:loc> of a picture is not the page's address.
      if (name === "loc") this.#into = "loc";
      else if (name === "link") this.#link(attributes);
      else if (DATE_NAMES.has(name) && this.#date === "") this.#into = "date";
    }
  }

  /** RSS writes the address as text, Atom as an attribute; `xhtml:link` in a sitemap names translations. */
  #link(attributes: Record<string, string>): void {
    if (attributes.href === undefined) this.#into = this.#loc === "" ? "loc" : undefined;
    else if ((attributes.rel ?? "alternate") === "alternate" && attributes.hreflang === undefined && this.#loc === "")
      this.#loc = attributes.href;
  }

  #text(text: string): void {
    if (this.#into === "loc" && this.#loc.length <= MAX_LOC_LENGTH) this.#loc += text;
    else if (this.#into === "date" && this.#date.length < 64) this.#date += text;
  }

  #close(): void {
    this.#into = undefined;
    if (this.#depth === this.#entryDepth) {
      this.collector.add(this.#loc, this.#date);
      this.#entryDepth = 0;
    }
    this.#depth--;
  }
}

function localName(name: string): string {
  return name.slice(name.lastIndexOf(":") + 1).toLowerCase();
}
