import { createHash } from "node:crypto";
import { loadPages, type Page } from "@/lib/testing/sample-site/content";
import { type Html, html, raw } from "@/lib/testing/sample-site/html";
import { breadcrumbOf, layout } from "@/lib/testing/sample-site/layout";
import {
  calendarMonth,
  helpHubTemplate,
  homeTemplate,
  parseMonth,
  postsTemplate,
  productsTemplate,
  threadList,
} from "@/lib/testing/sample-site/listings";
import { areaOf } from "@/lib/testing/sample-site/structure";
import {
  articleTemplate,
  faqTemplate,
  postTemplate,
  productTemplate,
  type Rendered,
} from "@/lib/testing/sample-site/templates";

export interface Site {
  pages: ReadonlyMap<string, Page>;
  /** The document of a written page. Query parameters matter only where an edge case needs them. */
  render(page: Page, origin: string, query?: URLSearchParams): string;
  /** A document in the same frame for pages that are not written as Markdown. */
  frame(page: Partial<Page> & Pick<Page, "path" | "title">, origin: string, main: Html, area?: string): string;
}

const FIRST_CALENDAR_MONTH = "2026-11";

/** Old community software puts the session into each link. A visitor who has none gets one that depends on the page. */
function withSession(main: Html, path: string, query: URLSearchParams): Html {
  const given = query.get("PHPSESSID");
  const session =
    given && /^[0-9a-f]{16}$/.test(given) ? given : createHash("sha256").update(path).digest("hex").slice(0, 16);
  return raw(main.value.replace(/href="(\/community[^"?#]*)"/g, `href="$1?PHPSESSID=${session}"`));
}

function renderMain(page: Page, pages: ReadonlyMap<string, Page>, origin: string, query: URLSearchParams): Rendered {
  switch (page.kind) {
    case "home":
      return homeTemplate(page, pages, origin);
    case "products":
      return productsTemplate(page, pages);
    case "product":
      return productTemplate(page, pages, origin);
    case "helphub":
      return helpHubTemplate(page, pages);
    case "faq":
      return faqTemplate(page, pages);
    case "posts":
      return postsTemplate(page, pages);
    case "post":
      return postTemplate(page, pages, origin);
    case "events": {
      const month = parseMonth(query.get("month"));
      if (!month) return articleTemplate(page, pages, calendarMonth(FIRST_CALENDAR_MONTH));
      const main = html`<div class="single-column"><article class="article-body prose"><h1>Calendar</h1>${calendarMonth(month)}<p>No events have been entered for this month.</p></article></div>`;
      return { main, structuredData: [] };
    }
    case "thread":
    case "page":
    case "help":
    case "api":
    case "legal": {
      const rendered = articleTemplate(page, pages, page.path === "/community" && threadList(pages));
      return page.section === "community"
        ? { ...rendered, main: withSession(rendered.main, page.path, query) }
        : rendered;
    }
  }
}

/** Reads the content once. Rendering is pure: the same page, origin and query give the same text. */
export function createSite(): Site {
  const pages = loadPages();
  const rendered = new Map<string, string>();
  const renderFresh = (page: Page, origin: string, query: URLSearchParams): string => {
    const { main, structuredData } = renderMain(page, pages, origin, query);
    const month = page.kind === "events" ? parseMonth(query.get("month")) : undefined;
    const canonical = month ? { canonical: `${page.path}?month=${month}` } : {};
    const area = page.path.startsWith("/plans") ? "plans" : areaOf(page);
    return layout({ page, origin, area, breadcrumb: breadcrumbOf(page), main, structuredData, ...canonical }, pages);
  };
  return {
    pages,
    render(page, origin, query = new URLSearchParams()) {
      if (query.size > 0) return renderFresh(page, origin, query);
      const key = origin + page.path;
      const document = rendered.get(key) ?? renderFresh(page, origin, query);
      rendered.set(key, document);
      return document;
    },
    frame(page, origin, main, area = "") {
      const defaults = {
        description: page.title,
        lang: "en",
        noindex: false,
        alternate: null,
        charset: "utf-8",
      } as const;
      return layout({ page: { ...defaults, ...page }, origin, area, breadcrumb: [["Home", "/"]], main }, pages);
    },
  };
}
