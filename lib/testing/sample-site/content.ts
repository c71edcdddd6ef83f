import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export type PageKind =
  | "home"
  | "products"
  | "product"
  | "helphub"
  | "help"
  | "faq"
  | "api"
  | "posts"
  | "post"
  | "page"
  | "thread"
  | "events"
  | "legal";

/** How a crawler may learn of a page: from links, from the sitemap, from both, or from a nofollow link only (`none`). */
export type Discovery = "both" | "links" | "sitemap" | "none";

export interface Page {
  path: string;
  kind: PageKind;
  section: string;
  title: string;
  description: string;
  lang: "en" | "de" | "fr";
  charset: "utf-8" | "iso-8859-1" | "windows-1252";
  discover: Discovery;
  /** YYYY-MM-DD, for lastmod, Last-Modified and the line below the title. */
  updated: string;
  noindex: boolean;
  related: string[];
  recommend: string[];
  /** The same page in the other language, by path. */
  alternate: { lang: "en" | "de"; path: string } | null;
  /** Markdown without the front matter. */
  body: string;
  /** Everything else of the front matter, such as price, sku, image, author. */
  data: Record<string, string>;
}

const CONTENT_DIR = join(import.meta.dirname, "content");

function parseFrontMatter(file: string, source: string): { data: Record<string, string>; body: string } {
  const match = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(source);
  if (!match) throw new Error(`${file}: no front matter`);
  const data: Record<string, string> = {};
  for (const line of (match[1] ?? "").split("\n")) {
    const colon = line.indexOf(": ");
    if (colon < 1) throw new Error(`${file}: cannot read the line "${line}"`);
    data[line.slice(0, colon)] = line.slice(colon + 2).trim();
  }
  return { data, body: (match[2] ?? "").trim() };
}

const list = (value: string | undefined): string[] => (value ? value.split(",").map((item) => item.trim()) : []);

function toPage(file: string, source: string): Page {
  const { data, body } = parseFrontMatter(file, source);
  const required = (key: string): string => {
    const value = data[key];
    if (!value) throw new Error(`${file}: "${key}" is missing`);
    return value;
  };
  const [alternateLang, alternatePath] = (data.alternate ?? "").split(" ");
  return {
    path: required("path"),
    kind: required("kind") as PageKind,
    section: data.section ?? data.category ?? "shop",
    title: required("title"),
    description: required("description"),
    lang: (data.lang ?? "en") as Page["lang"],
    charset: (data.charset ?? "utf-8") as Page["charset"],
    discover: (data.discover ?? "both") as Discovery,
    updated: required("updated"),
    noindex: data.robots === "noindex",
    related: list(data.related),
    recommend: list(data.recommend),
    alternate: alternatePath ? { lang: alternateLang as "en" | "de", path: alternatePath } : null,
    body,
    data,
  };
}

/** All written pages by path, read from `content/`. The parts of the legal text are joined into one page. */
export function loadPages(): Map<string, Page> {
  const files = readdirSync(CONTENT_DIR, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => name.replaceAll("\\", "/"))
    .sort();
  const pages = new Map<string, Page>();
  let legal = "";
  for (const file of files) {
    const source = readFileSync(join(CONTENT_DIR, file), "utf8");
    if (file.startsWith("legal/")) {
      legal += `${source.trim()}\n\n`;
      continue;
    }
    const page = toPage(file, source);
    if (pages.has(page.path)) throw new Error(`${file}: the path ${page.path} is used twice`);
    pages.set(page.path, page);
  }
  const terms = toPage("legal/", legal);
  pages.set(terms.path, terms);
  return pages;
}
