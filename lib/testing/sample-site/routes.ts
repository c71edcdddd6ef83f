import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { robotsTxt, sitemapHelpGzip, sitemapIndex, sitemapPages } from "@/lib/testing/sample-site/discovery";
import {
  EMPTY_PAGE,
  hugePage,
  notFoundPage,
  PDF_BYTES,
  PNG_BYTES,
  privatePage,
} from "@/lib/testing/sample-site/edge-pages";
import { illustration } from "@/lib/testing/sample-site/illustrations/index";
import { LEGACY_PAGE } from "@/lib/testing/sample-site/legacy-page";
import { planner } from "@/lib/testing/sample-site/planner";
import { page, type Reply, type RequestContext, redirect, text } from "@/lib/testing/sample-site/reply";
import type { Site } from "@/lib/testing/sample-site/site";

const SLOW_PAGE_MS = 1_500;
const ASSETS = join(import.meta.dirname, "assets");
const STYLESHEETS = ["site.css", "pages.css", "home.css", "small.css"];
const FONT = fileURLToPath(import.meta.resolve("@fontsource-variable/inter/files/inter-latin-opsz-normal.woff2"));

/** Redirects, by path. A chain of three, a loop of two, one into a blocked area, one off the site. */
export const REDIRECTS: Readonly<Record<string, readonly [status: 301 | 302 | 307 | 308, target: string]>> = {
  "/help/wi-fi": [301, "/help/connect-wifi"],
  "/offer": [302, "/plans"],
  "/app": [307, "/help/create-account"],
  "/shop": [308, "/products"],
  "/go/warranty": [301, "/go/w"],
  "/go/w": [302, "/help/guarantee"],
  "/help/guarantee": [301, "/help/warranty"],
  "/help/app-news": [302, "/help/news-app"],
  "/help/news-app": [302, "/help/app-news"],
  "/my-garden": [302, "/account/gardens"],
  "/press/avondkrant": [302, "https://avondkrant.example/2026/10/14/lettuce"],
};

const PRIVATE = /^\/(account|cart|search|internal)(\/|$)/;

/** Style sheets, scripts, drawings and the font below /assets/. */
export function asset(path: string): Reply | undefined {
  const name = path.slice("/assets/".length);
  const cached = { headers: { "cache-control": "public, max-age=3600" } };
  if (name === "site.css")
    return {
      ...text(
        STYLESHEETS.map((file) => readFileSync(join(ASSETS, file), "utf8")).join("\n"),
        "text/css; charset=utf-8",
      ),
      ...cached,
    };
  if (name === "site.js" || name === "planner.js")
    return { ...text(readFileSync(join(ASSETS, name), "utf8"), "text/javascript; charset=utf-8"), ...cached };
  if (name === "favicon.svg") return { ...text(readFileSync(join(ASSETS, name), "utf8"), "image/svg+xml"), ...cached };
  if (name === "inter.woff2") return { status: 200, body: readFileSync(FONT), contentType: "font/woff2", ...cached };
  if (name === "press/logo.png") return { status: 200, body: PNG_BYTES, contentType: "image/png", ...cached };
  const drawing = /^img\/([a-z-]+)\.svg$/.exec(name)?.[1];
  const svg = drawing ? illustration(drawing) : undefined;
  return svg ? { ...text(svg, "image/svg+xml"), ...cached } : undefined;
}

function edgeCase(path: string, site: Site, context: RequestContext): Reply | undefined {
  const { origin, first } = context;
  switch (path) {
    case "/robots.txt":
      return text(robotsTxt(origin));
    case "/sitemap.xml":
      return text(sitemapIndex(site.pages, origin), "application/xml; charset=utf-8");
    case "/sitemap-pages.xml":
      return text(sitemapPages(site.pages, origin), "application/xml; charset=utf-8");
    case "/sitemap-help.xml.gz":
      return { status: 200, body: sitemapHelpGzip(site.pages, origin), contentType: "application/gzip" };
    case "/.well-known/security.txt":
      return text("Contact: mailto:security@sprigwell.example\nPreferred-Languages: en, nl\n");
    case "/favicon.ico":
      return redirect(301, "/assets/favicon.svg");
    case "/p/sill": {
      const sill = site.pages.get("/products/sill");
      return sill && page(site.render(sill, origin), { lastModified: sill.updated });
    }
    case "/help/print/error-codes": {
      const codes = site.pages.get("/help/error-codes");
      return codes && page(site.render(codes, origin), { headers: { "x-robots-tag": "noindex" } });
    }
    case "/help/legacy-hub":
      return page(notFoundPage(site, origin, path, 410), { status: 410 });
    case "/help/drafts/new-table":
      return page(EMPTY_PAGE);
    case "/journal/workshop-notes-2018":
      return page(LEGACY_PAGE, { lastModified: "2018-11-30" });
    case "/developers/sample-export":
      return page(hugePage(site, origin), { lastModified: "2026-09-08" });
    case "/downloads/sill-manual.pdf":
    case "/downloads/tower-datasheet.pdf":
      return { status: 200, body: PDF_BYTES, contentType: "application/pdf" };
    case "/help/invoices":
      return first(path) ? page(notFoundPage(site, origin, path, 500), { status: 500 }) : undefined;
    case "/developers/errors":
      return first(path)
        ? { ...text("Too many requests. Please wait a second.\n"), status: 429, headers: { "retry-after": "1" } }
        : undefined;
    default:
      return undefined;
  }
}

/** The answer to a GET. Known edge cases first, then redirects, files, written pages (with or without a slash at the end), 404. */
export function respond(site: Site, context: RequestContext): Reply {
  const { url, origin } = context;
  const path = url.pathname;
  const special = edgeCase(path, site, context) ?? planner(path, origin);
  if (special) return special;
  const moved = REDIRECTS[path];
  if (moved) return redirect(...moved);
  if (path.startsWith("/assets/")) {
    const file = asset(path);
    if (file) return file;
  }
  const written = site.pages.get(path) ?? site.pages.get(path.replace(/\/$/, ""));
  if (written) {
    const body = site.render(written, origin, url.searchParams);
    const reply = page(body, { lastModified: written.updated, charset: written.charset });
    if (written.charset === "windows-1252") reply.contentType = "text/html; charset=windows-1252";
    if (written.charset === "iso-8859-1") reply.contentType = "text/html";
    if (path === "/stores") reply.delayMs = SLOW_PAGE_MS;
    return reply;
  }
  if (PRIVATE.test(path)) return page(privatePage(site, origin, path));
  return page(notFoundPage(site, origin, path, 404), { status: 404 });
}
